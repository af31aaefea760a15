import { useEffect } from 'react'
import { dayAndTime } from '../format/times.ts'
import { useWords } from '../words/words.ts'
import type { AlarmAction } from './alarm-queries.ts'
import type { Desk } from './use-desk.ts'

/** What can be taken back, and how. ISA-18.2 has no way back from an acknowledgement or a reset. */
const backBy: Partial<Readonly<Record<AlarmAction, AlarmAction>>> = {
  shelve: 'unshelve',
  'out-of-service': 'in-service',
}
const shownMs = 15_000

/** Says what was done, with the way back where there is one, and what did not work. */
export function DoneLine({ desk: { done, act, clear }, zone }: { readonly desk: Desk; readonly zone: string }) {
  const { say, language } = useWords()
  const quiet = done !== undefined && done.failures.length === 0
  useEffect(() => {
    if (!quiet) return
    const timer = setTimeout(clear, shownMs)
    return () => clearTimeout(timer)
  }, [quiet, clear])
  const back = done && backBy[done.action]
  const untilMs = done?.alarms[0]?.shelvedUntilMs
  return (
    <div className="done-line" role="status" data-shown={done !== undefined}>
      {done && done.alarms.length > 0 && (
        <p>
          {say(`alarms.done.${done.action}`, {
            what:
              done.alarms.length === 1
                ? (done.alarms[0]?.title ?? '')
                : say('alarms.number', { number: done.alarms.length }),
          })}{' '}
          {done.action === 'shelve' && untilMs
            ? say('alarms.until', { time: dayAndTime(untilMs, zone, language) })
            : done.action === 'acknowledge' && say('alarms.noWayBack')}
        </p>
      )}
      {done?.failures.map(({ title, problem }) => (
        <p key={title} className="done-failure">
          {title}: {problem}
        </p>
      ))}
      {done && back && done.alarms.length > 0 && (
        <button type="button" className="button" onClick={() => void act(back, done.alarms)}>
          {say('alarms.undo')}
        </button>
      )}
      {done && (
        <button type="button" className="button plain" onClick={clear}>
          {say('app.close')}
        </button>
      )}
    </div>
  )
}
