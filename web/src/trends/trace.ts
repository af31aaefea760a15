import { firstRowAt, type Stroke } from './strokes.ts'

/** What lines are drawn with: a path of a canvas, or one of an SVG. */
export interface Pen {
  moveTo(x: number, y: number): void
  lineTo(x: number, y: number): void
}

/** Where moments and values stand in a picture. */
export interface Frame {
  readonly fromMs: number
  readonly toMs: number
  readonly left: number
  readonly width: number
  readonly top: number
  readonly height: number
  readonly low: number
  readonly high: number
}

/** Code of a value that was measured and is doubtful. */
const suspect = 3
/** Codes of values that nobody measured: worked out, or made up. */
const marked: readonly number[] = [1, 2]

export const xOf = ({ fromMs, toMs, left, width }: Frame, timestampMs: number): number =>
  left + ((timestampMs - fromMs) / (toMs - fromMs)) * width

export const yOf = ({ low, high, top, height }: Frame, value: number): number =>
  top + height - ((value - low) / (high - low)) * height

/** Rows of a stroke that touch the frame: with the ones next to it, so that lines leave it as they should. */
function rowsIn(stroke: Stroke, { fromMs, toMs }: Frame): readonly [number, number] {
  const { timesMs } = stroke
  if (timesMs[0]! > toMs || timesMs.at(-1)! < fromMs) return [0, 0]
  return [Math.max(0, firstRowAt(stroke, fromMs) - 1), Math.min(timesMs.length, firstRowAt(stroke, toMs) + 1)]
}

export interface LinePens {
  readonly firm: Pen
  /** Ways to doubtful values. */
  readonly doubtful: Pen
}

/** Draws a stroke. @param stepped values hold until the next one: setpoints */
export function traceLine(stroke: Stroke, frame: Frame, { firm, doubtful }: LinePens, stepped: boolean): void {
  const { timesMs, values, quality } = stroke
  const [from, to] = rowsIn(stroke, frame)
  let pen: Pen | undefined
  let [lastX, lastY] = [0, 0]
  for (let row = from; row < to; row += 1) {
    const x = xOf(frame, timesMs[row]!)
    const y = yOf(frame, values[row]!)
    if (row > from) {
      const next = quality[row] === suspect ? doubtful : firm
      if (next !== pen) next.moveTo(lastX, lastY)
      pen = next
      if (stepped) pen.lineTo(x, lastY)
      pen.lineTo(x, y)
    }
    lastX = x
    lastY = y
  }
}

/**
 * Draws the band between least and most of the buckets of a stroke.
 *
 * @param pen for each of its shapes
 * @param mostRows of one shape; the next one begins where it ends
 * @returns whether there is a band
 */
export function traceBand(stroke: Stroke, frame: Frame, pen: () => Pen, mostRows = Number.POSITIVE_INFINITY): boolean {
  const { lows, highs } = stroke
  const [from, to] = rowsIn(stroke, frame)
  let wide = false
  for (let row = from; row < to && !wide; row += 1) wide = highs[row]! > lows[row]!
  if (!wide || to - from < 2) return false
  for (let first = from; first < to - 1; first += mostRows)
    traceShape(stroke, frame, pen(), first, Math.min(to - 1, first + mostRows))
  return true
}

/** Along the most from one row to another, and back along the least. */
function traceShape({ timesMs, lows, highs }: Stroke, frame: Frame, pen: Pen, first: number, last: number): void {
  pen.moveTo(xOf(frame, timesMs[first]!), yOf(frame, highs[first]!))
  for (let row = first + 1; row <= last; row += 1) pen.lineTo(xOf(frame, timesMs[row]!), yOf(frame, highs[row]!))
  for (let row = last; row >= first; row -= 1) pen.lineTo(xOf(frame, timesMs[row]!), yOf(frame, lows[row]!))
}

export interface Mark {
  readonly x: number
  readonly y: number
  readonly shape: 'dot' | 'ring' | 'square'
}

/** Marks of values that nobody measured, no nearer to each other than a distance, and dots of values that stand alone. */
export function marksOf(stroke: Stroke, frame: Frame, apart: number): readonly Mark[] {
  const { timesMs, values, quality } = stroke
  const [from, to] = rowsIn(stroke, frame)
  const marks: Mark[] = []
  const at = (row: number) => ({ x: xOf(frame, timesMs[row]!), y: yOf(frame, values[row]!) })
  if (timesMs.length === 1 && to > from) return [{ ...at(0), shape: shapeOf(quality[0]!) }]
  let lastX = Number.NEGATIVE_INFINITY
  for (let row = from; row < to; row += 1) {
    if (!marked.includes(quality[row]!)) continue
    const place = at(row)
    if (place.x - lastX < apart) continue
    marks.push({ ...place, shape: shapeOf(quality[row]!) })
    lastX = place.x
  }
  return marks
}

const shapeOf = (code: number): Mark['shape'] => (code === 1 ? 'ring' : code === 2 ? 'square' : 'dot')
