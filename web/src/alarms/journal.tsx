import { useState } from 'react'
import { dayAndTime } from '../format/times.ts'
import { Failure, Skeleton } from '../ui/states.tsx'
import { useWords } from '../words/words.ts'
import type { Alarm } from './alarm.ts'
import { useJournal } from './alarm-queries.ts'
import type { JournalLine } from './announcements.ts'
import { PriorityMark } from './priority-mark.tsx'
import { conditionOf, valueText } from './written-condition.ts'

interface JournalProps {
  readonly site: string
  readonly zone: string
  readonly sections: Readonly<Record<string, unknown>>
  /** Every alarm of the site, for its titles. */
  readonly rules: readonly Alarm[]
  /** Of the newest entry of the log. */
  readonly number: number
}

const pageLines = 40

/** The log: who did what, when and why, newest first. */
export function Journal({ site, zone, sections, rules, number }: JournalProps) {
  const { say } = useWords()
  const [alarm, setAlarm] = useState('')
  const [limit, setLimit] = useState(pageLines)
  const { data, error, refetch } = useJournal(site, { number, alarm: alarm === '' ? undefined : alarm, limit })
  return (
    <section className="journal" aria-labelledby="journal-title">
      <header>
        <h2 id="journal-title">{say('alarms.journal')}</h2>
        <select
          className="select"
          aria-label={say('alarms.journalOf')}
          value={alarm}
          onChange={({ target }) => setAlarm(target.value)}
        >
          <option value="">{say('alarms.journalAll')}</option>
          {rules.map((rule) => (
            <option key={rule.id} value={rule.alarm}>
              {rule.title}
            </option>
          ))}
        </select>
      </header>
      {error ? (
        <Failure error={error} retry={() => void refetch()} />
      ) : !data ? (
        <Skeleton height={240} />
      ) : data.lines.length === 0 ? (
        <p className="quiet">{say('alarms.journalEmpty')}</p>
      ) : (
        <ol className="journal-lines">
          {data.lines.map((line, index) => (
            <Line
              // biome-ignore lint/suspicious/noArrayIndexKey: a line has no id of its own; those of one entry share its number
              key={`${line.number} ${line.alarm} ${line.kind} ${index}`}
              line={line}
              zone={zone}
              rule={rules.find((rule) => rule.alarm === line.alarm)}
              sections={sections}
            />
          ))}
        </ol>
      )}
      {data?.next !== undefined && limit < 1000 && (
        <button type="button" className="button" onClick={() => setLimit(Math.min(1000, 4 * limit))}>
          {say('alarms.older')}
        </button>
      )}
    </section>
  )
}

interface LineProps {
  readonly line: JournalLine
  readonly zone: string
  readonly rule: Alarm | undefined
  readonly sections: Readonly<Record<string, unknown>>
}

function Line({ line, zone, rule, sections }: LineProps) {
  const { say, knows, language } = useWords()
  const { atMs, kind, user, comment, details, alarm } = line
  const key = `alarms.line.${kind}`
  const { value, untilMs } = details
  return (
    <li data-kind={kind}>
      <time dateTime={new Date(atMs).toISOString()}>{dayAndTime(atMs, zone, language)}</time>
      {rule ? <PriorityMark priority={rule.priority} filled={kind === 'raised'} size={16} /> : <span />}
      <span className="journal-what">
        <strong>{rule?.title ?? alarm}</strong> {knows(key) ? say(key) : kind}
        {typeof value === 'number' && rule && (
          <> · {valueText(value, rule.unit, conditionOf(sections, rule)?.values.limit)}</>
        )}
        {typeof untilMs === 'number' && <> · {say('alarms.until', { time: dayAndTime(untilMs, zone, language) })}</>}
        {(user || comment) && (
          <span className="journal-who">
            {' '}
            {user} {comment && <q>{comment}</q>}
          </span>
        )}
      </span>
    </li>
  )
}
