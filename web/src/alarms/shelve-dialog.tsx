import { type FormEvent, useState } from 'react'
import { clockTime } from '../format/times.ts'
import { Dialog } from '../ui/dialog.tsx'
import { useWords } from '../words/words.ts'
import type { Alarm } from './alarm.ts'
import type { AlarmAction } from './alarm-queries.ts'
import { shelvingTimes } from './announcements.ts'

interface ShelveDialogProps {
  readonly alarms: readonly Alarm[]
  readonly zone: string
  readonly nowMs: number
  onShelve(action: AlarmAction, body: { readonly comment: string; readonly for?: string }): void
  onClose(): void
}

const minuteMs = 60_000

/** Why, and for how long: what ISA-18.2 asks for before an alarm may be hidden. */
export function ShelveDialog({ alarms, zone, nowMs, onShelve, onClose }: ShelveDialogProps) {
  const { say, language } = useWords()
  const [reason, setReason] = useState('')
  const times = shelvingTimes(Math.min(...alarms.map(({ shelveAtMostMs }) => shelveAtMostMs)))
  const [forMs, setForMs] = useState<number | 'open'>(times[Math.min(1, times.length - 1)] ?? 0)
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    const comment = reason.trim()
    if (comment === '') return
    if (forMs === 'open') onShelve('out-of-service', { comment })
    else onShelve('shelve', { comment, for: `${Math.round(forMs / minuteMs)}m` })
    onClose()
  }
  const span = (ms: number): string =>
    ms < 60 * minuteMs
      ? say('age.minutes', { count: Math.round(ms / minuteMs) })
      : say('age.hours', { count: Math.round((10 * ms) / (60 * minuteMs)) / 10 })
  return (
    <Dialog
      title={
        alarms.length === 1
          ? say('alarms.shelveOne', { title: alarms[0]?.title ?? '' })
          : say('alarms.shelveMany', { number: alarms.length })
      }
      onClose={onClose}
    >
      <form className="dialog-form" onSubmit={submit}>
        <label className="field">
          <span>{say('alarms.reason')}</span>
          <textarea
            rows={2}
            required
            maxLength={1000}
            value={reason}
            onChange={({ target }) => setReason(target.value)}
          />
        </label>
        <fieldset className="times">
          <legend>{say('alarms.howLong')}</legend>
          {times.map((ms) => (
            <label key={ms}>
              <input type="radio" name="for" checked={forMs === ms} onChange={() => setForMs(ms)} />
              <span>{span(ms)}</span>{' '}
              <small>{say('alarms.until', { time: clockTime(nowMs + ms, zone, language) })}</small>
            </label>
          ))}
          <label>
            <input type="radio" name="for" checked={forMs === 'open'} onChange={() => setForMs('open')} />
            <span>{say('alarms.outOfService')}</span>
          </label>
        </fieldset>
        <p className="quiet">{say('alarms.shelveSays')}</p>
        <div className="dialog-buttons">
          <button type="button" className="button" onClick={onClose}>
            {say('alarms.cancel')}
          </button>
          <button type="submit" className="button primary" disabled={reason.trim() === ''}>
            {say('alarms.shelveGo')}
          </button>
        </div>
      </form>
    </Dialog>
  )
}
