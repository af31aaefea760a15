import { setTimeout as sleep } from 'node:timers/promises'
import { openStore } from '../store/index.ts'
import { type ChildFigures, type ChildServer, startChild } from './child-server.fixture.ts'
import { capacityOf, newBooks, overload, rowsOfBatch, timeOfRow } from './overload.fixture.ts'

export interface OverloadRun {
  /** Observations a second that it took while nobody pressed. */
  readonly capacityPerS: number
  /** Observations a second that were acknowledged under twice of that. */
  readonly underLoadPerS: number
  readonly statuses: Readonly<Record<string, number>>
  readonly refused: number
  readonly withoutRetry: number
  readonly acknowledged: number
  /** Acknowledged observations that are not there. */
  readonly lost: number
  readonly residentMb: number
  /** Mean of the last quarter over the mean of the first that came after the beginning. */
  readonly residentRiseMb: number
  readonly mostResidentMb: number
  /** Longest turn of the event loop, as {@link ChildFigures} tells it. */
  readonly longestTurnMs: number
  readonly turns: number
  /** Longest answer of `GET …/now` meanwhile, but for what the machine ran others in that time, ms. */
  readonly longestLatestMs: number
  readonly memory: readonly number[]
}

/** Finds what a server takes, sends twice of it, and looks whether all that was acknowledged is there. */
export async function runOverload(
  folder: string,
  { seconds, ingestBytes }: { readonly seconds: number; readonly ingestBytes: number },
): Promise<OverloadRun> {
  const child = await startChild({ folder, limits: { ingestBytes } }, { MANGROVE_LOG_LEVEL: 'error' })
  const books = newBooks()
  try {
    // Compiles what is hot, and opens what is opened once.
    const warm = await capacityOf(child.url, 3000, books, 0)
    const { perSecond, next } = await capacityOf(child.url, 3000, books, warm.next)
    await child.figures()
    const before = books.acknowledged.length
    const watched = new AbortController()
    const watching = watch(child, watched.signal)
    const beganMs = performance.now()
    const end = await overload(child.url, 2 * perSecond, seconds * 1000, books, next)
    const tookS = (performance.now() - beganMs) / 1000
    watched.abort()
    const { figures, longestLatestMs } = await watching
    child.process.kill('SIGTERM')
    if ((await child.ended) !== 0) throw new Error(`The server did not end well: ${child.log()}`)
    const memory = figures.map(({ residentMb }) => residentMb)
    const statuses = Object.fromEntries(books.statuses)
    const meanOf = (part: readonly number[]): number => sumOf(part) / part.length
    const quarter = Math.floor(memory.length / 4)
    return {
      capacityPerS: Math.round(perSecond * rowsOfBatch * 2),
      underLoadPerS: Math.round(((books.acknowledged.length - before) * rowsOfBatch * 2) / tookS),
      ...{ statuses, refused: (statuses[429] ?? 0) + (statuses[503] ?? 0), withoutRetry: books.withoutRetry },
      acknowledged: books.acknowledged.length,
      lost: await countLost(folder, books.acknowledged, end),
      residentMb: Math.round(meanOf(memory.slice(quarter, 2 * quarter))),
      residentRiseMb: Math.round(meanOf(memory.slice(-quarter)) - meanOf(memory.slice(quarter, 2 * quarter))),
      mostResidentMb: Math.round(Math.max(...memory)),
      turns: sumOf(figures.map((one) => one.turns)),
      longestTurnMs: Math.round(Math.max(...figures.map((one) => one.longestTurnMs)) * 10) / 10,
      ...{ longestLatestMs: Math.round(longestLatestMs), memory: memory.map(Math.round) },
    }
  } finally {
    child.process.kill('SIGKILL')
  }
}

const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, one) => sum + one, 0)

/** Asks every quarter of a second how the server fares, and for newest values as anybody would. */
async function watch(
  child: ChildServer,
  stop: AbortSignal,
): Promise<{ figures: ChildFigures[]; longestLatestMs: number }> {
  const figures: ChildFigures[] = []
  let longestLatestMs = 0
  while (!stop.aborted) {
    const beganMs = performance.now()
    const answer = await fetch(`${child.url}/api/v1/sites/quarry-microgrid/now`)
    await answer.arrayBuffer()
    if (answer.status !== 200) throw new Error(`Newest values were answered with ${answer.status}`)
    const tookMs = performance.now() - beganMs
    const now = await child.figures()
    longestLatestMs = Math.max(longestLatestMs, tookMs - now.waitedMs)
    figures.push(now)
    await sleep(250)
    figures.push(await child.figures())
  }
  return { figures, longestLatestMs }
}

/** Batches are looked for this many at a time. */
const atATime = 40

async function countLost(folder: string, acknowledged: readonly number[], end: number): Promise<number> {
  const store = await openStore(folder)
  try {
    const expected = new Set(acknowledged)
    let lost = 0
    for (let first = 0; first < end; first += atATime) {
      const last = Math.min(end, first + atATime)
      const found = await store.observations.range({
        ...{ site: 'quarry-microgrid', points: ['pv.powerKw', 'battery.soc'] },
        ...{ fromMs: timeOfRow(first, 0), toMs: timeOfRow(last, 0) },
      })
      for (const { timestampsMs } of Object.values(found)) {
        const counts = new Map<number, number>()
        for (const timeMs of timestampsMs) {
          const batch = Math.floor((timeMs - timeOfRow(0, 0)) / 1000 / rowsOfBatch)
          counts.set(batch, (counts.get(batch) ?? 0) + 1)
        }
        for (let batch = first; batch < last; batch += 1) {
          if (expected.has(batch)) lost += rowsOfBatch - (counts.get(batch) ?? 0)
        }
      }
    }
    return lost
  } finally {
    await store.close()
  }
}
