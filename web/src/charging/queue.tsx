import { clockTime } from '../format/times.ts'
import { Value } from '../ui/figure.tsx'
import { useWords } from '../words/words.ts'
import { timeLeft } from './charging-figures.ts'
import type { Evse } from './charging-queries.ts'
import { type Charger, queueOf } from './evse-state.ts'

interface QueueProps {
  readonly chargers: readonly Charger[]
  readonly zone: string
  readonly nowMs: number
}

/** Vehicles in the order in which they are served, with what each gets or waits for. */
export function Queue({ chargers, zone, nowMs }: QueueProps) {
  const { say } = useWords()
  const queue = queueOf(chargers)
  if (queue.length === 0) return <p className="quiet">{say('charging.queueEmpty')}</p>
  return (
    <ol className="charging-queue">
      {queue.map(({ id, evse }) => (
        <li key={`${id} ${evse.running?.id}`} data-waits={evse.waitsFor !== null}>
          <span className="charging-place">{evse.place}</span>
          <span className="charging-who">
            <strong title={evse.running?.card ?? id}>{evse.running?.card ?? id}</strong>
            <small>
              {id}
              <Deadline evse={evse} nowMs={nowMs} />
            </small>
          </span>
          <span className="charging-gets">
            <Value value={evse.grantKw ?? undefined} unit="kW" />
            <small>
              <WhySays evse={evse} zone={zone} />
            </small>
          </span>
        </li>
      ))}
    </ol>
  )
}

export function Deadline({ evse, nowMs }: { readonly evse: Evse; readonly nowMs: number }) {
  const { say } = useWords()
  if (evse.deadlineMs === null) return null
  const { hours, minutes, late } = timeLeft(evse.deadlineMs, nowMs)
  return (
    <span className="charging-deadline" data-late={late || undefined}>
      {say(late ? 'charging.overdue' : hours > 0 ? 'charging.inHours' : 'charging.inMinutes', { hours, minutes })}
    </span>
  )
}

/** Why a vehicle gets what it gets, or what it waits for. */
export function WhySays({ evse, zone }: { readonly evse: Evse; readonly zone: string }) {
  const { say, language } = useWords()
  const { waitsFor, why, plannedFromMs, askedKw, grantKw, deadlineMs } = evse
  if (waitsFor === 'plan' && plannedFromMs !== null)
    return <>{say('charging.waitsUntil', { time: clockTime(plannedFromMs, zone, language) })}</>
  if (waitsFor !== null) return <>{say(`charging.waits.${waitsFor}`)}</>
  if (why === null) return null
  const less = askedKw !== null && grantKw !== null && grantKw < askedKw - 0.5
  if (why === 'deadline' && deadlineMs === null)
    return <>{say(less ? 'charging.why.unknown.less' : 'charging.why.unknown.all')}</>
  return <>{say(`charging.why.${why}.${less ? 'less' : 'all'}`)}</>
}
