import {
  type AlarmEvent,
  type AlarmRule,
  createEvaluator,
  type Decision,
  dueEvents,
  type EvaluatorSnapshot,
  eventOf,
  type Rows,
} from '../../alarms/index.ts'
import type { ComputedPoints } from '../../kernel/index.ts'
import type { Store } from '../../store/index.ts'
import type { AlarmLog, KeptState } from './alarm-log.ts'
import { readNewer } from './read-newer.ts'
import type { SteadyClock } from './steady-clock.ts'

/** Holds the rules of one site against what is stored, at the one node that does so. */
export interface SiteEvaluation {
  /** Rows that were stored; they may hold those of other sites. */
  take(rows: Rows): void
  /** Something was stored elsewhere: it is read. */
  heard(): void
  /** Time went on. */
  tick(): void
  /** A learned profile says whether a meter is odd. */
  tell(alarm: string, holds: boolean, eventMs: number, words?: string): void
  /** Settles when what was taken is decided and in the log. */
  idle(): Promise<void>
  /** What a restart needs; undefined while something is under way. */
  kept(): KeptState<EvaluatorSnapshot> | undefined
  waitingRows(): number
  stop(): Promise<void>
}

export interface SiteEvaluationParts {
  readonly rules: readonly AlarmRule[]
  readonly computed: ComputedPoints
  readonly log: AlarmLog
  readonly observations: Pick<Store['observations'], 'latest' | 'page'>
  readonly steady: SteadyClock
  readonly kept: KeptState<EvaluatorSnapshot> | undefined
  /** Told how many rows were looked at and what was decided. */
  counted(rows: number, decisions: number): void
  report(error: unknown, message: string): void
}

/** More rows than this are not kept in mind: they are read from the store. */
const mostWaitingRows = 500_000
/** Lines of one entry of the journal. */
const entryEvents = 200
/** After a failure of the store. */
const retryMs = 1000

export function createSiteEvaluation(parts: SiteEvaluationParts): SiteEvaluation {
  const { rules, computed, log, observations, steady, kept, counted, report } = parts
  const { site } = log
  const byId = new Map(rules.map((rule) => [rule.id, rule]))
  const evaluator = createEvaluator({
    ...{ site, rules, computed, monotonicMs: steady.monotonicMs(), silentFromMs: steady.now() },
    snapshot: kept?.evaluator ?? undefined,
    known: new Map(
      [...log.states()].map(([alarm, { condition, suppressed, raisedMs, clearedMs, suppressionMs }]) => [
        alarm,
        { condition, suppressed, decidedMs: Math.max(raisedMs ?? 0, clearedMs ?? 0, suppressionMs ?? 0) || null },
      ]),
    ),
  })
  let queue: Rows[] = []
  let waiting = 0
  let isBehind = false
  let isFirst = kept === undefined
  let stopped = false
  let working: Promise<void> | undefined
  /** Lines that are not in the log yet. */
  let pending: AlarmEvent[] = [...log.states().keys()]
    .filter((alarm) => !byId.has(alarm))
    .map((alarm) => ({ kind: 'removed', alarm, atMs: steady.now() }))

  const decided = (decisions: readonly Decision[], rows: number, words?: string): void => {
    counted(rows, decisions.length)
    const atMs = steady.now()
    for (const decision of decisions) {
      const rule = byId.get(decision.alarm)
      if (rule) pending.push(eventOf(rule, decision, atMs, words))
    }
  }
  const takeNow = (rows: Rows): void => {
    decided(evaluator.take(rows, { monotonicMs: steady.monotonicMs(), latestMs: steady.latestMs() }), rows.count)
  }
  const wait = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, stopped ? 0 : retryMs).unref())
  /** What waits, in turn: first what is older and stored elsewhere, then what came here; then its lines into the log. */
  const work = async (): Promise<void> => {
    while (isBehind || queue.length > 0 || pending.length > 0) {
      try {
        if (isBehind) {
          isBehind = false
          await readNewer(observations, site, evaluator, { isFirst, take: takeNow }).catch((error: unknown) => {
            isBehind = true
            throw error
          })
          isFirst = false
        }
        const batches = queue
        queue = []
        waiting = 0
        for (const rows of batches) takeNow(rows)
        while (pending.length > 0) {
          const events = pending.slice(0, entryEvents)
          await log.append(events)
          pending = pending.slice(events.length)
        }
      } catch (error) {
        report(error, `alarms of ${site} wait for the store`)
        if (stopped) return
        await wait()
      }
    }
  }
  const workSoon = (): void => {
    if (stopped) return
    // Not in the turn of whoever told: the answer leaves first.
    working ??= new Promise<void>((resolve) => setImmediate(resolve)).then(work).finally(() => {
      working = undefined
      if (isBehind || queue.length > 0 || pending.length > 0) workSoon()
    })
  }
  if (pending.length > 0) workSoon()

  return {
    take(rows) {
      if (stopped) return
      waiting += rows.count
      if (waiting > mostWaitingRows) {
        queue = []
        waiting = 0
        isBehind = true
      } else queue.push(rows)
      workSoon()
    },
    heard() {
      isBehind = true
      workSoon()
    },
    tick() {
      if (stopped || isBehind || queue.length > 0) return
      decided(evaluator.advance(steady.monotonicMs()), 0)
      // Lines that wait are not in the states yet: they would be said twice.
      if (pending.length === 0) pending.push(...dueEvents(log.states(), byId, steady.now()))
      if (pending.length > 0) workSoon()
    },
    tell(alarm, holds, eventMs, words) {
      decided(evaluator.tell(alarm, holds, eventMs), 0, words)
      if (pending.length > 0) workSoon()
    },
    async idle() {
      while (working) await working
    },
    kept() {
      if (isBehind || queue.length > 0 || pending.length > 0 || working) return undefined
      return { number: log.number(), states: [...log.states().values()], evaluator: evaluator.snapshot() }
    },
    waitingRows: () => waiting,
    async stop() {
      stopped = true
      await working
    },
  }
}
