import { Radio } from 'lucide-react'
import { clockTime, dayAndTime } from '../format/times.ts'
import { useWords } from '../words/words.ts'
import { quarterHourMs, useMoment } from './moment.ts'

const hourMs = 3_600_000
const reachMs = 24 * hourMs

/** Every third full hour of the clock of the site. */
function fullHours(fromMs: number, toMs: number, zone: string): readonly number[] {
  const halfHours = Array.from(
    { length: Math.floor((toMs - fromMs) / (hourMs / 2)) + 1 },
    (_, index) => Math.ceil(fromMs / (hourMs / 2)) * (hourMs / 2) + (index * hourMs) / 2,
  )
  return halfHours.filter((timeMs) => {
    const [hour = 0, minute = 0] = clockTime(timeMs, zone, 'en').split(':').map(Number)
    return minute === 0 && hour % 3 === 0 && timeMs <= toMs
  })
}

/** Rules every page: drag it, or use the arrow keys, and the page shows that moment. */
export function TimeBar({ zone }: { readonly zone: string }) {
  const { say, language } = useWords()
  const { timestampMs, nowMs, kind, move } = useMoment()
  const fromMs = Math.floor((nowMs - reachMs) / quarterHourMs) * quarterHourMs
  const toMs = fromMs + 2 * reachMs
  const share = (atMs: number): string =>
    `${(Math.min(1, Math.max(0, (atMs - fromMs) / (toMs - fromMs))) * 100).toFixed(3)}%`
  const ticks = fullHours(fromMs, toMs, zone)
  const moment = dayAndTime(timestampMs, zone, language)
  const choose = (text: string): void => {
    const chosen = Number(text)
    move(Math.abs(chosen - nowMs) < quarterHourMs / 2 ? undefined : chosen)
  }
  return (
    <footer className="time-bar">
      <output className="moment" data-kind={kind}>
        <strong>{moment}</strong> <span>{say(`time.${kind}`)}</span>
      </output>
      <div className="time-track">
        <div className="time-past" style={{ width: share(nowMs) }} />
        <div className="time-now" style={{ left: share(nowMs) }}>
          <span>{say('time.now')}</span>
        </div>
        {ticks.map((tick, index) => (
          <span key={tick} className={index % 2 === 0 ? 'tick' : 'tick minor'} style={{ left: share(tick) }}>
            {clockTime(tick, zone, language)}
          </span>
        ))}
        <input
          type="range"
          aria-label={say('time.bar')}
          aria-valuetext={say('time.value', { moment, kind: say(`time.${kind}`) })}
          min={fromMs}
          max={toMs}
          step={quarterHourMs}
          value={timestampMs}
          onChange={(event) => choose(event.target.value)}
          onKeyDown={(event) => {
            const hours = { PageUp: 1, PageDown: -1 }[event.key]
            if (hours === undefined) return
            event.preventDefault()
            choose(String(Math.min(toMs, Math.max(fromMs, timestampMs + hours * hourMs))))
          }}
        />
      </div>
      <button type="button" className="button" disabled={kind === 'live'} onClick={() => move(undefined)}>
        <Radio size={16} aria-hidden /> {say('time.toNow')}
      </button>
    </footer>
  )
}
