import { mkdir, open, readdir, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { EvidenceRecord } from '../kernel/index.ts'
import { createBlobs, readIfThere, syncFolder, writeDurably } from './blobs.ts'
import { unlessMissing } from './digest.ts'
import { parseRecord } from './evidence-record.ts'
import {
  asFilePart,
  byNewest,
  defaultRuns,
  type ListedRun,
  listedRunOf,
  type RunList,
  type RunListRequest,
} from './run-list.ts'

const daysIn = (folder: string): string => join(folder, 'evidence/days')
/** Says that every run of before is entered. */
const wholeMark = (folder: string): string => join(daysIn(folder), 'whole')

const dayOfRun = (folder: string, { clockMs }: ListedRun): string =>
  join(daysIn(folder), new Date(clockMs).toISOString().slice(0, 10))
const dayPattern = /^\d{4}-\d\d-\d\d$/
const isHash = (text: string): boolean => /^[0-9a-f]{64}$/.test(text)

/** Entries of a filling that are written at once. */
const atOnce = 16

/**
 * The list of runs of a data folder: an empty file a run, `days/2026-07-06/<clock>,<engine>,<site>,<id>`, whose name says all. So
 * a list reads names alone, and who writes evidence beside a server needs no database.
 */
export function openRunDays(folder: string): RunList {
  let filled: Promise<void> | undefined
  const whole = (): Promise<void> => {
    filled ??= fill(folder).catch((error: unknown) => {
      filled = undefined
      throw error
    })
    return filled
  }
  return {
    async list(request = {}) {
      await whole()
      return readDays(folder, request)
    },
  }
}

/** Enters a run; durable when it returns. It comes before the record of the run: whatever has a record is in the list. */
export async function enterRun(folder: string, record: EvidenceRecord, inputText: string | undefined): Promise<void> {
  const run = listedRunOf(record, inputText)
  if (!run) return
  const day = await makeDay(folder, run)
  await writeEntry(day, run)
  await syncFolder(day)
}

/** Has the next list look at all runs again: for whoever put evidence there by other means. */
export const forgetRunDays = (folder: string): Promise<void> => rm(wholeMark(folder), { force: true })

/** Folder of the day of a run, which is there when it returns. */
async function makeDay(folder: string, run: ListedRun): Promise<string> {
  const day = dayOfRun(folder, run)
  const made = await mkdir(day, { recursive: true })
  if (made !== undefined) await syncFolder(dirname(day))
  return day
}

const writeEntry = async (day: string, run: ListedRun): Promise<void> =>
  (await open(join(day, nameOf(run)), 'w')).close()

const nameOf = ({ id, engine, site = '', clockMs }: ListedRun): string =>
  [String(clockMs).padStart(15, '0'), asFilePart(engine), asFilePart(site), id].join(',')

function runOf(name: string): ListedRun | undefined {
  const [clock = '', engine = '', site = '', id = '', ...more] = name.split(',')
  if (!/^\d{15}$/.test(clock) || !isHash(id) || more.length > 0) return undefined
  try {
    const named = site === '' ? {} : { site: decodeURIComponent(site) }
    return { id, engine: decodeURIComponent(engine), ...named, clockMs: Number(clock) }
  } catch {
    return undefined
  }
}

async function readDays(folder: string, request: RunListRequest): Promise<readonly ListedRun[]> {
  const { fromMs = 0, toMs, after, limit = defaultRuns } = request
  const lastMs = Math.min(after?.clockMs ?? Number.POSITIVE_INFINITY, toMs ?? Number.POSITIVE_INFINITY)
  const days = ((await readdir(daysIn(folder)).catch(unlessMissing)) ?? [])
    .filter((name) => dayPattern.test(name) && Date.parse(name) <= lastMs && Date.parse(name) + dayMs > fromMs)
    .sort()
    .reverse()
  const found: ListedRun[] = []
  for (const day of days) {
    const names = (await readdir(join(daysIn(folder), day)).catch(unlessMissing)) ?? []
    for (const run of matching(names, request)) {
      if (found.length === limit) return found
      // Killed between entry and record: there is no such run.
      if (await stat(join(folder, 'evidence/runs', `${run.id}.json`)).catch(unlessMissing)) found.push(run)
    }
  }
  return found
}

const dayMs = 86_400_000

/** Runs of a day that are asked for, newest first, none twice. */
function matching(names: readonly string[], request: RunListRequest): readonly ListedRun[] {
  const { engine, fromMs = 0, toMs = Number.POSITIVE_INFINITY, after } = request
  const sites = request.sites && new Set(request.sites)
  const runs = new Map<string, ListedRun>()
  for (const name of names) {
    const run = runOf(name)
    if (!run || run.clockMs < fromMs || run.clockMs >= toMs) continue
    if (engine !== undefined && run.engine !== engine) continue
    if (sites && (run.site === undefined || !sites.has(run.site))) continue
    if (after && byNewest(run, after) <= 0) continue
    // One whose input was lost for a while is entered without its site too.
    if (run.site !== undefined || !runs.has(run.id)) runs.set(run.id, run)
  }
  return [...runs.values()].sort(byNewest)
}

/** Enters all runs that are there, once in the life of a folder: those that earlier versions kept, and those of a backup. */
async function fill(folder: string): Promise<void> {
  if (await stat(wholeMark(folder)).catch(unlessMissing)) return
  const blobs = createBlobs(join(folder, 'evidence/blobs'))
  const files = (await readdir(join(folder, 'evidence/runs')).catch(unlessMissing)) ?? []
  const days = new Set<string>()
  const ids = files.filter((name) => name.endsWith('.json')).map((name) => name.slice(0, -5))
  const enter = async (id: string): Promise<void> => {
    const text = await readIfThere(join(folder, 'evidence/runs', `${id}.json`))
    // Evidence that is damaged is told by who reads it; the list goes on.
    const record = text === undefined ? undefined : unlessDamaged(() => parseRecord(text, id))
    const input = record && (await blobs.get(String(record.inputSha256)).catch(() => undefined))
    const run = record && listedRunOf(record, input)
    if (!run) return
    const day = dayOfRun(folder, run)
    if (!days.has(day)) days.add(await makeDay(folder, run))
    await writeEntry(day, run)
  }
  const queue = ids.filter(isHash).values()
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (const id of queue) await enter(id)
    }),
  )
  for (const day of days) await syncFolder(day)
  // A folder in which nothing was kept stays as it is.
  if (ids.length > 0) await writeDurably(wholeMark(folder), '')
}

function unlessDamaged<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}
