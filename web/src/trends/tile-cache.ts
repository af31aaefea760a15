import type { SeriesColumns } from '../telemetry/series.ts'

/** What was read of one point in one tile; undefined columns: nothing is stored there. */
export interface Tile {
  readonly columns: SeriesColumns | undefined
  /** When it was read. */
  readonly readMs: number
}

/** Tiles by point, level and number; the ones that were not looked at for longest give way. */
export interface TileCache {
  get(ref: string, bucketMs: number, tile: number): Tile | undefined
  put(ref: string, bucketMs: number, tile: number, value: Tile): void
  /** Whether any tile of a point is kept at a level. */
  has(ref: string, bucketMs: number): boolean
  clear(): void
  size(): number
}

/** @param mostBytes of all columns together */
export function createTileCache(mostBytes: number): TileCache {
  const tiles = new Map<string, Tile>()
  let bytes = 0
  /** Tiles by point and level. */
  const counts = new Map<string, number>()
  const levelOf = (ref: string, bucketMs: number): string => `${ref} ${bucketMs}`
  const keyOf = (ref: string, bucketMs: number, tile: number): string => `${levelOf(ref, bucketMs)} ${tile}`
  const count = (key: string, more: number): void => {
    const level = key.slice(0, key.lastIndexOf(' '))
    counts.set(level, (counts.get(level) ?? 0) + more)
  }
  const remove = (key: string): void => {
    const found = tiles.get(key)
    if (!found) return
    bytes -= bytesOf(found)
    tiles.delete(key)
    count(key, -1)
  }
  return {
    get(ref, bucketMs, tile) {
      const key = keyOf(ref, bucketMs, tile)
      const found = tiles.get(key)
      if (!found) return undefined
      // The order of a map is the order of use.
      tiles.delete(key)
      tiles.set(key, found)
      return found
    },
    put(ref, bucketMs, tile, value) {
      const key = keyOf(ref, bucketMs, tile)
      remove(key)
      tiles.set(key, value)
      bytes += bytesOf(value)
      count(key, 1)
      for (const oldest of tiles.keys()) {
        if (bytes <= mostBytes || oldest === key) break
        remove(oldest)
      }
    },
    has: (ref, bucketMs) => (counts.get(levelOf(ref, bucketMs)) ?? 0) > 0,
    clear() {
      tiles.clear()
      counts.clear()
      bytes = 0
    },
    size: () => tiles.size,
  }
}

/** Of a row: time, value, quality, and least and most of a bucket; an empty tile weighs a little too. */
const bytesOf = ({ columns }: Tile): number =>
  100 + (columns === undefined ? 0 : columns.values.length * (columns.lows ? 33 : 17))
