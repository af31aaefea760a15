import type { SeriesAnswer, SeriesRequest } from '../telemetry/series.ts'
import type { Watch } from '../telemetry/telemetry.ts'
import type { Level } from './levels.ts'
import type { View } from './pieces.ts'
import type { Plotted, PlottedLine, RowPlot } from './row-plot.ts'
import { type ReadValue, type Stroke, valueAt } from './strokes.ts'
import { createTrendLines } from './trend-lines.ts'
import type { TrendLine, TrendRow } from './trend-rows.ts'
import { stretchOf, type TrendView, viewOf } from './trend-view.ts'

/** How a line is at the moment that is read. */
export interface Reading {
  readonly ref: string
  readonly read: ReadValue | undefined
  /** How long ago the newest value was, where that is too long. */
  readonly staleMs: number | undefined
}

export interface BoardState {
  readonly view: View
  readonly follows: boolean
  readonly level: Level
  readonly busy: boolean
  readonly error: unknown
  /** The moment that readings are of; undefined: the newest values. */
  readonly readMs: number | undefined
  readonly readings: ReadonlyMap<string, Reading>
}

export interface BoardOptions {
  readonly site: string
  read(request: SeriesRequest, signal: AbortSignal): Promise<SeriesAnswer>
  now(): number
  /** The view settled; it belongs into the address. */
  onSettled(view: TrendView): void
}

/**
 * What is shown of trends, outside of React: the view and who moves it, lines and where they come from, plots and when they are drawn.
 */
export interface TrendBoard {
  show(rows: readonly TrendRow[], watch: Watch | undefined): void
  /** The moment of the time bar. */
  showMoment(shownMs: number, live: boolean): void
  setView(view: TrendView): void
  /** As a gesture does: drawn at once, settled after a rest. */
  move(view: View): void
  follow(): void
  point(timestampMs: number | undefined): void
  highlight(ref: string | undefined): void
  addPlot(unit: string, plot: RowPlot): () => void
  view(): View
  strokes(ref: string): readonly Stroke[]
  state(): BoardState
  /** After every drawing. Returns the way to stop. */
  subscribe(listener: (state: BoardState) => void): () => void
  retry(): void
  stop(): void
}

const settleMs = 300
const lookMs = 80
/** Open tiles are looked at again so often. */
const againMs = 5000
/** A value older than so many of its usual steps is stale, and than a minute. */
const staleSteps = 4
const leastStaleMs = 60_000

export function createTrendBoard({ site, read, now, onSettled }: BoardOptions): TrendBoard {
  const plots = new Map<string, RowPlot>()
  const listeners = new Set<(state: BoardState) => void>()
  let rows: readonly TrendRow[] = []
  let watch: Watch | undefined
  let stopWatching = (): void => undefined
  let shown: TrendView = { spanMs: 86_400_000, untilMs: undefined }
  let moment = { shownMs: now(), live: true }
  let pointedMs: number | undefined
  let strong: string | undefined
  let frame = 0
  let settling: ReturnType<typeof setTimeout> | undefined
  let lookedAt = Number.NEGATIVE_INFINITY
  let looking: ReturnType<typeof setTimeout> | undefined
  let lastDrawnMs = 0
  let state: BoardState | undefined

  const lines = createTrendLines({ site, read, now, ring: (ref) => watch?.ring(ref), onChange: () => draw() })
  const view = (): View => stretchOf(shown, now())
  const widthPx = (): number => plots.values().next().value?.frame().width ?? 1000
  const allLines = (): readonly TrendLine[] => rows.flatMap(({ lines: own }) => own)

  const lookNow = (): void => {
    clearTimeout(looking)
    looking = undefined
    lookedAt = now()
    const points = allLines().map(({ point: { ref, role } }) => ({ ref, computed: role === 'computed' }))
    if (points.length > 0 && plots.size > 0) lines.look(points, view(), widthPx())
  }
  /** At once, but not more often than a while in gestures. */
  const look = (): void => {
    if (looking !== undefined) return
    const waitMs = lookedAt + lookMs - now()
    if (waitMs <= 0) lookNow()
    else looking = setTimeout(lookNow, waitMs)
  }
  const draw = (): void => {
    if (frame === 0) frame = requestAnimationFrame(drawNow)
  }
  const staleFrom = (ref: string, strokes: readonly Stroke[], nowMs: number): number | undefined => {
    const last = strokes.at(-1)
    const newestMs = Math.max(watch?.ring(ref)?.newestMs() ?? 0, last?.timesMs.at(-1) ?? 0)
    if (newestMs === 0 || !last || lines.level().bucketMs > 300_000) return undefined
    const usualMs = (last.timesMs.at(-1)! - last.timesMs[0]!) / Math.max(1, last.timesMs.length - 1)
    return nowMs - newestMs > Math.max(leastStaleMs, staleSteps * usualMs) ? newestMs : undefined
  }
  const drawNow = (): void => {
    frame = 0
    const nowMs = now()
    const at = view()
    lastDrawnMs = nowMs
    const atNow = at.toMs >= nowMs
    const readMs = pointedMs ?? (moment.live ? (atNow ? undefined : at.toMs) : moment.shownMs)
    const reachMs = ((at.toMs - at.fromMs) / Math.max(1, widthPx())) * 12
    const readings = new Map<string, Reading>()
    for (const row of rows) {
      const plotted = row.lines.map(({ point: { ref, role }, colour }): PlottedLine => {
        const strokes = lines.strokes(ref)
        const staleMs = atNow ? staleFrom(ref, strokes, nowMs) : undefined
        const read = readMs === undefined ? newest(strokes, watch, ref) : valueAt(strokes, readMs, reachMs)
        readings.set(ref, { ref, read, staleMs: staleMs === undefined ? undefined : nowMs - staleMs })
        return { strokes, colour, stepped: role === 'setpoint', strong: ref === strong, staleFromMs: staleMs }
      })
      const shownNow: Plotted = {
        ...{ view: at, lines: plotted, nowMs, pointedMs },
        shownMs: moment.live ? nowMs : moment.shownMs,
      }
      plots.get(row.unit)?.draw(shownNow)
    }
    state = { ...lines.state(), view: at, follows: shown.untilMs === undefined, level: lines.level(), readMs, readings }
    for (const listener of listeners) listener(state)
  }
  const change = (next: TrendView): void => {
    shown = next
    look()
    draw()
  }
  /** Goes on with now: as often as the picture moves by half a pixel, at most once in a frame. */
  const tick = (): void => {
    const nowMs = now()
    if (nowMs - lookedAt > againMs && looking === undefined) lookNow()
    const pixelMs = shown.spanMs / widthPx()
    if (shown.untilMs === undefined && nowMs - lastDrawnMs > Math.min(1000, pixelMs / 2)) draw()
  }
  const timer = setInterval(tick, 50)

  return {
    show(next, nextWatch) {
      rows = next
      if (watch !== nextWatch) {
        stopWatching()
        watch = nextWatch
        stopWatching =
          nextWatch?.onChange((changed) => {
            lines.liveChanged(changed)
            if (view().toMs >= now()) draw()
          }) ?? (() => undefined)
      }
      look()
      draw()
    },
    showMoment(shownMs, live) {
      moment = { shownMs, live }
      draw()
    },
    setView: change,
    move(next) {
      change(viewOf(next, now()))
      clearTimeout(settling)
      settling = setTimeout(() => onSettled(shown), settleMs)
    },
    follow() {
      change({ spanMs: shown.spanMs, untilMs: undefined })
      onSettled(shown)
    },
    point(timestampMs) {
      pointedMs = timestampMs
      draw()
    },
    highlight(ref) {
      strong = ref
      draw()
    },
    addPlot(unit, plot) {
      plots.set(unit, plot)
      look()
      draw()
      return () => {
        if (plots.get(unit) === plot) plots.delete(unit)
      }
    },
    view,
    strokes: (ref) => lines.strokes(ref),
    state: () =>
      state ?? {
        ...{ ...lines.state(), view: view(), follows: shown.untilMs === undefined, level: lines.level() },
        ...{ readMs: undefined, readings: new Map() },
      },
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    retry() {
      lines.retry()
      draw()
    },
    stop() {
      clearInterval(timer)
      clearTimeout(settling)
      clearTimeout(looking)
      cancelAnimationFrame(frame)
      stopWatching()
      lines.stop()
    },
  }
}

function newest(strokes: readonly Stroke[], watch: Watch | undefined, ref: string): ReadValue | undefined {
  const ring = watch?.ring(ref)
  for (let at = (ring?.size() ?? 0) - 1; ring && at >= 0; at -= 1) {
    const value = ring.valueAt(at)
    if (!Number.isNaN(value)) return { timestampMs: ring.timeAt(at), value, quality: ring.qualityAt(at) }
  }
  const last = strokes.at(-1)
  return last && { timestampMs: last.timesMs.at(-1)!, value: last.values.at(-1)!, quality: last.quality.at(-1)! }
}
