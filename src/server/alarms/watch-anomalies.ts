import { MangroveError } from '../../kernel/index.ts'
import type { Alarms } from './create-alarms.ts'

/** Of the answer of `alarms.anomaly`, what an alarm needs. */
export interface JudgedMeter {
  readonly anomalies: readonly { readonly to: string; readonly words: string }[]
}

export interface AnomalyWatch {
  /** Judges every meter once for each quarter of an hour that has ended; does nothing at nodes that do not evaluate. */
  turn(): Promise<void>
  stop(): void
}

interface AnomalyWatchParts {
  readonly alarms: Alarms
  /** Runs the engine `alarms.anomaly`. */
  judge(input: Readonly<Record<string, unknown>>): Promise<JudgedMeter>
  report(error: unknown, message: string): void
}

const quarterMs = 900_000
const dayMs = 86_400_000
/** What a meter says of a quarter is there after so long. */
const lateMs = 120_000
const turnMs = 60_000

/** Alarms of the kind `anomaly`: each meter is held against its learned profile every quarter of an hour, and the log says why. */
export function startAnomalyWatch({ alarms, judge, report }: AnomalyWatchParts): AnomalyWatch {
  let judgedMs = 0
  let turning = false
  const told = new Set<string>()
  const turn = async (): Promise<void> => {
    const toMs = Math.floor((alarms.steady.now() - lateMs) / quarterMs) * quarterMs
    if (turning || toMs <= judgedMs || !alarms.evaluates()) return
    turning = true
    judgedMs = toMs
    for (const { site, rules } of alarms.all()) {
      for (const { id, point, unit, when } of rules.values()) {
        if (when.kind !== 'anomaly') continue
        try {
          const { anomalies } = await judge({
            ...{ site: site.id, meter: { observation: point }, unit },
            ...{ from: new Date(toMs - dayMs).toISOString(), to: new Date(toMs).toISOString() },
            falseAlarmDaysPerYear: when.falseAlarmDaysPerYear,
          })
          // One that reaches into the last two quarters goes on.
          const lasting = anomalies.findLast(({ to }) => Date.parse(to) > toMs - 2 * quarterMs)
          alarms.tell(site.id, id, lasting !== undefined, toMs, lasting?.words)
        } catch (error) {
          // A meter that is too new is judged later; that is said once.
          const why = `${site.id}:${id} ${error instanceof MangroveError ? error.code : 'failed'}`
          if (!told.has(why)) report(error, `the meter of the alarm ${site.id}:${id} cannot be judged`)
          told.add(why)
        }
      }
    }
    turning = false
  }
  const timer = setInterval(() => void turn(), turnMs)
  timer.unref()
  return { turn, stop: () => clearInterval(timer) }
}
