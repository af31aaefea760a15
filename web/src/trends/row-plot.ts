import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { formatNumber } from '../format/numbers.ts'
import { canvasColour } from '../ui/canvas-colour.ts'
import { canvasFont, onNewLetters } from '../ui/canvas-letters.ts'
import type { View } from './pieces.ts'
import { mostCorners, shortPaths } from './short-paths.ts'
import { axisExtent, type Extent, extentOf, type Stroke } from './strokes.ts'
import { tickStep, tickText, timeTicks } from './time-ticks.ts'
import { type Frame, marksOf, traceBand, traceLine, xOf } from './trace.ts'

/** A line as a plot draws it. */
export interface PlottedLine {
  readonly strokes: readonly Stroke[]
  readonly colour: string
  /** Values hold until the next one. */
  readonly stepped: boolean
  /** It stands out among the others. */
  readonly strong: boolean
  /** Last value before now, where it is older than it should be: drawn on, faint, up to now. */
  readonly staleFromMs: number | undefined
}

/** What a plot shows at one drawing. */
export interface Plotted {
  readonly view: View
  readonly lines: readonly PlottedLine[]
  readonly nowMs: number
  readonly shownMs: number
  /** The moment under the pointer; undefined without one. */
  readonly pointedMs: number | undefined
}

export interface RowPlotOptions {
  readonly element: HTMLElement
  readonly widthPx: number
  readonly heightPx: number
  readonly zone: string
  readonly language: string
  /** Only the lowest row says the times. */
  readonly withTimes: boolean
}

export interface RowPlot {
  draw(plotted: Plotted): void
  resize(widthPx: number, heightPx: number): void
  /** Where values stand, CSS pixels from the corner of the row. */
  frame(): Frame
  remove(): void
}

export const leftAxisPx = 56
export const rightGutterPx = 12
export const timesPx = 26
const topPx = 8
const bandShare = 0.2
const apartPx = 48

/** One row of trends: axes by uPlot, lines from typed rows that stay outside of it. */
export function createRowPlot(options: RowPlotOptions): RowPlot {
  const { element, widthPx, heightPx, zone, language, withTimes } = options
  let plotted: Plotted | undefined
  let extent: Extent = { low: 0, high: 1 }
  let size = { widthPx, heightPx }
  const view = (): View => plotted?.view ?? { fromMs: 0, toMs: 1 }
  const step = () => tickStep(view().toMs - view().fromMs, size.widthPx - leftAxisPx - rightGutterPx)
  const line = canvasColour('var(--line)')
  const axis = { stroke: canvasColour('var(--ink-faint)'), font: canvasFont, ticks: { show: false } }
  const plot = new uPlot(
    {
      width: widthPx,
      height: heightPx,
      padding: [topPx, rightGutterPx, withTimes ? 0 : 6, 0],
      cursor: { show: false },
      legend: { show: false },
      scales: { x: { time: false, auto: false }, y: { auto: false } },
      axes: [
        {
          ...axis,
          size: withTimes ? timesPx : 0,
          gap: 4,
          grid: { stroke: line, width: 1 },
          splits: () => timeTicks(view().fromMs, view().toMs, step(), zone) as number[],
          values: (_, ticks) => ticks.map((tick) => (withTimes ? tickText(tick, step(), zone, language) : '')),
        },
        {
          ...axis,
          size: leftAxisPx,
          gap: 6,
          space: 28,
          grid: { stroke: line, width: 1 },
          values: (_, ticks) => ticks.map((tick) => formatNumber(tick)),
        },
      ],
      series: [{}, { show: true, scale: 'y', paths: () => null, points: { show: false } }],
      hooks: { draw: [(drawn) => plotted && paint(drawn, plotted, extent)] },
    },
    [
      [0, 1],
      [0, 1],
    ],
    element,
  )
  const stopLetters = onNewLetters(() => plot.redraw(false, true))
  return {
    draw(next) {
      plotted = next
      extent = axisExtent(
        extentOf(
          next.lines.flatMap(({ strokes }) => strokes),
          next.view,
        ),
      )
      plot.batch(() => {
        plot.setScale('x', { min: next.view.fromMs, max: next.view.toMs })
        plot.setScale('y', { min: extent.low, max: extent.high })
        plot.redraw(false, true)
      })
    },
    resize(nextWidthPx, nextHeightPx) {
      if (size.widthPx === nextWidthPx && size.heightPx === nextHeightPx) return
      size = { widthPx: nextWidthPx, heightPx: nextHeightPx }
      plot.setSize({ width: nextWidthPx, height: nextHeightPx })
    },
    frame() {
      const { fromMs, toMs } = view()
      const bottomPx = withTimes ? timesPx : 6
      return {
        ...{ fromMs, toMs, ...extent, left: leftAxisPx, top: topPx },
        width: size.widthPx - leftAxisPx - rightGutterPx,
        height: size.heightPx - topPx - bottomPx,
      }
    },
    remove() {
      stopLetters()
      plot.destroy()
    },
  }
}

function paint(plot: uPlot, plotted: Plotted, { low, high }: Extent): void {
  const { ctx, bbox } = plot
  const { view, lines, nowMs, shownMs, pointedMs } = plotted
  const frame: Frame = { ...view, low, high, left: bbox.left, width: bbox.width, top: bbox.top, height: bbox.height }
  const scale = devicePixelRatio
  ctx.save()
  ctx.beginPath()
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height)
  ctx.clip()
  for (const own of lines) paintLine(ctx, own, frame, scale, nowMs)
  const rule = (timestampMs: number, colour: string, widthPx: number): void => {
    const x = Math.round(xOf(frame, timestampMs))
    ctx.strokeStyle = canvasColour(colour)
    ctx.setLineDash([])
    ctx.lineWidth = widthPx * scale
    ctx.beginPath()
    ctx.moveTo(x, bbox.top)
    ctx.lineTo(x, bbox.top + bbox.height)
    ctx.stroke()
  }
  rule(nowMs, 'var(--ink)', 1)
  if (Math.abs(shownMs - nowMs) > 60_000) rule(shownMs, 'var(--accent)', 2)
  if (pointedMs !== undefined) rule(pointedMs, 'var(--ink-faint)', 1)
  ctx.restore()
}

function paintLine(
  ctx: CanvasRenderingContext2D,
  { strokes, colour, stepped, strong, staleFromMs }: PlottedLine,
  frame: Frame,
  scale: number,
  nowMs: number,
): void {
  const shown = canvasColour(colour)
  const [firm, doubtful] = [shortPaths(), shortPaths()]
  const band: Path2D[] = []
  const shape = (): Path2D => {
    const next = new Path2D()
    band.push(next)
    return next
  }
  for (const stroke of strokes) {
    traceLine(stroke, frame, { firm, doubtful }, stepped)
    traceBand(stroke, frame, shape, mostCorners)
  }
  ctx.globalAlpha = bandShare
  ctx.fillStyle = shown
  for (const path of band) ctx.fill(path)
  ctx.globalAlpha = 1
  ctx.strokeStyle = shown
  ctx.lineJoin = 'round'
  ctx.lineWidth = (strong ? 2.5 : 1.5) * scale
  ctx.setLineDash([])
  for (const path of firm.paths) ctx.stroke(path)
  ctx.setLineDash([1.5 * scale, 3.5 * scale])
  ctx.lineCap = 'round'
  for (const path of doubtful.paths) ctx.stroke(path)
  ctx.lineCap = 'butt'
  ctx.setLineDash([])
  for (const stroke of strokes) for (const mark of marksOf(stroke, frame, apartPx * scale)) paintMark(ctx, mark, scale)
  const last = strokes.at(-1)
  if (staleFromMs === undefined || !last) return
  const y = frame.top + frame.height - ((last.values.at(-1)! - frame.low) / (frame.high - frame.low)) * frame.height
  ctx.globalAlpha = 0.5
  ctx.setLineDash([6 * scale, 6 * scale])
  ctx.lineWidth = scale
  ctx.beginPath()
  ctx.moveTo(xOf(frame, staleFromMs), y)
  ctx.lineTo(xOf(frame, nowMs), y)
  ctx.stroke()
  ctx.setLineDash([])
  ctx.globalAlpha = 1
}

function paintMark(
  ctx: CanvasRenderingContext2D,
  { x, y, shape }: ReturnType<typeof marksOf>[number],
  scale: number,
): void {
  const reach = 2.5 * scale
  ctx.lineWidth = 1.25 * scale
  ctx.beginPath()
  if (shape === 'square') ctx.rect(x - reach, y - reach, 2 * reach, 2 * reach)
  else ctx.arc(x, y, shape === 'dot' ? reach * 0.8 : reach, 0, 2 * Math.PI)
  if (shape === 'dot') ctx.fill()
  else {
    const { fillStyle } = ctx
    ctx.fillStyle = canvasColour('var(--paper)')
    ctx.fill()
    ctx.fillStyle = fillStyle
    ctx.stroke()
  }
}
