import { useNavigate, useSearch } from '@tanstack/react-router'
import { Pause, Play, Radio } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import type { Site } from '../api/types.ts'
import { dayAndTime, dayYearAndTime } from '../format/times.ts'
import { useWords } from '../words/words.ts'
import { readFrameSearch, type Span } from './frame-search.ts'
import { quarterHourMs, useAddressWins, useMoment, useMomentWord } from './moment.ts'
import { TimeTrack } from './time-track.tsx'
import { dragStepMs, shareOf, spanInAddress, spanOfWidth, spans, type TimeView, viewOf, widthOf } from './time-view.ts'
import { usePlayback } from './use-playback.ts'
import { useReach } from './use-reach.ts'
import './time-bar.css'

/** As near to now as this a dragged moment becomes now. */
const snapShare = 0.006
const settleAfterMs = 400
/** From this far away on the year is said. */
const yearSaidMs = 180 * 86_400_000

/** Rules every page: drag it, play it, or use the arrow keys, and the page shows that moment. */
export function TimeBar({ site }: { readonly site: Site }) {
  const { say, language } = useWords()
  const moment = useMoment()
  const word = useMomentWord(site.id)
  useAddressWins()
  const { timestampMs, nowMs, kind, move, scrub } = moment
  const reach = useReach(site, nowMs)
  const { span, setSpan, view, hold } = useTimeView({ nowMs, momentMs: timestampMs, reach })
  const { playing, speed, toggle, faster } = usePlayback(moment, reach.toMs)
  const widthMs = view.toMs - view.fromMs
  const written = Math.abs(timestampMs - nowMs) < yearSaidMs ? dayAndTime : dayYearAndTime

  const drag = (wantedMs: number): void => {
    const stepMs = dragStepMs(widthMs)
    const rounded = Math.round(wantedMs / stepMs) * stepMs
    const near = Math.abs(wantedMs - nowMs) < Math.max(stepMs / 2, snapShare * widthMs)
    scrub(near ? undefined : Math.min(reach.toMs, Math.max(reach.fromMs, rounded)))
  }
  const step = (wantedMs: number): void => {
    const share = shareOf(view, wantedMs)
    if (share < 0 || share > 1) hold(undefined)
    move(Math.abs(wantedMs - nowMs) < quarterHourMs / 2 ? undefined : wantedMs)
  }
  return (
    <footer className="time-bar" data-playing={playing}>
      <output className="moment" data-kind={word}>
        <strong>{written(timestampMs, site.zone, language)}</strong> <span>{say(`time.${word}`)}</span>
      </output>
      <div className="time-play">
        <button
          type="button"
          className="button plain icon"
          onClick={toggle}
          title={`${say(playing ? 'time.pause' : 'time.play')} (${say('time.space')})`}
        >
          {playing ? <Pause size={18} aria-hidden /> : <Play size={18} aria-hidden />}
          <span className="visually-hidden">{say(playing ? 'time.pause' : 'time.play')}</span>
        </button>
        <button
          type="button"
          className="button plain time-speed"
          onClick={faster}
          aria-label={say('time.speed', { speed })}
          title={say('time.speed', { speed })}
        >
          {speed}×
        </button>
      </div>
      <TimeTrack
        site={site.id}
        zone={site.zone}
        moment={moment}
        view={view}
        reach={reach}
        onDrag={drag}
        onStep={step}
        onView={hold}
      />
      <fieldset className="choice time-spans">
        <legend className="visually-hidden">{say('time.span')}</legend>
        {spans.map((own) => (
          <button
            key={own}
            type="button"
            className="choice-item"
            aria-pressed={span === own}
            onClick={() => setSpan(own)}
          >
            {say(`time.${own}`)}
          </button>
        ))}
      </fieldset>
      <button
        type="button"
        className="button time-to-now"
        disabled={kind === 'live'}
        onClick={() => {
          hold(undefined)
          move(undefined)
        }}
      >
        <Radio size={16} aria-hidden /> <span>{say('time.toNow')}</span>
      </button>
    </footer>
  )
}

interface ShownView {
  readonly span: Span
  setSpan(span: Span): void
  readonly view: TimeView
  /** Leaves the view here; undefined: where it stands by itself. */
  hold(view: TimeView | undefined): void
}

/** What the bar shows: its span stands in the address, where it was dragged to does not. */
function useTimeView(input: {
  readonly nowMs: number
  readonly momentMs: number
  readonly reach: TimeView
}): ShownView {
  // An address that anybody may have written is read as such: what the route refuses still stands in it.
  const { span: wanted = 'day' } = readFrameSearch(useSearch({ from: '/sites/$site' }))
  const navigate = useNavigate()
  const [held, setHeld] = useState<TimeView>()
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const span = held ? spanOfWidth(held.toMs - held.fromMs) : wanted
  const write = (next: Span): void => {
    const search = ({ span: _, ...rest }: Readonly<Record<string, unknown>>) => ({ ...rest, ...spanInAddress(next) })
    void navigate({ to: '.', search, replace: true })
  }
  useEffect(() => () => clearTimeout(timer.current), [])
  return {
    span,
    setSpan(next) {
      clearTimeout(timer.current)
      setHeld(undefined)
      write(next)
    },
    view: viewOf({ ...input, widthMs: held ? held.toMs - held.fromMs : widthOf(wanted), heldFromMs: held?.fromMs }),
    hold(next) {
      setHeld(next)
      clearTimeout(timer.current)
      if (!next) return
      timer.current = setTimeout(() => write(spanOfWidth(next.toMs - next.fromMs)), settleAfterMs)
    },
  }
}
