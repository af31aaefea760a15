import { setTimeout as sleep } from 'node:timers/promises'
import { decodeReadings, encodeReadings, type FieldReading, type Spool } from '../../gateway/index.ts'
import { MangroveError } from '../../kernel/index.ts'
import type { Arrivals } from '../arrivals.ts'
import { createReadingBatches } from './batch-of-readings.ts'

export interface KeptFigures {
  /** Readings that the store took at once. */
  readonly stored: number
  /** Readings that had to wait on the disk, because the store could not take them. */
  readonly waited: number
  /** Readings that no store would take: they are told and gone. */
  readonly refused: number
}

/** Keeps what devices said: in the store, or on the disk until the store can take it. */
export interface KeptReadings {
  /** On the disk in one way or the other when it settles. @throws when neither takes it: a device is not told that it is kept */
  keep(site: string, source: string, readings: readonly FieldReading[]): Promise<void>
  figures(): KeptFigures
  /** Settles when what is under way is done; what waits on the disk goes on waiting. */
  stop(): Promise<void>
}

export interface KeptReadingsParts {
  readonly arrivals: Pick<Arrivals, 'keep'>
  readonly spool: Spool
  report(error: unknown, message: string): void
  /** Between two looks at what waits, ms. */
  readonly lookMs?: number
  /** Records that are handed over at a time; with the wait in between it bounds what catching up takes from live data. */
  readonly recordsAtOnce?: number
}

/** The same would be refused again. */
const isRefusal = (error: unknown): boolean =>
  error instanceof MangroveError && error.status >= 400 && error.status < 500 && error.status !== 429

export function createKeptReadings(parts: KeptReadingsParts): KeptReadings {
  const { arrivals, spool, report, lookMs = 1000, recordsAtOnce = 200 } = parts
  const counted = { stored: 0, waited: 0, refused: 0 }
  const stopping = new AbortController()
  const batches = new Map<string, ReturnType<typeof createReadingBatches>>()
  const batchOf = (site: string, source: string, readings: readonly FieldReading[]) => {
    const key = `${site}\n${source}`
    const make = batches.get(key) ?? createReadingBatches(site, source)
    batches.set(key, make)
    return make(readings)
  }
  const store = async (site: string, source: string, readings: readonly FieldReading[]): Promise<void> => {
    try {
      await arrivals.keep(batchOf(site, source, readings))
      counted.stored += readings.length
    } catch (error) {
      if (!isRefusal(error)) throw error
      // One reading that cannot be stored keeps none of the others.
      if (readings.length > 1) {
        for (const reading of readings) await store(site, source, [reading])
        return
      }
      counted.refused += 1
      report(error, `a reading of ${source} was refused`)
    }
  }
  const catchUp = async (): Promise<void> => {
    let waitMs = lookMs
    while (!stopping.signal.aborted) {
      await sleep(waitMs, undefined, { signal: stopping.signal, ref: false }).catch(() => undefined)
      if (stopping.signal.aborted || spool.figures().records === 0) {
        waitMs = lookMs
        continue
      }
      try {
        const taken = await spool.take(recordsAtOnce, async (records) => {
          for (const record of records) {
            const { site, source, readings } = decodeReadings(record)
            await store(site, source, readings)
          }
        })
        waitMs = taken === recordsAtOnce ? Math.min(50, lookMs) : lookMs
      } catch (error) {
        report(error, 'readings that wait on the disk cannot be stored yet')
        waitMs = Math.min(60_000, 2 * waitMs)
      }
    }
  }
  const catching = catchUp()

  return {
    async keep(site, source, readings) {
      if (readings.length === 0) return
      try {
        await store(site, source, readings)
      } catch (error) {
        await spool.append(encodeReadings({ site, source, readings }))
        counted.waited += readings.length
        report(error, 'readings wait on the disk until the store takes them')
      }
    },
    figures: () => ({ ...counted }),
    async stop() {
      stopping.abort()
      await catching
      await spool.close()
    },
  }
}
