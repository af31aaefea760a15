import { lstat, mkdir, readdir, rename, writeFile } from 'node:fs/promises'
import { dirname, join, parse, resolve } from 'node:path'
import { MangroveError, type Problem, parseDuration } from '../../kernel/index.ts'
import { gatewayErrors } from '../errors.ts'
import type { FieldClient, FieldGateway, FieldPorts, FieldReading } from '../field-protocol.ts'
import { backOffMs } from '../link/back-off.ts'
import { createLinkRecord } from '../link/link-record.ts'
import { rest } from '../link/rest.ts'
import { isProblem } from './file-rows.ts'
import { readDroppedFile } from './read-file.ts'
import type { FileDropSettings } from './settings.ts'

const readingsAtOnce = 5000
const mostToldProblems = 100
const longestWaitMs = 300_000

/** Failures that are of the house or the disk, not of the file: it stays where it is. */
class NotTaken extends Error {}

/** Watches a folder, stores what its files say, and puts each of them where its outcome is seen. */
export function openFileDrop(gateway: FieldGateway<FileDropSettings>, ports: FieldPorts): FieldClient {
  const { settings, site, unitOf } = gateway
  const folder = resolve(dirname(site.source.file), settings.folder)
  const periodMs = parseDuration(settings.period ?? '10s')
  const stillMs = parseDuration(settings.still ?? '5s')
  const maxBytes = (settings.maxMegabytes ?? 256) * 1_000_000
  const context = {
    ...{ site: site.id, points: settings.points ?? {}, unitOf },
    zone: settings.csv?.zone ?? site.zone,
  }
  const record = createLinkRecord(ports.clock)
  const stopping = new AbortController()
  /** What a file looked like, and since when by a clock that no one sets. */
  const seen = new Map<string, { readonly look: string; readonly sinceMs: number }>()

  const look = async (): Promise<void> => {
    const names = (await readdir(folder)).filter(isForUs).sort()
    for (const name of seen.keys()) if (!names.includes(name)) seen.delete(name)
    for (const name of names) {
      if (stopping.signal.aborted) return
      const found = await lstat(join(folder, name)).catch(() => undefined)
      if (!found?.isFile()) continue
      const now = performance.now()
      const look = `${found.size} ${found.mtimeMs} ${found.ino}`
      const before = seen.get(name)
      if (before?.look !== look) seen.set(name, { look, sinceMs: now })
      if (now - (before?.look === look ? before.sinceMs : now) >= stillMs) await takeFile(name, found.size)
    }
  }

  const takeFile = async (name: string, bytes: number): Promise<void> => {
    const outcome = { stored: 0, refusedCount: 0, problems: [] as Problem[] }
    const refuse = (problem: Problem): void => {
      outcome.refusedCount += 1
      if (outcome.problems.length < mostToldProblems) outcome.problems.push(problem)
    }
    let waiting: FieldReading[] = []
    const give = async (): Promise<void> => {
      const readings = waiting
      waiting = []
      try {
        await ports.take(readings)
      } catch (cause) {
        throw new NotTaken('The readings of a file were not taken', { cause })
      }
      outcome.stored += readings.length
      record.took(readings.length)
      if (stopping.signal.aborted) throw new NotTaken('The gateway stops')
    }
    try {
      if (bytes > maxBytes) {
        throw gatewayErrors.tooLarge({
          detail: 'The file is too large',
          found: bytes,
          expected: `at most ${maxBytes} bytes`,
        })
      }
      for await (const row of readDroppedFile(join(folder, name), settings, context)) {
        if (isProblem(row)) refuse(row)
        else if (waiting.push(row) >= readingsAtOnce) await give()
      }
      if (waiting.length > 0) await give()
    } catch (error) {
      if (!(error instanceof MangroveError)) throw error
      // What was read before is true all the same.
      if (waiting.length > 0) await give()
      for (const problem of error.problems) refuse(problem)
    }
    record.heard()
    record.malformed(outcome.refusedCount)
    await putAway(name, outcome)
    seen.delete(name)
  }

  const putAway = async (
    name: string,
    outcome: { readonly stored: number; readonly refusedCount: number; readonly problems: readonly Problem[] },
  ): Promise<void> => {
    const isWhole = outcome.refusedCount === 0
    const into = join(folder, isWhole ? 'done' : 'failed')
    const free = await freeName(into, name)
    if (!isWhole) {
      const report = { file: name, readMs: ports.clock.now(), ...outcome }
      // The report first: a file in `failed` always has one.
      await writeFile(join(into, `${free}.report.json`), `${JSON.stringify(report, null, 2)}\n`)
      const [first] = outcome.problems
      record.failed(new MangroveError(outcome.problems.slice(0, 1)))
      ports.report(
        new MangroveError([first!]),
        `The file ${name} has ${outcome.refusedCount} faults; ${outcome.stored} readings of it are stored`,
      )
    }
    await rename(join(folder, name), join(into, free))
  }

  const running = (async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      let waitMs = periodMs
      try {
        await Promise.all(['done', 'failed'].map((name) => mkdir(join(folder, name), { recursive: true })))
        record.become('connected')
        await look()
      } catch (error) {
        if (stopping.signal.aborted) break
        const inRow = record.failed(error instanceof NotTaken ? (error.cause ?? error) : error)
        record.become('waiting')
        ports.report(error, `The folder ${settings.folder} cannot be worked through; it is tried again`)
        waitMs = backOffMs(inRow, periodMs, Math.max(periodMs, longestWaitMs), ports.random)
      }
      await rest(waitMs, stopping.signal)
    }
    record.become('stopped')
  })()

  return {
    figures: record.figures,
    async stop() {
      stopping.abort()
      await running
    },
  }
}

/** Names that begin with a dot, or end as what is still being written, are not looked at. */
const isForUs = (name: string): boolean => !/^\.|~$|\.(tmp|part|partial|crdownload|filepart)$/i.test(name)

async function freeName(folder: string, name: string): Promise<string> {
  const taken = new Set(await readdir(folder))
  if (!taken.has(name)) return name
  const { name: stem, ext } = parse(name)
  for (let count = 2; ; count += 1) {
    const next = `${stem}-${count}${ext}`
    if (!taken.has(next)) return next
  }
}
