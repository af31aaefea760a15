import {
  type AcknowledgementBody,
  applyLine,
  type Command,
  type CommandRules,
  compileRules,
  decideFrom,
  emptyMemory,
  type LogBody,
  type LogState,
  memoryOf,
  plansIn,
  quarterOf,
  readCommands,
  refsToRead,
  type SetpointRule,
  snapshotOf,
} from '../../commands/index.ts'
import type { PlanOutput } from '../../energy/index.ts'
import { gatewaysOf } from '../../gateway/index.ts'
import { type Clock, canonicalJson, MangroveError, type Site } from '../../kernel/index.ts'
import type { Store } from '../../store/index.ts'
import type { Arrivals } from '../arrivals.ts'
import { createReadingBatches } from '../field/batch-of-readings.ts'
import type { FieldLink } from '../field/create-field.ts'
import type { Lease } from '../nodes/lease.ts'
import { createCommandLog } from './command-log.ts'
import { type FollowedReadings, followReadings } from './follow-readings.ts'
import { readOutputs, watchPlan } from './followed-plan.ts'
import { linkOf, writeThrough } from './links.ts'
import type { Orders } from './orders.ts'
import { commandsSource, statePoints } from './state-points.ts'
import { type CommandsView, viewOf } from './view.ts'

/** What was done since the start. */
export interface SiteCounts {
  readonly sent: number
  readonly done: number
  readonly failed: number
  readonly lines: number
}

/** Commands one site, where its lease is held. */
export interface SiteCommands {
  /** Looks at everything, decides, and sends what is due; one after the other. */
  turn(): Promise<void>
  /** Undefined where this node does not command the site. */
  view(): CommandsView | undefined
  counts(): SiteCounts
  /** Settles when what was sent has ended and is written down. */
  settled(): Promise<void>
  /** Settles when nothing is under way any more. */
  stop(): Promise<void>
}

export interface SiteCommandsParts {
  /** The site as it is now: points may be declared at run time. */
  site(): Site
  unitOf(site: Site, ref: string): string | undefined
  links(): readonly FieldLink[]
  readonly store: Pick<Store, 'documents' | 'evidence' | 'journal' | 'observations'>
  readonly arrivals: Pick<Arrivals, 'keep' | 'follow'>
  readonly orders: Orders
  readonly lease: Lease
  readonly clock: Clock
  monotonicMs(): number
  report(error: unknown, message: string): void
}

const leaseTurnMs = 3000
const planLookMs = 2000
const refreshMs = 5000
/** State is told this often though nothing changes. */
const tellMs = 60_000

export function createSiteCommands(parts: SiteCommandsParts): SiteCommands {
  const { store, arrivals, orders, lease, clock, monotonicMs, report } = parts
  const { id } = parts.site()
  const log = createCommandLog(store.journal, id)
  const batchOf = createReadingBatches(id, commandsSource)
  const plans = new Map<string, PlanOutput>()
  const counted = { sent: 0, done: 0, failed: 0, lines: 0 }
  const underWay = new Set<Promise<void>>()
  /** Undefined while the site is not commanded from here. */
  let state: LogState | undefined
  let readings: FollowedReadings | undefined
  let planWatch = watchPlan(id, store, report)
  let view: CommandsView | undefined
  let ended: AcknowledgementBody[] = []
  let readFrom: { readonly site: Site; readonly rules: CommandRules | undefined } | undefined
  let quarter = 0
  let told = ''
  const lately = { lease: -1e9, plan: -1e9, refresh: -1e9, decided: undefined as number | undefined, told: -1e9 }
  let last: Promise<void> = Promise.resolve()
  let stopped = false

  /** One thing after the other: the log is a chain, and the state its fold. */
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    const next = last.then(work)
    last = next.catch(() => undefined)
    return next
  }
  const isDue = (what: 'lease' | 'plan' | 'refresh', everyMs: number): boolean => {
    if (monotonicMs() - lately[what] < everyMs) return false
    lately[what] = monotonicMs()
    return true
  }
  const rulesNow = (): CommandRules | undefined => {
    const site = parts.site()
    if (readFrom?.site === site) return readFrom.rules
    const read = readCommands(site, { unitOf: (ref) => parts.unitOf(site, ref), isGone: () => false })
    // Where the site cannot be read as it is now, what was read before holds.
    const rules = read.problems.length > 0 ? readFrom?.rules : read.rules
    const same = readFrom?.rules && rules && canonicalJson(readFrom.rules) === canonicalJson(rules)
    readFrom = { site, rules: same ? readFrom?.rules : rules }
    return readFrom.rules
  }
  const gatewayOf = (rule: SetpointRule): string | null => linkOf(parts.links(), id, rule)?.id ?? null
  const nowhereOf = ({ setpoints }: CommandRules): readonly string[] =>
    setpoints.filter((rule) => gatewayOf(rule) === null).map(({ ref }) => ref)
  const write = async (body: LogBody): Promise<void> => {
    await log.append(body)
    counted.lines += 1
    state = applyLine(state, body, plans)
  }

  const giveUp = (): void => {
    state = undefined
    view = undefined
    readings?.stop()
    readings = undefined
    ended = []
  }
  /** Goes on where the log ends, whoever wrote it. */
  const takeOver = async (rules: CommandRules): Promise<void> => {
    const lines = (await log.open()).map(({ body }) => body)
    let found: LogState | undefined
    try {
      for (const [evidence, output] of await readOutputs(store.evidence, plansIn(lines))) plans.set(evidence, output)
      found = lines.reduce<LogState | undefined>((now, body) => applyLine(now, body, plans), undefined)
    } catch (error) {
      report(
        error,
        `the log of commands of ${id} cannot be followed to its end; setpoints begin where their machines stand`,
      )
    }
    const known = found?.memory.setpoints ?? {}
    const memory = emptyMemory(rules)
    state = {
      ...{ rules, nowhere: nowhereOf(rules), plan: found?.plan ?? null, readings: found?.readings ?? {} },
      ...{ overrides: found?.overrides ?? [], hold: found?.hold ?? null },
      memory: {
        mode: found?.memory.mode ?? null,
        setpoints: Object.fromEntries(rules.setpoints.map(({ ref }) => [ref, known[ref] ?? memoryOf(memory, ref)])),
      },
    }
    readings?.stop()
    readings = followReadings(id, refsToRead(compileRules(rules)), {
      ...{ arrivals, observations: store.observations },
      now: () => clock.now(),
    })
    await readings.refresh()
    planWatch = watchPlan(id, store, report)
    await write(snapshotOf(state, clock.now()))
    quarter = quarterOf(clock.now())
    // Of what was under way when the program stopped nobody knows whether it got there.
    for (const { ref } of rules.setpoints) {
      const { sent } = memoryOf(state.memory, ref)
      if (!sent?.pending) continue
      const problem = 'The program stopped before it heard'
      const { value, atMs: sentMs } = sent
      await write({
        ...{ kind: 'acknowledgement', ref, value, sentMs, atMs: clock.now(), outcome: 'unknown', problem },
      })
    }
    ;[lately.plan, lately.refresh, lately.decided] = [-1e9, monotonicMs(), undefined]
  }
  const lookAtPlan = async (): Promise<void> => {
    const plan = await planWatch.look()
    if (!plan || canonicalJson(plan.ref) === canonicalJson(state!.plan)) return
    plans.clear()
    plans.set(plan.ref.evidence, plan.output)
    const atMs = clock.now()
    await write({ kind: 'forecast', atMs, evidence: plan.ref.evidence, ...plan.forecast })
    await write({ kind: 'plan', atMs, plan: plan.ref })
  }
  const lookAtOrders = async (): Promise<void> => {
    const now = await orders.read(id)
    if (canonicalJson(now) === canonicalJson({ overrides: state!.overrides, hold: state!.hold })) return
    await write({ kind: 'orders', atMs: clock.now(), ...now })
  }
  const lookAtRules = async (rules: CommandRules): Promise<void> => {
    const nowhere = nowhereOf(rules)
    const same = state!.rules === rules && state!.nowhere.join() === nowhere.join()
    if (same && quarterOf(clock.now()) === quarter) return
    const memory = emptyMemory(rules)
    const setpoints = Object.fromEntries(
      rules.setpoints.map(({ ref }) => [ref, state!.memory.setpoints[ref] ?? memoryOf(memory, ref)]),
    )
    if (state!.rules !== rules) {
      readings?.stop()
      readings = followReadings(id, refsToRead(compileRules(rules)), {
        ...{ arrivals, observations: store.observations },
        now: () => clock.now(),
      })
      await readings.refresh()
    }
    quarter = quarterOf(clock.now())
    const known = Object.fromEntries(Object.entries(state!.readings).filter(([ref]) => Object.hasOwn(rules.units, ref)))
    state = { ...state!, rules, nowhere, readings: known, memory: { ...state!.memory, setpoints } }
    await write(snapshotOf(state, clock.now()))
  }
  /** Commands that ended while something else was done. */
  const takeEnded = async (): Promise<void> => {
    while (state && ended.length > 0) {
      await write(ended[0]!)
      ended = ended.slice(1)
    }
  }
  const send = ({ ref, value }: Command, rule: SetpointRule, sentMs: number): void => {
    const link = linkOf(parts.links(), id, rule)
    counted.sent += 1
    const end = (outcome: Pick<AcknowledgementBody, 'outcome' | 'readBack' | 'problem'>): void => {
      counted[outcome.outcome === 'done' ? 'done' : 'failed'] += 1
      ended.push({ kind: 'acknowledgement', ref, value, sentMs, atMs: clock.now(), ...outcome })
    }
    const going = (link ? writeThrough(link, ref, value) : Promise.reject(new Error('No gateway takes it')))
      .then(
        ({ readBack }) => end({ outcome: 'done', ...(Number.isFinite(readBack) ? { readBack: readBack! } : {}) }),
        (error: unknown) => end({ outcome: 'failed', problem: wordsOf(error) }),
      )
      // What cannot be written now is written at the next turn.
      .then(() => inTurn(takeEnded))
      .catch((error: unknown) => report(error, `an acknowledgement of ${id} waits for the store`))
      .finally(() => void underWay.delete(going))
    underWay.add(going)
  }
  const decideNow = async (): Promise<void> => {
    const atMs = clock.now()
    const elapsedMs = Math.max(0, Math.round(lately.decided === undefined ? 1000 : monotonicMs() - lately.decided))
    const { decided, body } = decideFrom(state!, { atMs, elapsedMs, readings: { ...readings!.newest } }, plans)
    // On the disk before any of it leaves.
    if (body) await write(body)
    lately.decided = monotonicMs()
    view = viewOf(state!, { decidedMs: atMs, decided, readings: readings!.newest, gatewayOf })
    const rules = new Map(state!.rules.setpoints.map((rule) => [rule.ref, rule]))
    for (const command of body?.commands ?? []) send(command, rules.get(command.ref)!, atMs)
    tell(atMs)
  }
  /** State as points; what cannot be stored is told anew at the next change. */
  const tell = (atMs: number): void => {
    const values = statePoints(view!, atMs)
    const now = canonicalJson(values.map(({ ref, value }) => [ref, value]))
    if (now === told && monotonicMs() - lately.told < tellMs) return
    told = now
    lately.told = monotonicMs()
    const going = arrivals
      .keep(batchOf(values))
      .catch((error: unknown) => report(error, `the state of the commands of ${id} was not stored`))
      .finally(() => void underWay.delete(going))
    underWay.add(going)
  }

  const turn = async (): Promise<void> => {
    const rules = rulesNow()
    if (stopped || !rules) return
    if (isDue('lease', leaseTurnMs)) await lease.turn()
    if (!lease.isHeld()) return giveUp()
    // Before its gateways are open, a setpoint that gets nowhere is no news.
    const isOpening = gatewaysOf(parts.site()).length > 0 && !parts.links().some(({ site }) => site === id)
    if (!state && isOpening) return
    try {
      if (!state) await takeOver(rules)
      await takeEnded()
      if (isDue('refresh', refreshMs)) await readings!.refresh()
      await lookAtRules(rules)
      if (isDue('plan', planLookMs)) await lookAtPlan()
      await lookAtOrders()
      await decideNow()
    } catch (error) {
      // Another one writes, or the store did not take it: the log says where to go on.
      const other = error instanceof MangroveError && error.code === 'commands.other-writer'
      if (other) lately.lease = -1e9
      giveUp()
      throw error
    }
  }
  return {
    turn: () => inTurn(turn),
    view: () => view,
    counts: () => ({ ...counted }),
    async settled() {
      await Promise.all(underWay)
    },
    async stop() {
      stopped = true
      await last
      // What is under way is heard out, and written down.
      await Promise.all(underWay)
      await inTurn(takeEnded).catch((error: unknown) => report(error, `the log of commands of ${id} lacks its end`))
      giveUp()
      await lease.release().catch(() => undefined)
    },
  }
}

const wordsOf = (error: unknown): string => {
  if (!(error instanceof MangroveError)) return error instanceof Error ? error.message : String(error)
  const [problem] = error.problems
  return `${problem?.detail} [${error.code}]`
}
