// What a command costs that does next to nothing: time of the processor of its whole process, user and system.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Figure, figure, percentile, report } from './report.ts'

const runs = 7
const root = join(import.meta.dirname, '..')
const folder = mkdtempSync(join(tmpdir(), 'mangrove-bench-start-'))

function cpuMs(args: readonly string[]): number {
  const { stderr } = spawnSync(
    process.execPath,
    ['--import', join(root, 'bench/parts/tell-cpu.mjs'), join(root, 'bin/mangrove.mjs'), ...args],
    { cwd: root, encoding: 'utf8', env: { ...process.env, MANGROVE_DATA: folder } },
  )
  return Number(stderr.trim().split('\n').at(-1))
}

function measure(goal: number, ...args: readonly string[]): Figure {
  // The first keeps what Node compiles.
  const times = Array.from({ length: runs + 1 }, () => cpuMs(args)).slice(1)
  const note = `least ${Math.min(...times).toFixed(0)} ms of ${runs}`
  return figure(`mangrove ${args.join(' ')}`, { value: percentile(times, 0.5), goal, note })
}

const site = 'examples/liyang-park/site.yaml'
report('start', [
  measure(150, '--version'),
  measure(400, '--help'),
  measure(700, 'check', site),
  measure(700, 'plan', '--help'),
  measure(700, 'runs'),
])
rmSync(folder, { recursive: true, force: true })
