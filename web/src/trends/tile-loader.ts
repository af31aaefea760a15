import type { SeriesAnswer, SeriesRequest } from '../telemetry/series.ts'
import { rowsBetween } from '../telemetry/series.ts'
import { type Level, tilesOf } from './levels.ts'
import type { View } from './pieces.ts'
import type { TileCache } from './tile-cache.ts'

/** A point as far as reading needs to know it. */
export interface ReadPoint {
  readonly ref: string
  /** A computed point has no least and most of a bucket. */
  readonly computed: boolean
}

/** Tiles next to each other that the same points lack. */
export interface TileRun {
  readonly points: readonly ReadPoint[]
  readonly firstTile: number
  readonly lastTile: number
}

export interface LoaderOptions {
  readonly site: string
  readonly cache: TileCache
  read(request: SeriesRequest, signal: AbortSignal): Promise<SeriesAnswer>
  now(): number
  /** Something came, or nothing is on its way any more. */
  onChange(): void
  onFailure(error: unknown): void
}

export interface TileLoader {
  /** Reads what the view lacks; what is on its way for times outside of `keep` is cancelled. */
  want(points: readonly ReadPoint[], level: Level, view: View, keep?: View): void
  /** Requests on their way. */
  busy(): number
  stop(): void
}

/** As many values as one answer of the API carries, with room. */
const mostValues = 150_000
/** References of one request: their names stand in its address. */
const mostRefs = 50
/** What was read before all of it had happened, or may have come late since, is read again after this. */
const lateMs = 600_000
const graceMs = 120_000

/** How old a tile may be that has not ended yet. */
export const freshMs = ({ bucketMs }: Level): number => Math.max(15_000, bucketMs === 0 ? 60_000 : bucketMs / 2)

/** Whether a tile has to be read (again). */
export function isMissing(cache: TileCache, ref: string, level: Level, tile: number, nowMs: number): boolean {
  const startMs = tile * level.tileMs
  if (startMs > nowMs) return false
  const found = cache.get(ref, level.bucketMs, tile)
  if (!found) return true
  const whole = found.readMs > startMs + level.tileMs + graceMs
  return nowMs - found.readMs > (whole ? lateMs : freshMs(level))
}

/** Groups what is missing into as few requests as the API takes. */
export function runsOf(
  points: readonly ReadPoint[],
  level: Level,
  missing: (ref: string) => readonly number[],
): readonly TileRun[] {
  const groups = new Map<
    string,
    { readonly points: ReadPoint[]; readonly firstTile: number; readonly lastTile: number }
  >()
  for (const point of points) {
    const tiles = missing(point.ref)
    for (let from = 0; from < tiles.length; ) {
      let to = from
      while (tiles[to + 1] === tiles[to]! + 1) to += 1
      const key = `${tiles[from]} ${tiles[to]} ${point.computed}`
      const group = groups.get(key) ?? { points: [], firstTile: tiles[from]!, lastTile: tiles[to]! }
      group.points.push(point)
      groups.set(key, group)
      from = to + 1
    }
  }
  return [...groups.values()].flatMap(({ points: own, firstTile, lastTile }) => {
    const rows = level.bucketMs === 0 ? 1 : ((lastTile - firstTile + 1) * level.tileMs) / level.bucketMs
    const each = Math.max(1, Math.min(mostRefs, Math.floor(mostValues / (3 * rows))))
    return Array.from({ length: Math.ceil(own.length / each) }, (_, part) => ({
      ...{ points: own.slice(part * each, (part + 1) * each), firstTile, lastTile },
    }))
  })
}

export function createTileLoader({ site, cache, read, now, onChange, onFailure }: LoaderOptions): TileLoader {
  const running = new Map<string, { readonly control: AbortController; readonly level: Level; readonly run: TileRun }>()
  const tileKey = (ref: string, level: Level, tile: number): string => `${ref} ${level.bucketMs} ${tile}`
  const start = (run: TileRun, level: Level): void => {
    const control = new AbortController()
    const { points, firstTile, lastTile } = run
    const key = `${level.bucketMs} ${firstTile} ${lastTile} ${points.map(({ ref }) => ref).join(' ')}`
    running.set(key, { control, level, run })
    const readMs = now()
    const request: SeriesRequest = {
      site,
      points: points.map(({ ref }) => ref),
      fromMs: firstTile * level.tileMs,
      toMs: (lastTile + 1) * level.tileMs,
      ...(level.bucket === undefined ? {} : { bucket: level.bucket, band: points[0]?.computed !== true }),
    }
    read(request, control.signal)
      .then((series) => {
        for (const { ref } of points) {
          const columns = series[ref]
          for (let tile = firstTile; tile <= lastTile; tile += 1) {
            const own = columns && rowsBetween(columns, tile * level.tileMs, (tile + 1) * level.tileMs)
            cache.put(ref, level.bucketMs, tile, {
              readMs,
              columns: own && own.values.length > 0 ? own : undefined,
            })
          }
        }
      })
      .catch((error: unknown) => {
        if (!control.signal.aborted) onFailure(error)
      })
      .finally(() => {
        if (running.get(key)?.control === control) running.delete(key)
        if (!control.signal.aborted) onChange()
      })
  }
  return {
    want(points, level, view, keep = view) {
      const nowMs = now()
      const tiles = tilesOf(level, view.fromMs, view.toMs)
      const refs = new Set(points.map(({ ref }) => ref))
      for (const [key, { control, level: own, run }] of running) {
        const wanted =
          own === level &&
          (run.lastTile + 1) * level.tileMs > keep.fromMs &&
          run.firstTile * level.tileMs < keep.toMs &&
          run.points.some(({ ref }) => refs.has(ref))
        if (wanted) continue
        control.abort()
        running.delete(key)
      }
      const coming = new Set<string>()
      for (const { level: own, run } of running.values()) {
        for (let tile = run.firstTile; tile <= run.lastTile; tile += 1)
          for (const { ref } of run.points) coming.add(tileKey(ref, own, tile))
      }
      const missing = (ref: string): readonly number[] =>
        tiles.filter((tile) => !coming.has(tileKey(ref, level, tile)) && isMissing(cache, ref, level, tile, nowMs))
      for (const run of runsOf(points, level, missing)) start(run, level)
    },
    busy: () => running.size,
    stop() {
      for (const { control } of running.values()) control.abort()
      running.clear()
    },
  }
}
