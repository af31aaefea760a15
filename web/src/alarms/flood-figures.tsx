import { formatNumber } from '../format/numbers.ts'
import { clockTime, dayAndTime } from '../format/times.ts'
import { Failure, Skeleton } from '../ui/states.tsx'
import { useWords } from '../words/words.ts'
import { priorities } from './alarm.ts'
import { type AlarmFigure, type FigureName, figureNames, useAlarmKpis, useJournal } from './alarm-queries.ts'
import { barsOf } from './announcements.ts'

const hourMs = 3_600_000
/** A shift, a day, a week; a part is ten minutes, as the standards count, of a week an hour. */
export const spans = [
  { id: 'shift', ms: 8 * hourMs, partMs: hourMs / 6 },
  { id: 'day', ms: 24 * hourMs, partMs: hourMs / 6 },
  { id: 'week', ms: 168 * hourMs, partMs: hourMs },
] as const
export type Span = (typeof spans)[number]

/** More of one operator in ten minutes are a flood (ISA-18.2). */
const floodAbove = 10
/** Height of the strip, px. */
const stripPx = 48

interface FloodFiguresProps {
  readonly site: string
  readonly span: Span
  /** Of the newest entry of the log. */
  readonly number: number
}

/** Whether the operators can keep up: each figure against its target. */
export function FloodFigures({ site, span, number }: FloodFiguresProps) {
  const { say } = useWords()
  const { data, error, refetch } = useAlarmKpis(site, span.ms, number)
  return (
    <section className="flood" aria-labelledby="flood-title">
      <h2 id="flood-title">
        {say('alarms.flood')} <span className="count">{say(`alarms.span.${span.id}`)}</span>
      </h2>
      {error ? (
        <Failure error={error} retry={() => void refetch()} />
      ) : data ? (
        <ul className="flood-figures">
          {figureNames.map((name) => (
            <FigureBar key={name} name={name} figure={data[name]} />
          ))}
        </ul>
      ) : (
        <Skeleton height={220} />
      )}
    </section>
  )
}

/** The times that the strip and the figures can be of. */
export function SpanChoice({ span, onChoose }: { readonly span: Span; onChoose(span: Span): void }) {
  const { say } = useWords()
  return (
    <fieldset className="choice">
      <legend className="visually-hidden">{say('alarms.span')}</legend>
      {spans.map((own) => (
        <button
          key={own.id}
          type="button"
          className="choice-item"
          aria-pressed={own === span}
          onClick={() => onChoose(own)}
        >
          {say(`alarms.span.${own.id}`)}
        </button>
      ))}
    </fieldset>
  )
}

const isShare = (name: FigureName): boolean => name === 'floodShare' || name === 'topTenShare'

/** A figure with its target as a mark on a bar; met or not by shape, word and colour. */
function FigureBar({
  name,
  figure: { value, most, met, source },
}: {
  readonly name: FigureName
  readonly figure: AlarmFigure
}) {
  const { say } = useWords()
  const shown = (number: number): string =>
    isShare(name) ? `${formatNumber(100 * number, 3)}\u00a0%` : formatNumber(number, 2)
  const full = Math.max(1.6 * most, value, isShare(name) ? 0.02 : 1)
  const share = (number: number): string => `${Math.min(100, (100 * number) / full)}%`
  return (
    <li className="figure-bar" data-met={met} title={source}>
      <span className="figure-name">{say(`alarms.figure.${name}`)}</span>
      <span className="figure-value">
        <span className="met-mark" aria-hidden>
          {met ? '●' : '▲'}
        </span>{' '}
        <strong>{shown(value)}</strong>
        <span className="visually-hidden">{say(met ? 'alarms.met' : 'alarms.missed')}</span>
      </span>
      <span className="figure-track" aria-hidden>
        <span className="track-fill" style={{ width: share(value) }} />
        <i className="track-target" style={{ left: share(most) }} />
      </span>
      <small>{say('alarms.atMost', { most: shown(most) })}</small>
    </li>
  )
}

interface RateBarsProps extends FloodFiguresProps {
  readonly zone: string
  readonly nowMs: number
}

/** Alarms that came, in parts of ten minutes or an hour, stacked by priority. */
export function RateBars({ site, zone, span, number, nowMs }: RateBarsProps) {
  const { say, language } = useWords()
  const { data } = useJournal(site, { number, limit: 1000 })
  if (!data) return <Skeleton height={66} />
  const toMs = Math.ceil(nowMs / span.partMs) * span.partMs
  const fromMs = toMs - span.ms
  const bars = barsOf(data.lines, { fromMs, toMs, partMs: span.partMs })
  const isPart = data.next !== undefined && (data.lines.at(-1)?.atMs ?? 0) > fromMs
  const flood = span.partMs === hourMs / 6
  const top = Math.max(flood ? floodAbove + 2 : 6, ...bars.map(({ total }) => total))
  const total = bars.reduce((sum, bar) => sum + bar.total, 0)
  const most = Math.max(0, ...bars.map((bar) => bar.total))
  const width = 1000 / bars.length
  return (
    <figure className="rate">
      <svg
        viewBox={`0 0 1000 ${stripPx}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={say('alarms.rateSays', { total, most })}
      >
        {bars.map(({ fromMs: startMs, counts }, k) => {
          let y = stripPx
          return priorities.toReversed().map((priority) => {
            const height = (stripPx * counts[priority]) / top
            if (height === 0) return null
            y -= height
            return (
              <rect
                key={`${startMs} ${priority}`}
                x={k * width + width * 0.08}
                y={y}
                width={width * 0.84}
                height={height}
                style={{ fill: `var(--priority-${priority})` }}
              />
            )
          })
        })}
        {flood && (
          <line
            x1={0}
            x2={1000}
            y1={stripPx - (stripPx * floodAbove) / top}
            y2={stripPx - (stripPx * floodAbove) / top}
            vectorEffect="non-scaling-stroke"
          />
        )}
      </svg>
      {flood && (
        <span className="rate-flood" style={{ bottom: `${18 + (stripPx * floodAbove) / top}px` }}>
          {say('alarms.floodLine', { number: floodAbove })}
        </span>
      )}
      <figcaption>
        <span>{dayAndTime(fromMs, zone, language)}</span>
        <span>{isPart ? say('alarms.ratePart') : say(flood ? 'alarms.perTen' : 'alarms.perHour')}</span>
        <span>{clockTime(nowMs, zone, language)}</span>
      </figcaption>
    </figure>
  )
}
