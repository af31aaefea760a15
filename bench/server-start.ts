// From the start of the process until the server prints its address and answers; then its memory once the park lives.
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { figure, percentile, report } from './report.ts'

const command = new URL('../bin/mangrove.mjs', import.meta.url).pathname
const runs = 5

interface Started {
  readonly answersMs: number
  readonly aliveMs: number
  readonly residentMb: number | undefined
}

async function start(): Promise<Started> {
  const folder = mkdtempSync(join(tmpdir(), 'mangrove-bench-'))
  const began = performance.now()
  const child = spawn(process.execPath, [command, 'start', '--port', '0', '--json'], {
    env: { ...process.env, MANGROVE_DATA: folder },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    const url = await new Promise<string>((resolve, reject) => {
      let text = ''
      child.stdout.on('data', (chunk) => {
        text += chunk
        const line = /^\{.*\}$/m.exec(text)?.[0]
        if (line) resolve((JSON.parse(line) as { url: string }).url)
      })
      child.on('exit', (code) => reject(new Error(`the server ended with code ${code}`)))
    })
    const health = async () => (await (await fetch(`${url}/health`)).json()) as { status: string }
    await health()
    const answersMs = performance.now() - began
    while ((await health()).status !== 'ok') await wait(50)
    return { answersMs, aliveMs: performance.now() - began, residentMb: residentMb(child.pid ?? 0) }
  } finally {
    const gone = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGTERM')
    await gone
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Resident memory of a process, where the system tells it (Linux). */
function residentMb(pid: number): number | undefined {
  try {
    const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    return kilobytes === undefined ? undefined : Number(kilobytes) / 1024
  } catch {
    return undefined
  }
}

const started: Started[] = []
for (let run = 0; run < runs; run += 1) started.push(await start())
const memory = started.flatMap(({ residentMb: mb }) => mb ?? [])
report('server-start', [
  figure('server answers after a cold start', {
    value: percentile(
      started.map(({ answersMs }) => answersMs),
      0.5,
    ),
    goal: 3000,
    note: `median of ${runs}, example park, empty store`,
  }),
  figure('park alive: a day of history, first plan published', {
    value: percentile(
      started.map(({ aliveMs }) => aliveMs),
      0.5,
    ),
    goal: 15_000,
    note: `median of ${runs}; no goal is set`,
  }),
  ...(memory.length > 0
    ? [
        figure('resident memory of the living server', {
          value: Math.max(...memory),
          goal: 600,
          unit: 'MB',
          note: 'largest',
        }),
      ]
    : []),
])
