import { setTimeout as wait } from 'node:timers/promises'
import type { PlanOutput } from '../../energy/index.ts'
import { qualityNames, type Random, type Site, seededRandom } from '../../kernel/index.ts'
import type { Observation } from '../../store/index.ts'
import type { Now, NowValue } from '../live-hub.ts'
import { orNull } from '../now.ts'
import { type PublishedPlan, publishPlan } from '../published-plan.ts'
import type { ServerParts } from '../server-parts.ts'
import { createPark, type Park, simulatorSource } from './park.ts'
import { quarterHourMs } from './surroundings.ts'

const dayMs = 86_400_000
/** Step of the history that is filled in at start. */
const fillStepMs = 60_000
const liveStepMs = 1000
/** Every tenth live step is kept; the stream carries all. */
const keptStepMs = 10_000
/** Simulated values older than this are dropped: they are a show, not a record. */
const retentionMs = 3 * dayMs
/** The event loop is given back after this long. */
const sliceMs = 5

export interface LivingPark {
  /** Settles when the history is filled and the park lives. */
  readonly alive: Promise<void>
  stop(): Promise<void>
}

/**
 * Lives a site in real time: the last day is filled in, then every second is simulated, following the published plan,
 * which is made anew every quarter of an hour. Values are `estimated`, from source `simulator`.
 */
export function startLivingPark(site: Site, parts: ServerParts, onFailure: (error: unknown) => void): LivingPark {
  const abort = new AbortController()
  const stop = AbortSignal.any([abort.signal, parts.stopping])
  const alive = Promise.withResolvers<void>()
  alive.promise.catch(() => undefined)
  parts.filling.set(site.id, { fraction: 0, done: false })
  const life = live(site, parts, stop, () => alive.resolve()).then(
    () => alive.resolve(),
    (error: unknown) => {
      if (stop.aborted) return alive.resolve()
      alive.reject(error)
      onFailure(error)
    },
  )
  return {
    alive: alive.promise,
    async stop() {
      abort.abort()
      await life
    },
  }
}

async function live(site: Site, parts: ServerParts, stop: AbortSignal, onAlive: () => void): Promise<void> {
  const { clock, data, sites, store, filling } = parts
  const random: Random = seededRandom(seedOf(site.id))
  const units = sites.points(site)
  const startMs = Math.floor((clock.now() - dayMs) / quarterHourMs) * quarterHourMs
  await store.ready()
  const park = await createPark(site, startMs, { data, random, unitOf: (ref) => units.get(ref)?.unit })
  const yesterday = await plan(site, parts, stop, { at: new Date(startMs).toISOString(), hours: 25 })
  park.follow(yesterday)
  await fill(site, park, parts, startMs, stop)
  if (stop.aborted) return
  await replan(site, park, parts, stop)
  filling.set(site.id, { fraction: 1, done: true })
  onAlive()
  await keepLiving(site, park, parts, stop)
}

/** Steps through the last day in slices; only what is newer than the store's newest is written. */
async function fill(site: Site, park: Park, parts: ServerParts, startMs: number, stop: AbortSignal): Promise<void> {
  const { clock, store, filling } = parts
  const stored = await store.observations.latest(site.id)
  const storedUntilMs = stored.reduce((newest, { timestampMs }) => Math.max(newest, timestampMs), 0)
  let batch: Observation[] = []
  let sliceStart = performance.now()
  for (let timeMs = startMs; timeMs < clock.now() && !stop.aborted; timeMs += fillStepMs) {
    const observations = park.step(timeMs)
    if (timeMs > storedUntilMs) batch.push(...observations)
    if (batch.length >= 8192) {
      await store.observations.put(batch)
      batch = []
    }
    if (performance.now() - sliceStart < sliceMs) continue
    filling.set(site.id, { fraction: Math.min(0.99, (timeMs - startMs) / dayMs), done: false })
    await wait(1)
    sliceStart = performance.now()
  }
  await store.observations.put(batch)
}

async function keepLiving(site: Site, park: Park, parts: ServerParts, stop: AbortSignal): Promise<void> {
  const { clock, hub, store } = parts
  let plannedQuarter = Math.floor(clock.now() / quarterHourMs)
  let planning: Promise<void> | undefined
  while (!stop.aborted) {
    const timeMs = Math.floor(clock.now() / liveStepMs) * liveStepMs
    const observations = park.step(timeMs)
    hub.publish(site.id, nowOf(observations, timeMs))
    if (timeMs % keptStepMs === 0) await store.observations.put(observations)
    const quarter = Math.floor(timeMs / quarterHourMs)
    if (quarter !== plannedQuarter && !planning) {
      plannedQuarter = quarter
      planning = renew(site, park, parts, stop, timeMs).finally(() => {
        planning = undefined
      })
    }
    await wait(liveStepMs - (clock.now() % liveStepMs), undefined, { signal: stop }).catch(() => undefined)
  }
  await planning
}

/** A plan that fails leaves the last one in force; the next quarter tries again. */
async function renew(site: Site, park: Park, parts: ServerParts, stop: AbortSignal, timeMs: number): Promise<void> {
  try {
    await park.lookAhead(timeMs, 26)
    await replan(site, park, parts, stop)
    await parts.store.observations.prune(site.id, simulatorSource, timeMs - retentionMs)
  } catch (error) {
    if (!stop.aborted) parts.report(error, `the plan of ${site.id} was not renewed`)
  }
}

async function replan(site: Site, park: Park, parts: ServerParts, stop: AbortSignal): Promise<void> {
  const charge = Object.entries(park.stateOfCharge())
  const changes = { assets: Object.fromEntries(charge.map(([id, soc]) => [id, { initialSoc: soc }])) }
  const next = await plan(site, parts, stop, charge.length > 0 ? { changes } : {})
  await publishPlan(parts.store, site.id, next)
  park.follow(next)
}

async function plan(
  site: Site,
  { engines, executor, clock }: ServerParts,
  signal: AbortSignal,
  more: Readonly<Record<string, unknown>>,
): Promise<PublishedPlan> {
  const engine = engines.get('energy.plan')
  if (!engine) throw new Error('A living park needs the engine energy.plan among the packs')
  const output = await executor.run(
    engine,
    { site: site.id, hours: 24, step: '15m', ...more },
    { signal, progress: () => undefined },
  )
  return { ...(output as unknown as PlanOutput & { readonly evidence: string }), publishedMs: clock.now() }
}

function nowOf(observations: readonly Observation[], timestampMs: number): Now {
  const entries = observations.map(({ point, value, unit, quality: code, timestampMs: atMs }): [string, NowValue] => [
    point,
    { value: orNull(value), unit, quality: qualityNames[code] ?? 'suspect', timestampMs: atMs },
  ])
  return { timestampMs, points: Object.fromEntries(entries) }
}

/** FNV-1a, 32 bit: each site flutters in its own way, always the same. */
function seedOf(text: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  return hash >>> 0
}
