import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect } from 'vitest'
import { type Random, seededRandom } from '../../kernel/index.ts'
import { openDuckEngine } from '../duckdb/open-engine.ts'
import { evenEdges, fillBuckets, type PointBuckets } from '../observations/buckets.ts'
import { type OpenParts, partsOf } from '../open-store.ts'
import { dayStartMs, temporaryFolder } from '../store.fixture.ts'
import {
  batchOfValue,
  batchRows,
  correctedPoint,
  correction,
  drawBelow,
  numberedBatch,
  points,
  spanMs,
} from './numbered-rows.fixture.ts'

/** What is known of a folder from outside. */
interface Known {
  readonly acknowledged: Set<number>
  /** Months sealed, each as often as it was. */
  seals: number
  full: number
  /** The newest correction that was acknowledged, and the first of its run. */
  corrected: number
  correctedFrom: number
}

export interface KillFigures {
  readonly cycles: number
  readonly acknowledged: number
  readonly rows: number
  readonly seals: number
  /** Times that there was no room. */
  readonly full: number
}

export interface KillOptions {
  readonly seed: number
  readonly cycles: number
  /** After which a new folder is begun, so that reading it all stays quick. */
  readonly cyclesPerFolder: number
  /** With clocks set to and fro, shuffled batches and files that may not grow. */
  readonly faults?: boolean
  /** Acknowledgements after which it is killed at the latest. Default 500. */
  readonly mostLines?: number
  /** No cycle begins after this time. */
  readonly budgetMs?: number
}

/**
 * Kills a writer at random moments, again and again on the same folder, and reads after each kill what is there. Every
 * acknowledged batch has to be there, each batch whole or not at all, rollups and newest values as the rows say.
 */
export async function killCycles(options: KillOptions): Promise<KillFigures> {
  const { seed, cycles, cyclesPerFolder, budgetMs = Number.POSITIVE_INFINITY } = options
  const random = seededRandom(seed)
  const total = { cycles: 0, acknowledged: 0, rows: 0, seals: 0, full: 0 }
  const endMs = performance.now() + budgetMs
  const isOver = (): boolean => total.cycles >= cycles || performance.now() > endMs
  while (!isOver()) {
    const folder = await temporaryFolder()
    const known: Known = { acknowledged: new Set(), seals: 0, full: 0, corrected: -1, correctedFrom: 0 }
    // Months that lie wholly in the span are over.
    let nowMs = dayStartMs + spanMs + 20 * 86_400_000
    try {
      for (let cycle = 0; cycle < cyclesPerFolder && (cycle === 0 || !isOver()); cycle += 1) {
        await writeUntilKilled(folder.path, known, nowMs, { random, ...options })
        nowMs += 40 * 86_400_000
        total.cycles += 1
        if (total.cycles % 20 === 0) {
          const sofar = total.acknowledged + known.acknowledged.size
          process.stdout.write(
            `${total.cycles} kills, ${sofar} batches acknowledged, ${total.seals + known.seals} seals\n`,
          )
        }
        // Now and then it is killed again before anybody looks.
        if (random.next() >= 0.25) await checkFolder(folder.path, known, nowMs)
      }
      total.rows += await checkFolder(folder.path, known, nowMs)
      total.acknowledged += known.acknowledged.size
      total.seals += known.seals
      total.full += known.full
    } finally {
      await folder.remove()
    }
  }
  return total
}

async function writeUntilKilled(
  folder: string,
  known: Known,
  nowMs: number,
  { random, faults = false, mostLines = 500 }: { readonly random: Random } & KillOptions,
): Promise<void> {
  const first = Math.max(-1, ...known.acknowledged, known.corrected) + 1000
  const script = join(import.meta.dirname, 'killed-writer.fixture.ts')
  const seed = faults ? [String(drawBelow(random, 2 ** 31))] : []
  const child = spawn(process.execPath, [script, folder, String(first), String(nowMs), ...seed], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = new Promise<string | null>((resolve) => child.on('close', (_code, signal) => resolve(signal)))
  let told = ''
  child.stderr.on('data', (text) => {
    told += text
  })
  const kill = (): void => {
    child.kill('SIGKILL')
  }
  // Sometimes while it opens and migrates, mostly a moment after it has told something.
  const early = random.next() < 0.2
  const delayMs = drawBelow(random, early ? 800 : 25)
  // Few lines as a rule, many now and then.
  let lines = Math.floor(mostLines * random.next() ** 2)
  if (early) setTimeout(kill, delayMs)
  for await (const line of createInterface({ input: child.stdout })) {
    if (lines === 0 && !early) setTimeout(kill, delayMs)
    lines -= 1
    if (line.startsWith('s ')) known.seals += 1
    if (line === 'f') known.full += 1
    const number = Number(line.slice(2))
    if (line.startsWith('b ')) known.acknowledged.add(number)
    if (line.startsWith('c ')) {
      known.corrected = number
      known.correctedFrom = first
    }
  }
  // Anything else than the kill is a failure of the store.
  expect([await ended, told]).toEqual(['SIGKILL', ''])
}

/** @returns how many rows are there */
async function checkFolder(folder: string, known: Known, nowMs: number): Promise<number> {
  const clock = { now: () => nowMs }
  const engine = await openDuckEngine(folder, clock, { rows: 400, waitMs: 0 })
  const store = partsOf(engine, folder, clock)
  try {
    const rows = await readAll(store)
    checkBatches(rows, known.acknowledged)
    const edges = evenEdges(dayStartMs, dayStartMs + spanMs, 900_000)
    const fresh = freshBuckets(rows, edges)
    await checkRollups(store, edges, fresh)
    await checkNewest(store, rows)
    await checkCorrections(store, known)
    // Nothing that upkeep does afterwards changes an answer; what is written later comes late to sealed months.
    for (let more = true; more; ) more = (await store.upkeep.turn()).more
    await checkRollups(store, edges, fresh)
    known.seals += (await store.upkeep.seal()).length
    await checkRollups(store, edges, fresh)
    expect((await store.upkeep.verify()).damaged).toEqual([])
    return [...rows.values()].reduce((sum, { values }) => sum + values.length, 0)
  } finally {
    await store.close()
  }
}

interface PointRows {
  readonly timestampsMs: number[]
  readonly values: number[]
}

async function readAll({ observations }: OpenParts): Promise<ReadonlyMap<string, PointRows>> {
  const all = new Map<string, PointRows>(points.map((point) => [point, { timestampsMs: [], values: [] }]))
  const sliceMs = spanMs / 4
  for (let fromMs = dayStartMs; fromMs < dayStartMs + spanMs; fromMs += sliceMs) {
    for (const point of points) {
      const found = await observations.range({ site: 'park', points: [point], fromMs, toMs: fromMs + sliceMs })
      for (const time of found[point]?.timestampsMs ?? []) all.get(point)!.timestampsMs.push(time)
      for (const value of found[point]?.values ?? []) all.get(point)!.values.push(value)
    }
  }
  return all
}

function checkBatches(rows: ReadonlyMap<string, PointRows>, acknowledged: ReadonlySet<number>): void {
  const timeOf = new Map<number, number>()
  for (const [point, { timestampsMs, values }] of rows) {
    values.forEach((value, at) => {
      // Once under one value, and of its own point.
      if (timeOf.has(value)) throw new Error(`row ${value} is there twice`)
      if (points[value % points.length] !== point) throw new Error(`row ${value} is in ${point}`)
      timeOf.set(value, timestampsMs[at]!)
    })
  }
  const present = new Set([...timeOf.keys()].map(batchOfValue))
  const lost = [...acknowledged].filter((batch) => !present.has(batch))
  expect(lost).toEqual([])
  let whole = 0
  for (const batch of present) {
    for (const { value, timestampMs } of numberedBatch(batch)) {
      if (timeOf.get(value) !== timestampMs) throw new Error(`batch ${batch} is torn at row ${value % batchRows}`)
      whole += 1
    }
  }
  expect(whole).toBe(timeOf.size)
}

/** Rollups made of the rows alone, by a list and no table. */
function freshBuckets(rows: ReadonlyMap<string, PointRows>, edges: Float64Array): ReadonlyMap<string, PointBuckets> {
  return new Map(
    [...rows].map(([point, { timestampsMs, values }]) => {
      const fill = fillBuckets('kW', edges)
      values.forEach((value, at) => {
        fill.addValue(timestampsMs[at]!, value, 0)
      })
      return [point, fill.done()]
    }),
  )
}

async function checkRollups(
  { observations }: OpenParts,
  edgesMs: Float64Array,
  fresh: ReadonlyMap<string, PointBuckets>,
): Promise<void> {
  const found = await observations.buckets({ site: 'park', points, edgesMs })
  for (const [point, expected] of fresh) {
    const got = found[point]
    if (!got) {
      expect(expected.count.every((count) => count === 0)).toBe(true)
      continue
    }
    // Whole numbers, so that sums are exact.
    for (const name of ['count', 'sum', 'min', 'max', 'first', 'last', 'quality'] as const) {
      const differs = got[name].findIndex((value, bucket) => !Object.is(value, expected[name][bucket]))
      if (differs >= 0) {
        throw new Error(`${point} ${name} of bucket ${differs}: ${got[name][differs]}, not ${expected[name][differs]}`)
      }
    }
  }
}

async function checkNewest({ observations }: OpenParts, rows: ReadonlyMap<string, PointRows>): Promise<void> {
  const latest = new Map((await observations.latest('park', points)).map((value) => [value.point, value]))
  for (const [point, { timestampsMs, values }] of rows) {
    const found = latest.get(point)
    expect([point, found?.timestampMs, found?.value]).toEqual([point, timestampsMs.at(-1), values.at(-1)])
  }
}

/** Of each moment the newest acknowledged correction, or one that came after it. */
async function checkCorrections({ observations }: OpenParts, { corrected, correctedFrom }: Known): Promise<void> {
  const range = { site: 'park', points: [correctedPoint], fromMs: dayStartMs, toMs: dayStartMs + 10_000 }
  const { [correctedPoint]: found } = await observations.range(range)
  for (let number = Math.max(correctedFrom, corrected - 9); number <= corrected; number += 1) {
    const value = found?.values[found.timestampsMs.indexOf(correction(number).timestampMs)] ?? Number.NaN
    expect(value).toBeGreaterThanOrEqual(number)
    expect(correction(value).timestampMs).toBe(correction(number).timestampMs)
  }
}
