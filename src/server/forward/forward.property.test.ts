import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type ForwardLine, gatewayErrors } from '../../gateway/index.ts'
import { type Clock, MangroveError, type Quality, quality, qualityNames } from '../../kernel/index.ts'
import { type Observation, openStore, type Store } from '../../store/index.ts'
import { movableClock, temporaryFolder } from '../../store/store.fixture.ts'
import { createArrivals } from '../arrivals.ts'
import { createCatchUpLane } from './catch-up-lane.ts'
import { createLiveLane } from './live-lane.ts'
import { createForwardPosition } from './position.ts'
import { createSentMemory } from './sent-memory.ts'

const points = ['a.powerKw', 'b.powerKw']
const startMs = Date.UTC(2026, 6, 6)
const settings = { url: 'mqtt://127.0.0.1' }

/** What the centre has, and a line to it that says only then that something came when a test lets it. */
function createCentre() {
  const rows = new Map<string, unknown>()
  const waiting: { readonly payload: string; readonly settle: PromiseWithResolvers<void> }[] = []
  let isUp = true
  let connects = 1
  const take = (payload: string): void => {
    const { observations } = JSON.parse(payload) as { readonly observations: readonly Record<string, unknown>[] }
    for (const { point, timestampMs, value, source, quality: code } of observations) {
      rows.set(`${point}|${timestampMs}|${source}`, [value, code ?? (value === null ? 'missing' : 'good')])
    }
  }
  const open = new Set<Promise<void>>()
  const noLink = () => gatewayErrors.noLink({ detail: 'cut' })
  const line: ForwardLine = {
    isUp: () => isUp,
    up: () => Promise.resolve(),
    publish(payload) {
      if (!isUp) return Promise.reject(noLink())
      const settle = Promise.withResolvers<void>()
      waiting.push({ payload, settle })
      open.add(settle.promise)
      settle.promise.finally(() => open.delete(settle.promise)).catch(() => undefined)
      return settle.promise
    },
    inFlight: () => open.size,
    settled: async () => void (await Promise.all(open)),
    figures: () => ({ connected: isUp, connects, failures: 0, messages: 0, bytes: 0, lastProblem: undefined }),
    stop: () => Promise.resolve(),
  }
  return {
    ...{ line, rows },
    waiting: () => waiting.length,
    /** The oldest messages come and are acknowledged. */
    acknowledge(count: number) {
      for (const { payload, settle } of waiting.splice(0, count)) {
        take(payload)
        settle.resolve()
      }
    },
    /** The line breaks: some of what was on its way came, and nobody is told. */
    cut(came: number) {
      for (const { payload } of waiting.slice(0, came)) take(payload)
      isUp = false
      for (const { settle } of waiting.splice(0)) settle.reject(noLink())
    },
    mend() {
      if (isUp) return
      isUp = true
      connects += 1
    },
  }
}
type Centre = ReturnType<typeof createCentre>

interface Scene {
  readonly store: Store
  readonly clock: Clock
  readonly centre: Centre
  readonly site: string
  readonly settleMs: number | undefined
}

/** What forwards from its start to its end. */
async function createForwarder({ store, clock, centre, site, settleMs }: Scene) {
  const { line } = centre
  const memory = createSentMemory(40)
  const monotonicMs = () => performance.now()
  const position = createForwardPosition(store.records, site, settings)
  let positionMs = await position.read()
  const live = createLiveLane({
    ...{ line, memory, maxBytes: 400, clock, monotonicMs, takes: () => true },
  })
  const catchUp = createCatchUpLane({
    ...{ line, memory, observations: store.observations, site, points: () => points, maxBytes: 400 },
    ...{ rowsPerSecond: 1e9, settleMs, signal: new AbortController().signal, clock, monotonicMs },
    live: { quiet: () => Promise.resolve() },
  })
  let turning: Promise<boolean> | undefined
  return {
    live,
    /** Begins a turn where none is under way. */
    turn() {
      turning ??= catchUp
        .turn(positionMs)
        .then(async (turned) => {
          positionMs = turned.positionMs
          return turned.more
        })
        .catch((error: unknown) => {
          if (error instanceof MangroveError && error.code === 'gateway.no-link') return true
          throw error
        })
        .finally(() => {
          turning = undefined
        })
      return turning
    },
    write: () => position.write(positionMs),
  }
}

const row = fc
  .record({
    point: fc.constantFrom(...points),
    source: fc.constantFrom('meter', 'second'),
    minute: fc.oneof(
      { weight: 5, arbitrary: fc.integer({ min: -8, max: 0 }) },
      { weight: 2, arbitrary: fc.constantFrom(-7 * 1440, -40 * 1440) },
    ),
    value: fc.oneof(fc.integer({ min: 0, max: 4 }), fc.constant(Number.NaN)),
  })
  .map(
    ({ point, source, minute, value }): Observation => ({
      ...{ site: '', point, unit: 'kW', source, timestampMs: startMs + minute * 60_000, value },
      quality: (Number.isNaN(value) ? quality.missing : quality.good) as Quality,
    }),
  )
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('arrive' as const),
      elsewhere: fc.boolean(),
      rows: fc.array(row, { minLength: 1, maxLength: 6 }),
    }),
  },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('turn' as const), looks: fc.integer({ min: 0, max: 3 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('acknowledge' as const), count: fc.integer({ min: 1, max: 4 }) }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('cut' as const), count: fc.constantFrom(0, 0, 1, 3) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('mend' as const) }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.constantFrom(1, 6000, 6000) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('restart' as const), written: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('clock back' as const) }) },
)

type Step = typeof step extends fc.Arbitrary<infer One> ? One : never

const nextTurn = () => new Promise((resolve) => setImmediate(resolve))

describe('what is forwarded', () => {
  it('is at the end what is stored, whatever arrives, breaks, starts again or comes twice in which order', async () => {
    const folder = await temporaryFolder()
    const clock = movableClock(startMs)
    const store = await openStore(folder.path, clock)
    const arrivals = createArrivals(store.observations, { arrived: () => undefined })
    let sites = 0
    /** All that were begun, of forwarders that are gone too. */
    const turns: Promise<unknown>[] = []
    /** A case that time ran out for goes on. */
    let last: Promise<void> = Promise.resolve()
    const run = async (steps: readonly Step[], settleMs: number | undefined): Promise<void> => {
      sites += 1
      const centre = createCentre()
      const scene: Scene = { store, clock, centre, site: `park-${sites}`, settleMs }
      let forwarder = await createForwarder(scene)
      const unfollow = arrivals.follow((batch) => forwarder.live.arrived(batch))
      for (const one of steps) {
        // What another node stores, nobody here is told of.
        if (one.kind === 'arrive') {
          const batch = batchAt(scene.site, one.rows)
          await (one.elsewhere ? store.observations.append(batch) : arrivals.keep(batch))
        } else if (one.kind === 'turn') {
          const before = centre.waiting()
          let done = false
          turns.push(
            forwarder.turn().finally(() => {
              done = true
            }),
          )
          // Mostly until it has read and sends; now and then the next step comes in between.
          const endMs = performance.now() + 500 * Math.min(1, one.looks)
          while (!done && centre.waiting() === before && performance.now() < endMs) await nextTurn()
        } else if (one.kind === 'acknowledge') centre.acknowledge(one.count)
        else if (one.kind === 'cut') centre.cut(one.count)
        else if (one.kind === 'mend') centre.mend()
        else if (one.kind === 'wait') clock.nowMs += one.ms
        else if (one.kind === 'clock back') clock.nowMs -= 1_800_000
        else {
          // What was in memory is gone; the position may be an old one.
          if (one.written) await forwarder.write().catch(() => undefined)
          centre.cut(1)
          centre.mend()
          forwarder = await createForwarder(scene)
        }
        await nextTurn()
      }
      centre.mend()
      clock.nowMs += 20 * 3_600_000
      // The first may have begun before.
      for (let number = 0, more = true; more || number < 2; number += 1) {
        let done = false
        const turning = forwarder.turn().finally(() => {
          done = true
        })
        while (!done) {
          centre.acknowledge(1)
          await nextTurn()
        }
        more = (await turning) || centre.waiting() > 0
      }
      unfollow()
      centre.cut(0)
      expect(new Map([...centre.rows].sort())).toEqual(await heldBy(scene))
    }
    try {
      await fc.assert(
        fc.asyncProperty(
          fc.array(step, { minLength: 3, maxLength: 30 }),
          fc.constantFrom(undefined, 5000),
          (...drawn) => {
            last = run(...drawn)
            return last
          },
        ),
        { numRuns: 15 },
      )
    } finally {
      await last.catch(() => undefined)
      await Promise.all(turns)
      await store.close()
      await folder.remove()
    }
  })
})

async function heldBy({ store, site }: Scene): Promise<ReadonlyMap<string, unknown>> {
  const window = { site, points, fromMs: 0, toMs: Number.MAX_SAFE_INTEGER, limit: 1e6 }
  const { count, series, sources, ...rows } = (await store.observations.received(window)).batch
  const held = Array.from({ length: count }, (_, row): [string, unknown] => {
    const { point } = series[rows.seriesOf[row]!]!
    const value = rows.values[row]!
    return [
      `${point}|${rows.timestampsMs[row]}|${sources[rows.sourceOf[row]!]}`,
      [Number.isNaN(value) ? null : value, qualityNames[rows.quality[row]!]],
    ]
  })
  return new Map(held.sort())
}

/** Rows as one batch, as a gateway gives them. */
function batchAt(site: string, rows: readonly Observation[]) {
  return {
    count: rows.length,
    series: rows.map(({ point, unit }) => ({ site, point, unit })),
    sources: rows.map(({ source }) => source),
    seriesOf: Uint32Array.from(rows, (_, index) => index),
    sourceOf: Uint16Array.from(rows, (_, index) => index),
    timestampsMs: Float64Array.from(rows, ({ timestampMs }) => timestampMs),
    values: Float64Array.from(rows, ({ value }) => value),
    quality: Uint8Array.from(rows, ({ quality: code }) => code),
  }
}
