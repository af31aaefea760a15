import { type ReactNode, useEffect, useRef, useState } from 'react'
import { useMoment } from '../app/moment.ts'
import { useTheme } from '../app/theme.ts'
import { painterOf } from '../ui/canvas-colour.ts'
import { useWords } from '../words/words.ts'
import { ChartMenu } from './chart-menu.tsx'
import { tableOfSpec } from './chart-table.ts'
import type { DrawnChart } from './draw-chart.ts'
import type { ChartFrame, ChartSpec } from './spec.ts'

interface ChartProps {
  readonly title: string
  /** What the chart says, for those who do not see it. */
  readonly summary: string
  readonly spec: ChartSpec
  readonly zone: string
  /** Named in saved pictures; the site without it. */
  readonly source?: string
  onHover?(step: number | undefined): void
  /** Things that stand on the chart: handles of limits. */
  overlay?(frame: ChartFrame): ReactNode
}

/** A titled chart with its key. The drawing code comes with the first chart that is asked for. */
export function Chart(props: ChartProps) {
  const { title, spec, zone, source } = props
  const { say, language } = useWords()
  const { shown } = useTheme()
  const figure = useRef<HTMLElement>(null)
  const picture = async (from: string): Promise<string> => {
    const { writeChartSvg } = await import('./write-chart-svg.ts')
    return writeChartSvg(spec, {
      ...{ title, source: from, zone, language },
      widthPx: Math.max(640, figure.current?.clientWidth ?? 960),
      paint: painterOf(figure.current ?? undefined),
    })
  }
  return (
    <figure className="chart" ref={figure}>
      <figcaption>
        <h2>
          {title} <span className="unit">{[spec.unit, spec.rightUnit].filter(Boolean).join(' · ')}</span>
        </h2>
        <ul className="key">
          {spec.lines.map(({ label, token, shape, dashed }) => (
            <li key={label}>
              <i data-shape={dashed ? 'dashed' : shape} style={{ color: `var(--${token})` }} aria-hidden />
              {label}
            </li>
          ))}
        </ul>
        <ChartMenu {...{ title, zone, source, picture }} table={() => tableOfSpec(spec, say('charts.time'))} />
      </figcaption>
      {/* Another theme has other colours, which a canvas does not follow: it is drawn anew. */}
      <Plot key={shown} {...props} />
    </figure>
  )
}

function Plot({ title, summary, spec, zone, onHover, overlay }: ChartProps) {
  const { language } = useWords()
  const { timestampMs, nowMs } = useMoment()
  const [frame, setFrame] = useState<ChartFrame>()
  const place = useRef<HTMLDivElement>(null)
  const drawn = useRef<DrawnChart>(undefined)
  const moments = useRef({ shownMs: timestampMs, nowMs })
  const hover = useRef(onHover)
  hover.current = onHover

  useEffect(() => {
    const element = place.current
    if (!element) return
    let gone = false
    const resizing = new ResizeObserver(() => drawn.current?.resize(element.clientWidth))
    void import('./draw-chart.ts').then(({ drawChart }) => {
      if (gone) return
      drawn.current = drawChart(element, {
        spec,
        zone,
        language,
        widthPx: element.clientWidth,
        moments: () => moments.current,
        onHover: (step) => hover.current?.(step),
        onFrame: setFrame,
      })
      resizing.observe(element)
    })
    return () => {
      gone = true
      resizing.disconnect()
      drawn.current?.remove()
      drawn.current = undefined
    }
  }, [spec, zone, language])

  useEffect(() => {
    moments.current = { shownMs: timestampMs, nowMs }
    drawn.current?.redraw()
  }, [timestampMs, nowMs])

  return (
    <div className="chart-place" style={{ minHeight: spec.heightPx }}>
      <div ref={place} role="img" aria-label={`${title}. ${summary}`} />
      {frame && overlay?.(frame)}
    </div>
  )
}
