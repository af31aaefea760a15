import { X } from 'lucide-react'
import { useEffect, useRef } from 'react'
import type { Site } from '../api/types.ts'
import { formatNumber } from '../format/numbers.ts'
import { ageOf } from '../format/times.ts'
import { qualityNames } from '../telemetry/series.ts'
import { useWords } from '../words/words.ts'
import { followGestures } from './row-gestures.ts'
import { createRowPlot, leftAxisPx, type RowPlot, rightGutterPx } from './row-plot.ts'
import type { BoardState, TrendBoard } from './trend-board.ts'
import type { TrendRow } from './trend-rows.ts'
import { zoomed } from './trend-view.ts'

interface TrendRowProps {
  readonly row: TrendRow
  readonly board: TrendBoard
  readonly site: Site
  readonly widthPx: number
  readonly heightPx: number
  readonly withTimes: boolean
  onRemove(ref: string): void
  onMoment(timestampMs: number): void
}

/** Lines of one unit: their key with the values that are read, and their plot. */
export function TrendRowView(props: TrendRowProps) {
  const { row, board, onRemove } = props
  const { say } = useWords()
  const unit = row.unit === '1' ? '' : row.unit
  const values = useReadings(board)
  return (
    <section className="trends-row" aria-label={say('trends.plot', { unit: unit || say('trends.noUnit') })}>
      <ul className="trends-key">
        {row.lines.map(({ point: { ref, title, ownerTitle }, colour }) => (
          <li
            key={ref}
            onPointerEnter={() => board.highlight(ref)}
            onPointerLeave={() => board.highlight(undefined)}
            title={`${ownerTitle} · ${title} (${ref})`}
          >
            <i style={{ background: colour }} aria-hidden />
            <span className="trends-key-name">
              {ownerTitle} · {title}
            </span>
            <span className="trends-value" ref={values(ref)} />
            <span className="unit">{unit}</span>
            <button
              type="button"
              className="trends-remove"
              aria-label={say('trends.remove', { name: `${ownerTitle} · ${title}` })}
              onClick={() => onRemove(ref)}
            >
              <X size={14} aria-hidden />
            </button>
          </li>
        ))}
      </ul>
      <RowPlotPlace {...props} />
    </section>
  )
}

/** What stands beside a value that is not simply good, as on its line. */
const signs = { good: '', estimated: ' ○', synthetic: ' □', suspect: ' ⋯', missing: '' } as const

/** Writes values into the key without React: they change with every movement of the pointer. */
function useReadings(board: TrendBoard): (ref: string) => (element: HTMLSpanElement | null) => void {
  const { say } = useWords()
  const places = useRef(new Map<string, HTMLSpanElement>())
  useEffect(() => {
    const write = ({ readings }: BoardState): void => {
      for (const [ref, element] of places.current) {
        const reading = readings.get(ref)
        const read = reading?.read
        const text = read ? formatNumber(read.value) : '–'
        const quality = qualityNames[read?.quality ?? 0] ?? 'good'
        const age = reading?.staleMs === undefined ? undefined : ageOf(reading.staleMs)
        const stale = age ? say('trends.staleFor', { age: say(`age.${age.unit}`, { count: age.count }) }) : undefined
        const shown = stale ? `${text} (${stale})` : `${text}${signs[quality]}`
        if (element.textContent !== shown) element.textContent = shown
        element.dataset.state = stale ? 'stale' : quality
        element.title = stale ?? say(`trends.quality.${quality}`)
      }
    }
    write(board.state())
    return board.subscribe(write)
  }, [board, say])
  return (ref) => (element) => {
    if (element) places.current.set(ref, element)
    else places.current.delete(ref)
  }
}

function RowPlotPlace({ row, board, site, widthPx, heightPx, withTimes, onMoment }: TrendRowProps) {
  const { language } = useWords()
  const place = useRef<HTMLDivElement>(null)
  const mark = useRef<HTMLDivElement>(null)
  const plot = useRef<RowPlot>(undefined)
  const choose = useRef(onMoment)
  choose.current = onMoment
  const size = useRef({ widthPx, heightPx })
  size.current = { widthPx, heightPx }
  const { unit } = row
  useEffect(() => {
    const element = place.current
    if (!element) return
    const made = createRowPlot({ element, ...size.current, zone: site.zone, language, withTimes })
    plot.current = made
    const remove = board.addPlot(unit, made)
    const edges = () => ({ leftPx: leftAxisPx, widthPx: size.current.widthPx - leftAxisPx - rightGutterPx })
    const momentAt = (share: number): number => {
      const { fromMs, toMs } = board.view()
      return fromMs + share * (toMs - fromMs)
    }
    const stop = followGestures(element, edges, {
      zoomAt: (factor, share) => board.move(zoomed(board.view(), factor, momentAt(share))),
      zoomTo: (from, to) => board.move({ fromMs: momentAt(from), toMs: momentAt(to) }),
      pan(share) {
        const { fromMs, toMs } = board.view()
        const byMs = share * (toMs - fromMs)
        board.move({ fromMs: fromMs + byMs, toMs: toMs + byMs })
      },
      choose: (share) => choose.current(Math.round(momentAt(share))),
      point: (share) => board.point(share === undefined ? undefined : momentAt(share)),
      mark(stretch) {
        const { style } = mark.current!
        style.display = stretch ? 'block' : 'none'
        if (!stretch) return
        const { leftPx, widthPx: plotPx } = edges()
        style.left = `${leftPx + stretch[0] * plotPx}px`
        style.width = `${(stretch[1] - stretch[0]) * plotPx}px`
      },
    })
    return () => {
      stop()
      remove()
      made.remove()
      plot.current = undefined
    }
  }, [board, unit, site.zone, language, withTimes])
  useEffect(() => plot.current?.resize(widthPx, heightPx), [widthPx, heightPx])
  return (
    <div className="trends-plot" style={{ height: heightPx }}>
      <div ref={place} />
      <div ref={mark} className="trends-mark" />
    </div>
  )
}
