import { setTimeout as sleep } from 'node:timers/promises'
import { readCommands } from '../../commands/index.ts'
import type { PlanOutput } from '../../energy/index.ts'
import { qualityNames, type Random, type Site, seededRandom } from '../../kernel/index.ts'
import { batchOf, type LatestValue, type Observation } from '../../store/index.ts'
import type { Now, NowValue } from '../live-hub.ts'
import { orNull } from '../now.ts'
import { keepFirstPlan, type PublishedPlan, publishPlan, readPublishedPlan } from '../published-plan.ts'
import type { ServerParts } from '../server-parts.ts'
import { createMachines, type Machines } from './machines.ts'
import { createPark, type Park, simulatorSource } from './park.ts'
import { chargersOf } from './parked-vehicles.ts'
import { quarterHourMs } from './surroundings.ts'
import { startTwins, type Twins } from './twins.ts'

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
  /** Settles when the history is filled and the first plan is published; rejects when that plan fails. */
  readonly alive: Promise<void>
  stop(): Promise<void>
}

/** Waits for a time of the park’s clock; ends early when the signal aborts. */
export type Wait = (delayMs: number, signal: AbortSignal) => Promise<void>

const waitInRealTime: Wait = (delayMs, signal) => sleep(delayMs, undefined, { signal }).catch(() => undefined)

/**
 * Lives a site in real time: the last day is filled in as if it had followed its plan, then every second is simulated. The plan is made
 * anew every quarter of an hour. Machines of a site with the section `commands` hear of it over their gateways alone; those of a site
 * without it follow the plan by themselves. Values are `estimated`, from source `simulator`. A plan that fails is
 * reported and leaves the last one in force, or none; the next quarter tries again.
 */
export function startLivingPark(
  site: Site,
  parts: ServerParts,
  onFailure: (error: unknown) => void,
  wait: Wait = waitInRealTime,
): LivingPark {
  const abort = new AbortController()
  const stop = AbortSignal.any([abort.signal, parts.stopping])
  const alive = Promise.withResolvers<void>()
  alive.promise.catch(() => undefined)
  parts.filling.set(site.id, { fraction: 0, done: false })
  const life = live({ site, parts, stop, wait }, alive).then(alive.resolve, (error: unknown) => {
    if (stop.aborted) return alive.resolve()
    parts.filling.delete(site.id)
    alive.reject(error)
    onFailure(error)
  })
  return {
    alive: alive.promise,
    async stop() {
      abort.abort()
      await life
    },
  }
}

/** What a park lives with. */
interface Life {
  readonly site: Site
  readonly parts: ServerParts
  readonly stop: AbortSignal
  readonly wait: Wait
}

async function live(life: Life, alive: Pick<PromiseWithResolvers<void>, 'resolve' | 'reject'>): Promise<void> {
  const { site, parts, stop } = life
  const { clock, data, sites, store, filling } = parts
  const random: Random = seededRandom(seedOf(site.id))
  const units = sites.points(site)
  const startMs = Math.floor((clock.now() - dayMs) / quarterHourMs) * quarterHourMs
  await store.ready()
  const park = await createPark(site, startMs, { data, random, unitOf: (ref) => units.get(ref)?.unit })
  await attempt(life, `the last day of ${site.id} follows no plan`, async () => {
    const followed = await plan(life, { at: new Date(startMs).toISOString(), hours: 25 })
    park.follow(followed)
    const newest = await readPublishedPlan(store, site.id)
    // A park that lived in that day has plans of its own.
    if ((newest?.publishedMs ?? 0) < startMs) await keepFirstPlan(store, site.id, { ...followed, publishedMs: startMs })
  })
  await fill(life, park, startMs)
  if (stop.aborted) return
  const failure = await attempt(life, `${site.id} begins without a plan`, () => replan(life, park))
  // A plan that was cancelled because the park is to stop is no failure of it.
  if (failure === undefined || stop.aborted) alive.resolve()
  else alive.reject(failure)
  filling.set(site.id, { fraction: 1, done: true })
  const machines = machinesOf(life)
  const chargers = chargersOf(site)
  const take = (ref: string, value: number): void => machines?.take(ref, value, clock.now())
  const twins = await startTwins(site, parts, {
    ...{ random, write: take },
    ...(chargers.length > 0 ? { vehicles: park.vehicles } : {}),
  })
  parts.twins.set(site.id, twins)
  // From here on nothing tells the machines of a commanded site what to do but what comes over the wire.
  if (machines) park.obey(machines)
  if (chargers.some((id) => twins.gateways.includes(id))) park.plugIn()
  try {
    await keepLiving(life, { park, machines, twins })
  } finally {
    parts.twins.delete(site.id)
    await twins.stop()
  }
}

/** The failure of `work`, told to the log: the park survives it. */
async function attempt({ parts, stop }: Life, consequence: string, work: () => Promise<void>): Promise<unknown> {
  try {
    await work()
    return undefined
  } catch (error) {
    if (!stop.aborted) parts.report(error, consequence)
    return error
  }
}

/** Steps through the last day in slices; only what is newer than the store's newest is written. */
async function fill({ site, parts, stop }: Life, park: Park, startMs: number): Promise<void> {
  const { clock, store, filling } = parts
  const stored = await store.observations.latest(site.id)
  /** Of the points that the park itself tells: others of the site may have been written a moment ago. */
  let storedUntilMs: number | undefined
  let batch: Observation[] = []
  let sliceStart = performance.now()
  for (let timeMs = startMs; timeMs < clock.now() && !stop.aborted; timeMs += fillStepMs) {
    const observations = park.step(timeMs)
    storedUntilMs ??= newestOf(stored, new Set(observations.map(({ point }) => point)))
    if (timeMs > storedUntilMs) batch.push(...observations)
    if (batch.length >= 8192) {
      await store.observations.put(batch)
      batch = []
    }
    if (performance.now() - sliceStart < sliceMs) continue
    filling.set(site.id, { fraction: Math.min(0.99, (timeMs - startMs) / dayMs), done: false })
    await sleep(1)
    sliceStart = performance.now()
  }
  await store.observations.put(batch)
}

const newestOf = (values: readonly LatestValue[], points: ReadonlySet<string>): number =>
  values.reduce((newest, { point, timestampMs }) => (points.has(point) ? Math.max(newest, timestampMs) : newest), 0)

/** Undefined where nothing is commanded: the machines follow the plan by themselves then. */
function machinesOf({ site, parts: { sites } }: Life): Machines | undefined {
  const points = sites.points(site)
  const { rules } = readCommands(site, { unitOf: (ref) => points.get(ref)?.unit, isGone: () => false })
  return rules && createMachines(rules)
}

interface Lived {
  readonly park: Park
  readonly machines: Machines | undefined
  readonly twins: Twins
}

async function keepLiving(life: Life, { park, machines, twins }: Lived): Promise<void> {
  const { site, parts, stop, wait } = life
  const { clock, hub, field, arrivals } = parts
  let plannedQuarter = Math.floor(clock.now() / quarterHourMs)
  let planning: Promise<unknown> | undefined
  while (!stop.aborted) {
    const timeMs = Math.floor(clock.now() / liveStepMs) * liveStepMs
    const observations = park.step(timeMs)
    const held = machines?.held(timeMs) ?? []
    twins.show(new Map([...held, ...observations.map(({ point, value }) => [point, value] as const)]))
    // What a gateway reads, its device says.
    const unread = observations.filter(({ point }) => !field.speaksFor(site.id, point))
    hub.publish(site.id, nowOf(unread, timeMs))
    if (timeMs % keptStepMs === 0) await arrivals.keep(batchOf(unread))
    const quarter = Math.floor(timeMs / quarterHourMs)
    if (quarter !== plannedQuarter && !planning) {
      plannedQuarter = quarter
      planning = attempt(life, `the plan of ${site.id} was not renewed`, () => renew(life, park, timeMs)).finally(
        () => {
          planning = undefined
        },
      )
    }
    await wait(liveStepMs - (clock.now() % liveStepMs), stop)
  }
  await planning
}

async function renew(life: Life, park: Park, timeMs: number): Promise<void> {
  await park.lookAhead(timeMs, 26)
  await replan(life, park)
  await life.parts.store.observations.prune(life.site.id, simulatorSource, timeMs - retentionMs)
}

async function replan(life: Life, park: Park): Promise<void> {
  const { site, parts } = life
  const assets = park.changes()
  const next = await plan(life, Object.keys(assets).length > 0 ? { changes: { assets } } : {})
  await publishPlan(parts.store, site.id, next)
  park.follow(next)
}

async function plan({ site, parts, stop }: Life, more: Readonly<Record<string, unknown>>): Promise<PublishedPlan> {
  const { engines, executor, clock } = parts
  const engine = engines.get('energy.plan')
  if (!engine) throw new Error('A living park needs the engine energy.plan among the packs')
  const output = await executor.run(
    engine,
    { site: site.id, hours: 24, step: '15m', ...more },
    { signal: stop, progress: () => undefined },
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
