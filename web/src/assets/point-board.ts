import { show } from '../format/numbers.ts'
import type { QualityName, SeriesAnswer } from '../telemetry/series.ts'
import { qualityNames } from '../telemetry/series.ts'
import { drawSparkline } from '../telemetry/sparkline.ts'
import type { Watch } from '../telemetry/telemetry.ts'

/** Where a point is shown: elements that are written without React. */
export interface PointPlaces {
  readonly value: HTMLElement
  /** A value of another size is written in another unit. */
  readonly unit: HTMLElement
  readonly storedUnit: string
  readonly quality: HTMLElement
  readonly spark: HTMLCanvasElement
}

export interface PointBoardOptions {
  readonly watch: Watch
  /** Of the small trends. */
  readonly colour: string
  now(): number
  /** The word of a quality, and of an age that is too great; empty for a good value. */
  note(quality: QualityName, ageMs: number): string
}

export interface PointBoard {
  place(ref: string, places: PointPlaces | undefined): void
  /** What was before the live values. */
  history(series: SeriesAnswer): void
  stop(): void
}

/** How much time a small trend shows, ms. */
export const sparkMs = 3_600_000
const gapMs = 5 * 60_000
/** Older than this a value is stale, ms. */
export const staleMs = 60_000

/** Writes values and draws small trends of points as they come: each when it changed, all in the frame that comes next. */
export function createPointBoard({ watch, colour, now, note }: PointBoardOptions): PointBoard {
  const shown = new Map<string, PointPlaces>()
  const changed = new Set<string>()
  let series: SeriesAnswer = {}
  let frame = 0
  const draw = (): void => {
    frame = 0
    const nowMs = now()
    for (const ref of changed) {
      const places = shown.get(ref)
      if (places) drawPoint(ref, places, nowMs)
    }
    changed.clear()
  }
  const drawSoon = (refs: Iterable<string>): void => {
    for (const ref of refs) changed.add(ref)
    if (frame === 0) frame = requestAnimationFrame(draw)
  }
  const drawPoint = (ref: string, { value, unit, storedUnit, quality, spark }: PointPlaces, nowMs: number): void => {
    const ring = watch.ring(ref)
    const at = (ring?.size() ?? 0) - 1
    const known = ring !== undefined && at >= 0 && !Number.isNaN(ring.valueAt(at))
    const written = known ? show(ring.valueAt(at), storedUnit) : { text: '–', unit: '' }
    write(value, written.text)
    write(unit, written.unit)
    const newestMs = ring?.newestMs()
    const name = known ? (qualityNames[ring.qualityAt(at)] ?? 'suspect') : 'missing'
    write(quality, note(name, newestMs === undefined ? 0 : nowMs - newestMs))
    drawSparkline(spark, { columns: series[ref], ring }, { fromMs: nowMs - sparkMs, toMs: nowMs, colour, gapMs })
  }
  const stopWatching = watch.onChange(drawSoon)
  // Ages grow, and small trends move, without any news.
  const timer = setInterval(() => {
    const nowMs = now()
    drawSoon([...shown.keys()].filter((ref) => nowMs - (watch.ring(ref)?.newestMs() ?? 0) > staleMs))
  }, 5000)
  return {
    place(ref, places) {
      if (!places) return void shown.delete(ref)
      shown.set(ref, places)
      drawSoon([ref])
    },
    history(next) {
      series = next
      drawSoon(shown.keys())
    },
    stop() {
      stopWatching()
      clearInterval(timer)
      cancelAnimationFrame(frame)
    },
  }
}

function write(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text
}
