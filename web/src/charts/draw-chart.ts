import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { formatNumber } from '../format/numbers.ts'
import { clockTime, dayOnly } from '../format/times.ts'
import { mixedColour, tokenColour } from '../ui/canvas-colour.ts'
import { canvasFont, onNewLetters } from '../ui/canvas-letters.ts'
import { leftExtent, rightExtent } from './scales.ts'
import { historyShare, planShare } from './shares.ts'
import type { ChartFrame, ChartSpec, Line } from './spec.ts'

export interface DrawOptions {
  readonly spec: ChartSpec
  readonly zone: string
  readonly language: string
  readonly widthPx: number
  /** The moment of the time bar and now; asked for at every drawing. */
  moments(): { readonly shownMs: number; readonly nowMs: number }
  /** Step under the pointer; undefined when it leaves. */
  onHover(step: number | undefined): void
  onFrame(frame: ChartFrame): void
}

export interface DrawnChart {
  redraw(): void
  resize(widthPx: number): void
  remove(): void
}

/** Charts of this key show their cross-hair at the same moment. */
const syncKey = 'console'
const axisWidthPx = 52

/** Draws a chart into an element. Values live in typed rows outside of React. */
export function drawChart(element: HTMLElement, options: DrawOptions): DrawnChart {
  const { spec, zone, language, widthPx } = options
  const ink = tokenColour('ink-soft', element)
  const faint = tokenColour('line', element)
  const stepped = uPlot.paths.stepped?.({ align: 1 })
  const timesS = spec.timestampsMs.map((timestampMs) => timestampMs / 1000)
  const held = ({ values }: Line): (number | null)[] => [...values, values.at(-1) ?? null].slice(0, timesS.length)
  // Areas are sums from the bottom up: the highest is painted first, the lower ones over it.
  const areas = spec.lines.filter(({ shape }) => shape === 'area').toReversed()
  const lines = spec.lines.filter(({ shape }) => shape === 'line')
  const hasRight = spec.lines.some(({ axis }) => axis === 'right')

  const seriesOf = (line: Line): uPlot.Series => {
    const colour = tokenColour(line.token, element)
    return {
      label: line.label,
      scale: line.axis === 'right' ? 'right' : 'left',
      stroke: colour,
      width: line.widthPx ?? (line.shape === 'area' ? 0 : 2),
      points: { show: false },
      ...(line.dashed ? { dash: [5, 4] } : {}),
      ...(line.shape === 'area' ? { fill: (plot: uPlot) => areaFill(plot, line.token, spec.planFromMs) } : {}),
      ...(stepped ? { paths: stepped } : {}),
    }
  }
  const axis = (scale: string, side: 1 | 3, grid: boolean): uPlot.Axis => ({
    scale,
    side,
    stroke: ink,
    font: canvasFont,
    size: axisWidthPx,
    gap: 6,
    grid: { show: grid, stroke: faint, width: 1 },
    ticks: { show: false },
    space: 30,
    values: (_, splits) => splits.map((value) => formatNumber(value)),
  })
  const plot = new uPlot(
    {
      width: widthPx,
      height: spec.heightPx,
      padding: [10, hasRight ? 0 : spec.rightGutter ? axisWidthPx : 34, 0, 0],
      tzDate: (timestampS) => uPlot.tzDate(new Date(timestampS * 1000), zone),
      legend: { show: false },
      cursor: {
        sync: { key: syncKey },
        drag: { x: false, y: false },
        points: { show: false },
        y: false,
      },
      scales: {
        x: { time: true, range: [timesS[0] ?? 0, timesS.at(-1) ?? 1] },
        left: { range: (_, low, high) => leftExtent(spec, low, high) },
        right: { range: (_, low, high) => rightExtent(low, high) },
      },
      axes: [
        {
          stroke: ink,
          font: canvasFont,
          size: 26,
          gap: 4,
          grid: { show: true, stroke: faint, width: 1 },
          ticks: { show: false },
          space: 56,
          incrs: [3600, 2 * 3600, 3 * 3600, 6 * 3600, 12 * 3600, 24 * 3600],
          values: (_, splits) =>
            splits.map((timeS) => {
              const time = clockTime(timeS * 1000, zone, language)
              return time === '00:00' ? dayOnly(timeS * 1000, zone, language) : time
            }),
        },
        axis('left', 3, true),
        ...(hasRight ? [axis('right', 1, false)] : []),
      ],
      series: [{}, ...areas.map(seriesOf), ...lines.map(seriesOf)],
      hooks: {
        draw: [(drawn) => drawMoments(drawn, options)],
        setCursor: [
          ({ cursor }) =>
            options.onHover(cursor.left === undefined || cursor.left < 0 ? undefined : (cursor.idx ?? undefined)),
        ],
        ready: [(drawn) => options.onFrame(frameOf(drawn))],
        setSize: [(drawn) => options.onFrame(frameOf(drawn))],
      },
    },
    [timesS, ...areas.map(held), ...lines.map(held)],
    element,
  )
  const stopLetters = onNewLetters(() => plot.redraw(false, true))
  return {
    redraw: () => plot.redraw(false),
    resize: (nextPx) => plot.setSize({ width: nextPx, height: spec.heightPx }),
    remove() {
      stopLetters()
      plot.destroy()
    },
  }
}

/** Planned values are painted lighter than what was; opaque, because lower areas are painted over higher ones. */
function areaFill(plot: uPlot, token: string, planFromMs: number | undefined): string | CanvasGradient {
  const [history, plan] = [mixedColour(token, historyShare, plot.root), mixedColour(token, planShare, plot.root)]
  if (planFromMs === undefined || plot.bbox.width <= 0) return history
  const fromPx = plot.bbox.left
  const gradient = plot.ctx.createLinearGradient(fromPx, 0, fromPx + plot.bbox.width, 0)
  const turn = (plot.valToPos(planFromMs / 1000, 'x', true) - fromPx) / plot.bbox.width
  const at = Math.min(1, Math.max(0, turn))
  gradient.addColorStop(0, at <= 0 ? plan : history)
  gradient.addColorStop(at, history)
  gradient.addColorStop(at, plan)
  gradient.addColorStop(1, at >= 1 ? history : plan)
  return gradient
}

/** A firm line at now, an accented one at the moment shown. */
function drawMoments(plot: uPlot, { moments }: DrawOptions): void {
  const { shownMs, nowMs } = moments()
  const { ctx, bbox } = plot
  const rule = (timestampMs: number, token: string, widthPx: number): void => {
    const x = Math.round(plot.valToPos(timestampMs / 1000, 'x', true))
    if (x < bbox.left || x > bbox.left + bbox.width) return
    ctx.strokeStyle = tokenColour(token, plot.root)
    ctx.setLineDash([])
    ctx.lineWidth = widthPx * devicePixelRatio
    ctx.beginPath()
    ctx.moveTo(x, bbox.top)
    ctx.lineTo(x, bbox.top + bbox.height)
    ctx.stroke()
  }
  ctx.save()
  rule(nowMs, 'ink', 1)
  if (Math.abs(shownMs - nowMs) > 60_000) rule(shownMs, 'accent', 2)
  ctx.restore()
}

function frameOf(plot: uPlot): ChartFrame {
  const { bbox } = plot
  const scale = 1 / devicePixelRatio
  const topPx = bbox.top * scale
  return {
    leftPx: bbox.left * scale,
    rightPx: (bbox.left + bbox.width) * scale,
    topPx,
    bottomPx: (bbox.top + bbox.height) * scale,
    valueToPx: (value) => topPx + plot.valToPos(value, 'left'),
    pxToValue: (px) => plot.posToVal(px - topPx, 'left'),
  }
}
