import { type PointerEvent, useEffect, useMemo, useRef, useState } from 'react'
import { useTheme } from '../app/theme.ts'
import { show } from '../format/numbers.ts'
import { dayAndTime, monthName } from '../format/times.ts'
import { mixedColour } from '../ui/canvas-colour.ts'
import { useWidth } from '../ui/use-width.ts'
import { useWords } from '../words/words.ts'
import { yearGridOf } from './year-grid.ts'

interface YearMapProps {
  readonly name: string
  /** One an hour, from a midnight on. */
  readonly values: readonly (number | null)[]
  readonly startMs: number
  readonly zone: string
  readonly unit: string
  /** Colour of the largest value. */
  readonly token: string
}

const hourMs = 3_600_000
const heightPx = 192
const shades = 32
/** What is taken, of a quantity that goes both ways. */
const otherToken = 'grid'

/** A year at a glance: a column a day, a row an hour, the first hour at the top. */
export function YearMap({ name, values, startMs, zone, unit, token }: YearMapProps) {
  const { say, language } = useWords()
  const { shown: theme } = useTheme()
  const [place, widthPx] = useWidth<HTMLDivElement>()
  const canvas = useRef<HTMLCanvasElement>(null)
  const [hour, setHour] = useState<number>()
  const grid = useMemo(() => yearGridOf(values), [values])
  // biome-ignore lint/correctness/useExhaustiveDependencies: another theme has other colours
  useEffect(() => {
    const element = canvas.current
    const context = element?.getContext('2d')
    if (!element || !context) return
    element.width = grid.days
    element.height = 24
    const scale = (of: string): readonly string[] =>
      Array.from({ length: shades + 1 }, (_, shade) => mixedColour(of, shade / shades))
    const [up, down] = [scale(token), grid.low < 0 ? scale(otherToken) : []]
    const most = Math.max(Math.abs(grid.low), Math.abs(grid.high), 1e-9)
    for (const [day, clock, value] of grid.cells) {
      const shade = Math.round((Math.abs(value) / most) * shades)
      context.fillStyle = (value < 0 ? down : up)[shade] ?? ''
      context.fillRect(day, clock, 1, 1)
    }
  }, [grid, token, theme, widthPx > 0])
  const months = useMemo(
    () =>
      Array.from({ length: 12 }, (_, month) => {
        const day = Math.round((month * 365.25) / 12)
        return { day, text: monthName(startMs + (day + 2) * 24 * hourMs, zone, language) }
      }),
    [startMs, zone, language],
  )
  const point = ({ currentTarget, clientX, clientY }: PointerEvent<HTMLElement>): void => {
    const box = currentTarget.getBoundingClientRect()
    const day = Math.floor(((clientX - box.left) / box.width) * grid.days)
    const clock = Math.floor(((clientY - box.top) / box.height) * 24)
    setHour(Math.min(values.length - 1, Math.max(0, day * 24 + clock)))
  }
  const text = (value: number): string => {
    const shown = show(value, unit)
    return `${shown.text}\u00a0${shown.unit}`
  }
  const read = hour === undefined ? undefined : values[hour]
  const low = Math.min(0, grid.low)
  return (
    <figure className="sizing-map">
      <div ref={place} className="sizing-map-place">
        <span className="sizing-map-hours" aria-hidden>
          {['00', '06', '12', '18'].map((clock) => (
            <span key={clock}>{clock}</span>
          ))}
        </span>
        <canvas
          ref={canvas}
          role="img"
          aria-label={say('sizing.mapSays', { name, low: text(grid.low), high: text(grid.high) })}
          style={{ height: heightPx }}
          onPointerMove={point}
          onPointerDown={point}
          onPointerLeave={() => setHour(undefined)}
        />
        <span className="sizing-map-months" aria-hidden>
          {months.map(({ day, text: month }) => (
            <span key={day}>{month}</span>
          ))}
        </span>
      </div>
      <figcaption>
        <span className="sizing-map-read">
          {hour === undefined || read === undefined || read === null
            ? say('sizing.mapHint')
            : `${dayAndTime(startMs + hour * hourMs, zone, language)}: ${text(read)}`}
        </span>
        <span className="sizing-map-scale" aria-hidden>
          {text(low)}
          <i
            style={{
              background:
                low < 0
                  ? `linear-gradient(90deg, var(--${otherToken}), var(--paper), var(--${token}))`
                  : `linear-gradient(90deg, var(--paper), var(--${token}))`,
            }}
          />
          {text(grid.high)}
        </span>
      </figcaption>
    </figure>
  )
}
