import {
  type AlarmRule,
  alarmsOf,
  type EvaluatorSnapshot,
  priorities,
  readRules,
  stateName,
} from '../../alarms/index.ts'
import type { Site } from '../../kernel/index.ts'
import type { ObservationBatch, Store } from '../../store/index.ts'
import type { Arrivals } from '../arrivals.ts'
import { createLease } from '../nodes/lease.ts'
import type { NodeWords } from '../nodes/node-words.ts'
import type { SiteBook } from '../site-book.ts'
import { type AlarmLog, createAlarmLog, type KeptState } from './alarm-log.ts'
import type { Notice } from './notifications/notice.ts'
import { type Notifier, startNotifier } from './notifications/notifier.ts'
import { createOutbox, type OutboxFigures } from './notifications/outbox.ts'
import { createMailSender } from './notifications/send-mail.ts'
import { sendWebhook } from './notifications/send-webhook.ts'
import type { NotificationSettings } from './notifications/settings.ts'
import { createSiteEvaluation, type SiteEvaluation } from './site-evaluation.ts'
import type { SteadyClock } from './steady-clock.ts'

/** The alarms of one site, as every node knows them. */
export interface SiteAlarms {
  readonly site: Site
  readonly rules: ReadonlyMap<string, AlarmRule>
  /** Among whom alarms are shared. */
  readonly operators: number
  readonly log: AlarmLog
}

export interface AlarmFigures {
  readonly evaluates: boolean
  readonly rules: number
  readonly rows: number
  readonly decisions: number
  readonly waitingRows: number
  /** Announced and not over, by priority. */
  readonly standing: Readonly<Record<string, number>>
  /** Alarms by their state of ISA-18.2, without those that are normal. */
  readonly states: Readonly<Record<string, number>>
  readonly notifications: OutboxFigures
}

export interface Alarms {
  readonly steady: SteadyClock
  /** Sites with alarms. */
  all(): readonly SiteAlarms[]
  /** Undefined for a site without alarms. */
  of(site: string): SiteAlarms | undefined
  /** Something of the site was stored in another way than by arriving. */
  heard(site: string): void
  /** A learned profile says whether a meter is odd; counts at the node that evaluates. */
  tell(site: string, alarm: string, holds: boolean, eventMs: number, words?: string): void
  /** Begins to evaluate, or to wait for the turn of this node; ready for what arrives when it settles. */
  start(): Promise<void>
  evaluates(): boolean
  /** Settles when everything that arrived is decided, in the log and in the outbox. */
  idle(): Promise<void>
  figures(): AlarmFigures
  stop(): Promise<void>
}

export interface AlarmsParts {
  readonly sites: SiteBook
  readonly store: Store
  readonly arrivals: Pick<Arrivals, 'follow'>
  readonly words: NodeWords
  readonly node: string
  readonly steady: SteadyClock
  readonly notifications: NotificationSettings
  report(error: unknown, message: string): void
  readonly tickMs?: number
  readonly leaseLostAfterMs?: number
}

const usualTickMs = 1000
const keepEveryMs = 30_000

/** What one site needs at the node that evaluates. */
interface Evaluating {
  readonly own: SiteAlarms
  readonly evaluation: SiteEvaluation
  readonly notifier: Notifier
  keptNumber: number
}

/**
 * The alarms of all sites. One node evaluates them, under a lease; it reads from the store what other nodes stored. Its decisions are
 * a function of what is stored, and the log takes the same decision twice as once, so that two nodes that both believe to hold the
 * lease do no harm. Every node answers from the log and takes what operators do.
 */
export function createAlarms(parts: AlarmsParts): Alarms {
  const { sites, store, arrivals, words, node, steady, report, tickMs = usualTickMs, leaseLostAfterMs } = parts
  const bySite = new Map<string, SiteAlarms>()
  for (const { site } of sites.all()) {
    const section = alarmsOf(site)
    const points = sites.points(site)
    const { rules } = readRules(site, { unitOf: (ref) => points.get(ref)?.unit, isGone: () => false })
    const log = createAlarmLog(site.id, { store, tell: () => words.tell({ kind: 'alarms', site: site.id }) })
    // Rules that went leave their lines behind: such a site is looked after too.
    bySite.set(site.id, {
      ...{ site, log, operators: section.operators ?? 1 },
      rules: new Map(rules.map((rule) => [rule.id, rule])),
    })
  }
  const withRules = [...bySite.values()].filter(({ site }) => site.sections.alarms !== undefined)
  const mail = parts.notifications.mail && createMailSender(parts.notifications.mail)
  const send = async (notice: Notice): Promise<void> => {
    if (notice.way === 'email') {
      if (!mail) throw new Error('no server for mail is set (MANGROVE_SMTP_URL)')
      return mail.send(notice)
    }
    const secret = parts.notifications.webhookSecret
    if (secret === undefined) throw new Error('no secret for webhooks is set (MANGROVE_WEBHOOK_SECRET)')
    return sendWebhook(notice, secret, steady.now())
  }
  const outbox = createOutbox({ records: store.records, steady, send, report })
  const lease = words.shared
    ? createLease({
        ...{ records: store.records, name: 'alarms', node, monotonicMs: steady.monotonicMs },
        ...(leaseLostAfterMs === undefined ? {} : { lostAfterMs: leaseLostAfterMs }),
      })
    : undefined
  const evaluating = new Map<string, Evaluating>()
  const counts = { rows: 0, decisions: 0 }
  const leaving: (() => void)[] = []
  let started = false
  let stopping = false
  let isOn = false
  let turning: Promise<void> | undefined
  let timer: NodeJS.Timeout | undefined
  let keptMs = steady.monotonicMs()

  const begin = async (): Promise<void> => {
    await outbox.load()
    for (const own of withRules) {
      await own.log.catchUp()
      const kept = (await own.log.kept()) as KeptState<EvaluatorSnapshot> | undefined
      const { site, rules, log } = own
      const notifier = startNotifier({ ...{ site, rules, log, outbox, kept, report }, section: alarmsOf(site) })
      const evaluation = createSiteEvaluation({
        ...{ log, kept, steady, report, observations: store.observations },
        ...{ rules: [...rules.values()], computed: sites.computed(site) },
        counted(rows, decisions) {
          counts.rows += rows
          counts.decisions += decisions
        },
      })
      evaluating.set(site.id, { own, evaluation, notifier, keptNumber: kept?.number ?? -1 })
      evaluation.heard()
      await evaluation.idle()
      // From the very first moment on it is known what was there before: all that comes later is told of, whatever its time.
      if (!kept) await log.keep({ number: 0, states: [], evaluator: evaluation.kept()?.evaluator ?? null })
    }
  }
  const end = async (): Promise<void> => {
    const all = [...evaluating.values()]
    evaluating.clear()
    await Promise.all(all.map(({ evaluation }) => evaluation.stop()))
    for (const { notifier } of all) notifier.stop()
  }
  const keep = async (): Promise<void> => {
    for (const one of evaluating.values()) {
      const state = one.evaluation.kept()
      // A kept state says that nothing before it has to be sent any more.
      if (!state || !one.notifier.isThrough(state.number)) continue
      await one.own.log.keep(state)
      one.keptNumber = state.number
      await outbox.prune(one.own.site.id, state.number)
    }
  }
  const turn = async (): Promise<void> => {
    const holds = lease ? await lease.turn() : true
    if (holds && !isOn && !stopping) {
      await begin()
      isOn = true
      // What was stored while this node got ready.
      for (const { evaluation } of evaluating.values()) evaluation.heard()
    } else if (!holds && isOn) {
      isOn = false
      await end()
    }
    if (!isOn) return
    for (const { evaluation } of evaluating.values()) evaluation.tick()
    await outbox.turn()
    if (steady.monotonicMs() - keptMs < keepEveryMs) return
    keptMs = steady.monotonicMs()
    await keep()
  }
  const turnSoon = (): Promise<void> => {
    turning ??= turn()
      .catch(async (error: unknown) => {
        report(error, 'alarms wait for the store')
        // Who cannot renew the lease may have lost it.
        if (lease && !lease.isHeld() && isOn) {
          isOn = false
          await end()
        } else if (!isOn) await end()
      })
      .finally(() => {
        turning = undefined
      })
    return turning
  }
  const evaluates = (): boolean => isOn && (lease?.isHeld() ?? true)
  const heard = (site: string): void => {
    if (evaluates()) evaluating.get(site)?.evaluation.heard()
  }
  const arrived = (batch: ObservationBatch): void => {
    if (!evaluates()) return
    const named = new Set<string>()
    for (const { site } of batch.series) named.add(site)
    for (const site of named) evaluating.get(site)?.evaluation.take(batch)
  }

  return {
    steady,
    all: () => withRules,
    of: (site) => {
      const found = bySite.get(site)
      return found?.site.sections.alarms === undefined ? undefined : found
    },
    heard,
    tell(site, alarm, holds, eventMs, told) {
      if (evaluates()) evaluating.get(site)?.evaluation.tell(alarm, holds, eventMs, told)
    },
    async start() {
      if (started || withRules.length === 0) return
      started = true
      leaving.push(arrivals.follow(arrived))
      if (words.shared) {
        // The word of this node itself comes back too: what it stored is known then.
        leaving.push(words.hear('sites', (word) => (word?.ids ?? [...evaluating.keys()]).forEach(heard)))
        leaving.push(
          words.hear('alarms', (word) => {
            const told = word ? [bySite.get(word.site)] : withRules
            for (const own of told) own?.log.catchUp().catch((error: unknown) => report(error, 'alarms were not read'))
          }),
        )
      }
      timer = setInterval(() => void turnSoon(), tickMs)
      timer.unref()
      await turnSoon()
    },
    evaluates,
    async idle() {
      await turnSoon()
      for (;;) {
        await Promise.all([...evaluating.values()].map(({ evaluation }) => evaluation.idle()))
        const isDone = [...evaluating.values()].every(({ own, notifier }) => notifier.isThrough(own.log.number()))
        if (isDone) break
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
      await outbox.turn()
    },
    figures() {
      const standing: Record<string, number> = Object.fromEntries(priorities.map((priority) => [priority, 0]))
      const states: Record<string, number> = {}
      for (const { log } of withRules) {
        for (const state of log.states().values()) {
          if (state.open) standing[state.priority] = (standing[state.priority] ?? 0) + 1
          const name = stateName(state)
          if (name !== 'normal') states[name] = (states[name] ?? 0) + 1
        }
      }
      return {
        evaluates: evaluates(),
        rules: withRules.reduce((sum, { rules }) => sum + rules.size, 0),
        ...counts,
        waitingRows: [...evaluating.values()].reduce((sum, { evaluation }) => sum + evaluation.waitingRows(), 0),
        ...{ standing, states, notifications: outbox.figures() },
      }
    },
    async stop() {
      stopping = true
      clearInterval(timer)
      for (const leave of leaving) leave()
      await turning
      if (isOn) {
        await Promise.all([...evaluating.values()].map(({ evaluation }) => evaluation.idle()))
        await keep().catch((error: unknown) => report(error, 'the state of alarms was not kept'))
        await end()
      }
      isOn = false
      await lease?.release()
      mail?.close()
    },
  }
}
