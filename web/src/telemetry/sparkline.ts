import type { Ring } from './ring.ts'
import type { SeriesColumns } from './series.ts'

/** What a sparkline is drawn from: what was read once, and behind it what came live. */
export interface SparkSource {
  readonly columns: SeriesColumns | undefined
  readonly ring: Ring | undefined
}

export interface SparkLook {
  readonly fromMs: number
  readonly toMs: number
  /** As a canvas takes it. */
  readonly colour: string
  /** Without a value for so long the line ends, ms. */
  readonly gapMs: number
}

/** A small trend on a canvas that has its size already; no axes, the height is the range of its values. */
export function drawSparkline(canvas: HTMLCanvasElement, { columns, ring }: SparkSource, look: SparkLook): void {
  const context = canvas.getContext('2d')
  if (!context) return
  const { width, height } = canvas
  context.clearRect(0, 0, width, height)
  const { low, high } = rangeOf({ columns, ring }, look.fromMs)
  if (low > high) return
  const margin = 2 * devicePixelRatio
  const scaleX = width / (look.toMs - look.fromMs)
  const scaleY = high === low ? 0 : (height - 2 * margin) / (high - low)
  const restY = high === low ? height / 2 : height - margin
  let lastMs = Number.NEGATIVE_INFINITY
  let lastX = 0
  context.beginPath()
  const take = (timestampMs: number, value: number): void => {
    if (Number.isNaN(value)) {
      lastMs = Number.NEGATIVE_INFINITY
      return
    }
    const x = (timestampMs - look.fromMs) * scaleX
    const y = restY - (value - low) * scaleY
    // What falls into the same half of a pixel shows nothing more.
    if (timestampMs - lastMs > look.gapMs) context.moveTo(x, y)
    else if (x - lastX < 0.5) return
    else context.lineTo(x, y)
    lastMs = timestampMs
    lastX = x
  }
  each({ columns, ring }, look.fromMs, take)
  context.strokeStyle = look.colour
  context.lineWidth = 1.25 * devicePixelRatio
  context.stroke()
}

function rangeOf(source: SparkSource, fromMs: number): { readonly low: number; readonly high: number } {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  each(source, fromMs, (_, value) => {
    if (value < low) low = value
    if (value > high) high = value
  })
  return { low, high }
}

/** Values in order of time: what was read, then what is newer in the ring. */
function each(
  { columns, ring }: SparkSource,
  fromMs: number,
  take: (timestampMs: number, value: number) => void,
): void {
  let lastMs = fromMs - 1
  if (columns) {
    const { timestampsMs, values } = columns
    for (let row = 0; row < values.length; row += 1) {
      const timestampMs = timestampsMs[row]!
      if (timestampMs < fromMs) continue
      take(timestampMs, values[row]!)
      lastMs = timestampMs
    }
  }
  if (!ring) return
  for (let at = ring.indexAt(lastMs + 1); at < ring.size(); at += 1) take(ring.timeAt(at), ring.valueAt(at))
}
