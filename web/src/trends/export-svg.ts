import { formatNumber } from '../format/numbers.ts'
import type { View } from './pieces.ts'
import { axisExtent, extentOf, type Stroke } from './strokes.ts'
import { tickStep, tickText, timeTicks } from './time-ticks.ts'
import { type Frame, marksOf, traceBand, traceLine, xOf, yOf } from './trace.ts'

/** A line as it goes into a picture. */
export interface PictureLine {
  readonly name: string
  readonly colour: string
  readonly stepped: boolean
  readonly strokes: readonly Stroke[]
}

export interface PictureRow {
  readonly unit: string
  readonly heightPx: number
  readonly lines: readonly PictureLine[]
}

export interface PictureOptions {
  readonly title: string
  readonly view: View
  readonly zone: string
  readonly language: string
  readonly widthPx: number
  readonly rows: readonly PictureRow[]
  /** `#rrggbb` of each. */
  readonly colours: { readonly paper: string; readonly ink: string; readonly faint: string; readonly line: string }
}

export interface Picture {
  readonly svg: string
  readonly widthPx: number
  readonly heightPx: number
}

const leftPx = 68
const rightPx = 20
const headPx = 44
const keyLinePx = 18
const footPx = 30

const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, (letter) => `&#${letter.codePointAt(0)};`).replace(/\p{Cc}/gu, ' ')

/** A path of an SVG that is drawn like one of a canvas. */
function svgPen() {
  let text = ''
  const write = (letter: string, x: number, y: number): void => {
    text += `${letter}${x.toFixed(1)} ${y.toFixed(1)}`
  }
  return {
    moveTo: (x: number, y: number) => write('M', x, y),
    lineTo: (x: number, y: number) => write('L', x, y),
    path: () => text,
  }
}

/** What is seen, as a picture that stands alone. */
export function trendSvg(options: PictureOptions): Picture {
  const { title, view, zone, language, widthPx, rows, colours } = options
  const plotPx = widthPx - leftPx - rightPx
  const step = tickStep(view.toMs - view.fromMs, plotPx)
  const ticks = timeTicks(view.fromMs, view.toMs, step, zone)
  let top = headPx
  const parts: string[] = [
    `<text x="${leftPx}" y="24" font-size="15" font-weight="600" fill="${colours.ink}">${escaped(title)}</text>`,
  ]
  for (const [place, row] of rows.entries()) {
    const extent = axisExtent(
      extentOf(
        row.lines.flatMap(({ strokes }) => strokes),
        view,
      ),
    )
    top += keyLinePx * row.lines.length
    const frame: Frame = { ...view, ...extent, left: leftPx, width: plotPx, top, height: row.heightPx }
    parts.push(...keyOf(row, top, colours.ink), ...gridOf(frame, ticks, row, colours))
    parts.push(
      `<clipPath id="row-${place}"><rect x="${leftPx}" y="${top}" width="${plotPx}" height="${row.heightPx}"/></clipPath>`,
    )
    parts.push(
      `<g clip-path="url(#row-${place})">${row.lines.map((line) => lineOf(line, frame, colours.paper)).join('')}</g>`,
    )
    top += row.heightPx + 16
  }
  for (const tick of ticks) {
    const x = leftPx + ((tick - view.fromMs) / (view.toMs - view.fromMs)) * plotPx
    parts.push(
      `<text x="${x.toFixed(1)}" y="${top + 4}" text-anchor="middle" font-size="11" fill="${colours.faint}">${escaped(tickText(tick, step, zone, language))}</text>`,
    )
  }
  const heightPx = top + footPx
  parts.push(
    `<text x="${widthPx - rightPx}" y="${heightPx - 6}" text-anchor="end" font-size="10" fill="${colours.faint}">${escaped(zone)}</text>`,
  )
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${widthPx}" height="${heightPx}" viewBox="0 0 ${widthPx} ${heightPx}" font-family="Inter, system-ui, sans-serif"><rect width="100%" height="100%" fill="${colours.paper}"/>${parts.join('')}</svg>`
  return { svg, widthPx, heightPx }
}

function keyOf({ lines, unit }: PictureRow, top: number, ink: string): readonly string[] {
  return lines.map(({ name, colour }, place) => {
    const y = top - keyLinePx * (lines.length - place) + 8
    return `<path d="M${leftPx} ${y}h14" stroke="${colour}" stroke-width="2.5"/><text x="${leftPx + 20}" y="${y + 4}" font-size="12" fill="${ink}">${escaped(`${name} [${unit}]`)}</text>`
  })
}

function gridOf(
  frame: Frame,
  ticks: readonly number[],
  { heightPx }: PictureRow,
  { line, faint }: PictureOptions['colours'],
): readonly string[] {
  const levels = valueTicks(frame.low, frame.high, Math.max(2, Math.floor(heightPx / 32)))
  return [
    ...ticks.map((tick) => `<path d="M${xOf(frame, tick).toFixed(1)} ${frame.top}v${heightPx}" stroke="${line}"/>`),
    ...levels.map((value) => {
      const y = yOf(frame, value).toFixed(1)
      return `<path d="M${leftPx} ${y}h${frame.width}" stroke="${line}"/><text x="${leftPx - 8}" y="${Number(y) + 4}" text-anchor="end" font-size="11" fill="${faint}">${formatNumber(value)}</text>`
    }),
  ]
}

function lineOf({ strokes, colour, stepped }: PictureLine, frame: Frame, paper: string): string {
  const [firm, doubtful, band] = [svgPen(), svgPen(), svgPen()]
  for (const stroke of strokes) {
    traceLine(stroke, frame, { firm, doubtful }, stepped)
    traceBand(stroke, frame, () => band)
  }
  const marks = strokes.flatMap((stroke) => marksOf(stroke, frame, 48))
  const path = (own: string, more: string): string => (own === '' ? '' : `<path d="${own}" ${more}/>`)
  return [
    path(band.path(), `fill="${colour}" fill-opacity="0.2"`),
    path(firm.path(), `fill="none" stroke="${colour}" stroke-width="1.5" stroke-linejoin="round"`),
    path(
      doubtful.path(),
      `fill="none" stroke="${colour}" stroke-width="1.5" stroke-dasharray="1.5 3.5" stroke-linecap="round"`,
    ),
    ...marks.map(({ x, y, shape }) =>
      shape === 'square'
        ? `<rect x="${x - 2.5}" y="${y - 2.5}" width="5" height="5" fill="${paper}" stroke="${colour}"/>`
        : `<circle cx="${x}" cy="${y}" r="2.5" fill="${shape === 'dot' ? colour : paper}" stroke="${colour}"/>`,
    ),
  ].join('')
}

/** Round values between two limits, about as many as are wanted. */
export function valueTicks(low: number, high: number, wanted: number): readonly number[] {
  const rough = (high - low) / wanted
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = ([1, 2, 2.5, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power
  const first = Math.ceil(low / step)
  const last = Math.floor(high / step)
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => (first + index) * step)
}
