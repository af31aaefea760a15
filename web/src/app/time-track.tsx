import { type KeyboardEvent, useMemo, useRef } from 'react'
import { useJournal } from '../alarms/alarm-queries.ts'
import { useAlarms } from '../alarms/live-alarms.ts'
import { clockTime, dayAndTime, dayOnly, monthOnly } from '../format/times.ts'
import { useWidth } from '../ui/use-width.ts'
import { useWords } from '../words/words.ts'
import { keyedMoment } from './keyed-moment.ts'
import { type Moment, useMomentWord } from './moment.ts'
import { marksOf } from './time-marks.ts'
import { type Tick, ticksOf } from './time-ticks.ts'
import { shareOf, type TimeView } from './time-view.ts'
import { useTrackGestures } from './use-track-gestures.ts'

interface TimeTrackProps {
  readonly site: string
  readonly zone: string
  readonly moment: Moment
  readonly view: TimeView
  readonly reach: TimeView
  /** A moment was pressed or dragged to. */
  onDrag(timestampMs: number): void
  /** A moment was chosen by a key. */
  onStep(timestampMs: number): void
  onView(view: TimeView): void
}

/** Room that the words of a tick take. */
const tickPx = 76
/** Newest lines of the log of alarms in the days that are shown, which are looked through for marks. */
const markLines = 1000
const dayMs = 86_400_000

/** The bar itself: what is stored, what is planned, now between them, the alarms that were raised, and the thumb. */
export function TimeTrack({ site, zone, moment, view, reach, onDrag, onStep, onView }: TimeTrackProps) {
  const { say, language } = useWords()
  const { timestampMs, nowMs, kind } = moment
  const word = useMomentWord(site)
  const [track, widthPx] = useWidth<HTMLDivElement>()
  const input = useRef<HTMLInputElement>(null)
  const { fromMs, toMs } = view
  const ticks = useMemo(
    () => ticksOf({ fromMs, toMs }, zone, Math.floor(Math.max(widthPx, 300) / tickPx)),
    [fromMs, toMs, zone, widthPx],
  )
  const { number } = useAlarms(site)
  // Whole days, so that a bar that moves does not ask at every step.
  const days = { fromMs: Math.floor(fromMs / dayMs) * dayMs, toMs: Math.ceil(toMs / dayMs) * dayMs }
  const lines = useJournal(site, { number, limit: markLines, span: days }).data?.lines
  const marks = useMemo(() => marksOf(lines ?? [], { fromMs, toMs }), [lines, fromMs, toMs])
  const handlers = useTrackGestures(track, { view, reach, momentMs: timestampMs, onMoment: onDrag, onView })
  const percent = (atMs: number): string => `${(inside(shareOf(view, atMs)) * 100).toFixed(3)}%`
  const stretch = (from: number, to: number) => ({
    insetInlineStart: percent(from),
    width: `${Math.max(0, inside(shareOf(view, to)) - inside(shareOf(view, from))) * 100}%`,
  })
  const shown = dayAndTime(timestampMs, zone, language)
  const thumbShare = shareOf(view, timestampMs)
  const words = ({ atMs, says }: Tick): string =>
    says === 'time'
      ? clockTime(atMs, zone, language)
      : says === 'day'
        ? dayOnly(atMs, zone, language)
        : monthOnly(atMs, zone, language)
  const step = (event: KeyboardEvent): void => {
    const next = keyedMoment(event, timestampMs, reach)
    if (next === undefined) return
    event.preventDefault()
    onStep(next)
  }
  return (
    // The slider inside is what keys and screen readers use; the bar around it takes the pointer.
    <div
      className="time-track"
      ref={track}
      {...handlers}
      onPointerDown={(event) => {
        input.current?.focus({ preventScroll: true })
        event.preventDefault()
        handlers.onPointerDown(event)
      }}
    >
      <input
        ref={input}
        type="range"
        aria-label={say('time.bar')}
        aria-valuetext={say('time.value', { moment: shown, kind: say(`time.${word}`) })}
        min={reach.fromMs}
        max={Math.max(reach.toMs, timestampMs)}
        step={1000}
        value={timestampMs}
        onChange={(event) => onStep(Number(event.target.value))}
        onKeyDown={step}
      />
      <div className="time-rail" aria-hidden>
        <div className="time-past" style={stretch(reach.fromMs, nowMs)} />
        <div className="time-planned" style={stretch(nowMs, reach.toMs)} />
      </div>
      <div aria-hidden>
        {ticks.map((tick) => (
          <span key={tick.atMs} className="tick" data-says={tick.says} style={{ insetInlineStart: percent(tick.atMs) }}>
            {words(tick)}
          </span>
        ))}
        {marks.map(({ share, atMs, priority, count }) => (
          <span
            key={atMs}
            className="time-mark"
            data-priority={priority}
            style={{ insetInlineStart: `${share * 100}%` }}
            title={say('time.raised', { count, moment: dayAndTime(atMs, zone, language) })}
          />
        ))}
        {nowMs >= fromMs && nowMs <= toMs && (
          <div className="time-now" style={{ insetInlineStart: percent(nowMs) }}>
            <span>{say('time.now')}</span>
          </div>
        )}
        {thumbShare >= 0 && thumbShare <= 1 && (
          <div className="time-thumb" data-kind={kind} style={{ insetInlineStart: percent(timestampMs) }} />
        )}
      </div>
      <span className="visually-hidden">
        {say('time.alarms', { count: marks.reduce((sum, { count }) => sum + count, 0) })}
      </span>
    </div>
  )
}

const inside = (share: number): number => Math.min(1, Math.max(0, share))
