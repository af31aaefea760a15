import { Link } from '@tanstack/react-router'
import { Check, EyeOff, RotateCcw, Undo2 } from 'lucide-react'
import type { NowValue, Site } from '../api/types.ts'
import { ageOf, clockTime, dayAndTime } from '../format/times.ts'
import { useWords } from '../words/words.ts'
import { type Alarm, isUnacknowledged } from './alarm.ts'
import type { AlarmAction } from './alarm-queries.ts'
import { leftToRespondMs } from './announcements.ts'
import { PriorityMark } from './priority-mark.tsx'
import { conditionOf, valueText } from './written-condition.ts'

export interface AlarmRowProps {
  readonly alarm: Alarm
  readonly site: Site
  readonly nowMs: number
  readonly now: NowValue | undefined
  readonly mayOperate: boolean
  readonly chosen: boolean
  onChoose(chosen: boolean): void
  onAct(action: AlarmAction): void
  onShelve(): void
}

/** One alarm: what, where, since when, value against limit, what to do, and the buttons for it. */
export function AlarmRow(props: AlarmRowProps) {
  const { alarm, site, nowMs, mayOperate, chosen, onChoose } = props
  const { say } = useWords()
  const titleId = `alarm-${alarm.alarm}`
  const [owner = ''] = alarm.point.split('.')
  const asset = site.assets.find(({ id }) => id === owner)
  return (
    <li className="alarm" data-priority={alarm.priority} data-state={alarm.state} aria-labelledby={titleId}>
      <input
        type="checkbox"
        className="alarm-choose"
        checked={chosen}
        disabled={!mayOperate}
        aria-label={say('alarms.choose', { title: alarm.title })}
        onChange={({ target }) => onChoose(target.checked)}
      />
      <PriorityMark priority={alarm.priority} filled={isUnacknowledged(alarm)} size={24} />
      <div className="alarm-what">
        <h3 id={titleId}>{alarm.title}</h3>
        <p>{alarm.explanation ?? alarm.message}</p>
        <p className="alarm-where">
          <span className="alarm-state">{say(`alarms.state.${alarm.state}`)}</span>
          {asset ? (
            <Link to="/sites/$site/assets/$asset" params={{ site: site.id, asset: owner }} search={(search) => search}>
              {asset.title}
            </Link>
          ) : (
            <span>{owner}</span>
          )}
          <code>{alarm.point}</code>
        </p>
      </div>
      <AlarmTimes alarm={alarm} zone={site.zone} nowMs={nowMs} />
      <AlarmValue {...props} />
      <div className="alarm-do">
        <p>
          {alarm.action}{' '}
          {owner === 'commands' && (
            <Link to="/sites/$site/field" params={{ site: site.id }}>
              {say('page.field')}
            </Link>
          )}
        </p>
        {alarm.consequence && <p className="alarm-else">{say('alarms.else', { what: alarm.consequence })}</p>}
      </div>
      <AlarmButtons {...props} />
    </li>
  )
}

function AlarmTimes({ alarm, zone, nowMs }: { readonly alarm: Alarm; readonly zone: string; readonly nowMs: number }) {
  const { say, language } = useWords()
  const sinceMs = alarm.raisedMs ?? alarm.announcedMs
  const leftMs = isUnacknowledged(alarm) ? leftToRespondMs(alarm, nowMs) : undefined
  const span = (ms: number): string => {
    const { count, unit } = ageOf(ms)
    return say(`age.${unit}`, { count })
  }
  return (
    <div className="alarm-times">
      {sinceMs !== null && (
        <p>
          <strong>{span(nowMs - sinceMs)}</strong>{' '}
          <time dateTime={new Date(sinceMs).toISOString()} title={dayAndTime(sinceMs, zone, language)}>
            {say('alarms.since', { time: clockTime(sinceMs, zone, language) })}
          </time>
        </p>
      )}
      {alarm.state === 'shelved' && alarm.shelvedUntilMs !== null && (
        <p>{say('alarms.until', { time: dayAndTime(alarm.shelvedUntilMs, zone, language) })}</p>
      )}
      {leftMs !== undefined && (
        <p className="alarm-left" data-over={leftMs < 0}>
          {leftMs < 0 ? say('alarms.overdue', { time: span(-leftMs) }) : say('alarms.left', { time: span(leftMs) })}
        </p>
      )}
      {alarm.user && <p className="alarm-who">{alarm.comment ? `${alarm.user}: ${alarm.comment}` : alarm.user}</p>}
    </div>
  )
}

function AlarmValue({ alarm, site, now }: AlarmRowProps) {
  const { say, knows } = useWords()
  const condition = conditionOf(site.sections, alarm)
  const key = `alarms.when.${condition?.kind}`
  const limit = condition?.values.limit ?? ''
  const shown = (value: number): string => valueText(value, alarm.unit, limit)
  const value = now?.value ?? null
  return (
    <dl className="alarm-value">
      {value !== null && (
        <div>
          <dt>{say('alarms.now')}</dt>
          <dd>
            <strong>{shown(value)}</strong>
          </dd>
        </div>
      )}
      {condition && knows(key) && (
        <div>
          <dt>{say('alarms.limit')}</dt>
          <dd>{say(key, condition.values)}</dd>
        </div>
      )}
      {alarm.value !== null && (
        <div>
          <dt>{say('alarms.then')}</dt>
          <dd>{shown(alarm.value)}</dd>
        </div>
      )}
    </dl>
  )
}

function AlarmButtons({ alarm, mayOperate, onAct, onShelve }: AlarmRowProps) {
  const { say } = useWords()
  const { state, title } = alarm
  const button = (action: AlarmAction, Icon: typeof Check, primary = false) => (
    <button
      type="button"
      className={primary ? 'button primary' : 'button'}
      disabled={!mayOperate}
      aria-label={`${say(`alarms.do.${action}`)}: ${title}`}
      onClick={() => (action === 'shelve' ? onShelve() : onAct(action))}
    >
      <Icon size={16} aria-hidden /> {say(`alarms.do.${action}`)}
    </button>
  )
  return (
    <div className="alarm-buttons">
      {isUnacknowledged(alarm) && button('acknowledge', Check, true)}
      {state === 'latched-acknowledged' && button('reset', RotateCcw, true)}
      {state === 'shelved' && button('unshelve', Undo2)}
      {state === 'out-of-service' && button('in-service', Undo2)}
      {state !== 'shelved' && state !== 'out-of-service' && state !== 'suppressed' && button('shelve', EyeOff)}
    </div>
  )
}
