import type { Ring } from '../telemetry/ring.ts'
import type { SeriesAnswer, SeriesColumns, SeriesRequest } from '../telemetry/series.ts'
import { type Level, levelFor, levels } from './levels.ts'
import { type Piece, piecesOf, type View } from './pieces.ts'
import { type Stroke, strokesOf } from './strokes.ts'
import { createTileCache } from './tile-cache.ts'
import { createTileLoader, type ReadPoint } from './tile-loader.ts'

export interface TrendLinesOptions {
  readonly site: string
  read(request: SeriesRequest, signal: AbortSignal): Promise<SeriesAnswer>
  now(): number
  /** The newest values of a point, where it is watched. */
  ring(ref: string): Ring | undefined
  onChange(): void
  /** All of a view is there that was not before. */
  onComplete(): void
}

/** The lines of a view: what is kept of them, what is on its way, and the live end. */
export interface TrendLines {
  /** Says what is looked at; reads what is missing of it, then what lies beside it. */
  look(points: readonly ReadPoint[], view: View, widthPx: number): void
  /** What is known of a point around the view. */
  strokes(ref: string): readonly Stroke[]
  level(): Level
  /** Values came live. */
  liveChanged(refs: Iterable<string>): void
  state(): { readonly busy: boolean; readonly error: unknown }
  retry(): void
  stop(): void
}

const cacheBytes = 64_000_000
/** After a failure nothing is asked for so long. */
const restMs = 5000
/** Buckets up to this width are followed by the live values. */
const liveBucketMs = 60_000

interface Drawn {
  readonly key: string
  readonly strokes: readonly Stroke[]
}

export function createTrendLines({ site, read, now, ring, onChange, onComplete }: TrendLinesOptions): TrendLines {
  const cache = createTileCache(cacheBytes)
  const drawn = new Map<string, Drawn>()
  let looking: { readonly points: readonly ReadPoint[]; readonly view: View; readonly level: Level } | undefined
  let version = 0
  let complete = ''
  let failure: { readonly error: unknown; readonly atMs: number } | undefined
  const liveVersions = new Map<string, number>()
  const loader = createTileLoader({
    ...{ site, cache, read, now },
    onChange() {
      version += 1
      if (loader.busy() === 0) fetchMore()
      onChange()
    },
    onFailure(error) {
      failure = { error, atMs: now() }
    },
  })
  /** First the view itself, then half of its width on either side. */
  const fetchMore = (): void => {
    if (!looking || (failure && now() - failure.atMs < restMs)) return
    const { points, view, level } = looking
    loader.want(points, level, view, around(view))
    if (loader.busy() > 0) return
    failure = undefined
    const shown = `${level.bucketMs} ${view.fromMs} ${view.toMs}`
    if (shown !== complete) {
      complete = shown
      onComplete()
    }
    loader.want(points, level, around(view))
  }
  const tailOf = (ref: string, afterMs: number): Piece | undefined => {
    const own = ring(ref)
    if (!own) return undefined
    const from = own.indexAt(afterMs + 1)
    const size = own.size() - from
    if (size <= 0) return undefined
    const columns: SeriesColumns = {
      unit: '',
      timestampsMs: Float64Array.from({ length: size }, (_, row) => own.timeAt(from + row)),
      values: Float64Array.from({ length: size }, (_, row) => own.valueAt(from + row)),
      quality: Uint8Array.from({ length: size }, (_, row) => own.qualityAt(from + row)),
    }
    return { level: levels[0]!, fromMs: afterMs, toMs: Number.POSITIVE_INFINITY, columns }
  }
  return {
    look(points, view, widthPx) {
      looking = { points, view, level: levelFor(view.toMs - view.fromMs, widthPx) }
      fetchMore()
    },
    strokes(ref) {
      if (!looking) return []
      const { level, view } = looking
      const reach = around(view)
      const window = {
        fromMs: Math.floor(reach.fromMs / level.tileMs) * level.tileMs,
        // Of what comes nothing is kept.
        toMs: Math.ceil(Math.min(reach.toMs, now()) / level.tileMs) * level.tileMs,
      }
      const key = `${level.bucketMs} ${window.fromMs} ${window.toMs} ${version} ${liveVersions.get(ref) ?? 0}`
      const known = drawn.get(ref)
      if (known?.key === key) return known.strokes
      const pieces = piecesOf(cache, ref, level, window)
      const lastMs = lastTimeMs(pieces)
      const tail = level.bucketMs > liveBucketMs ? undefined : tailOf(ref, lastMs + level.bucketMs)
      const strokes = strokesOf(tail ? [...pieces, tail] : pieces)
      drawn.set(ref, { key, strokes })
      return strokes
    },
    level: () => looking?.level ?? levels.at(-1)!,
    liveChanged(refs) {
      for (const ref of refs) liveVersions.set(ref, (liveVersions.get(ref) ?? 0) + 1)
    },
    state: () => ({ busy: loader.busy() > 0, error: failure?.error }),
    retry() {
      failure = undefined
      fetchMore()
    },
    stop: () => loader.stop(),
  }
}

const around = ({ fromMs, toMs }: View): View => {
  const besideMs = (toMs - fromMs) / 2
  return { fromMs: fromMs - besideMs, toMs: toMs + besideMs }
}

function lastTimeMs(pieces: readonly Piece[]): number {
  for (const { columns } of pieces.toReversed()) {
    const last = columns.timestampsMs.at(-1)
    if (last !== undefined) return last
  }
  return 0
}
