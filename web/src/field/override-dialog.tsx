import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { serverNowMs } from '../api/clock.ts'
import { dayAndTime } from '../format/times.ts'
import { useWords } from '../words/words.ts'
import { type Setpoint, setByHand } from './field-queries.ts'
import { ReasonDialog } from './reason-dialog.tsx'
import { amountText } from './why-sentence.tsx'

interface OverrideDialogProps {
  readonly site: string
  readonly zone: string
  readonly setpoint: Setpoint
  readonly nowMs: number
  onClose(): void
}

const minutesOf = [15, 30, 60, 120, 240, 480, 1440]

/** Sets a setpoint by hand: a value within its limits, an end, a reason. */
export function OverrideDialog({ site, zone, setpoint, nowMs, onClose }: OverrideDialogProps) {
  const { say, language } = useWords()
  const client = useQueryClient()
  const { ref, title, unit, least, most } = setpoint
  const [value, setValue] = useState(String(setpoint.value ?? 0))
  const [minutes, setMinutes] = useState(30)
  const send = async (reason: string): Promise<void> => {
    const until = new Date(serverNowMs() + minutes * 60_000).toISOString()
    await setByHand(site, ref, { value: Number(value), reason, until })
    await client.invalidateQueries({ queryKey: ['commands', site] })
  }
  return (
    <ReasonDialog
      title={say('field.byHandTitle', { title })}
      says={say('field.byHandSays')}
      go={say('field.byHandGo')}
      send={send}
      onClose={onClose}
    >
      <label className="field">
        <span>{say('field.value', { unit: unit === '1' ? '' : unit })}</span>
        <input
          type="number"
          required
          step="any"
          min={least}
          max={most}
          value={value}
          onChange={({ target }) => setValue(target.value)}
        />
        <small>{say('field.limits', { least: amountText(least, unit), most: amountText(most, unit) })}</small>
      </label>
      <label className="field">
        <span>{say('alarms.howLong')}</span>
        <select className="select" value={minutes} onChange={({ target }) => setMinutes(Number(target.value))}>
          {minutesOf.map((own) => (
            <option key={own} value={own}>
              {own < 60 ? say('age.minutes', { count: own }) : say('age.hours', { count: own / 60 })} ·{' '}
              {say('alarms.until', { time: dayAndTime(nowMs + own * 60_000, zone, language) })}
            </option>
          ))}
        </select>
      </label>
    </ReasonDialog>
  )
}
