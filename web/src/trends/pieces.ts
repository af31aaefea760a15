import { rowsBetween, type SeriesColumns } from '../telemetry/series.ts'
import { type Level, levels, tilesOf } from './levels.ts'
import type { TileCache } from './tile-cache.ts'

/** A stretch of a line that was read at one level. */
export interface Piece {
  readonly level: Level
  readonly fromMs: number
  readonly toMs: number
  readonly columns: SeriesColumns
}

export interface View {
  readonly fromMs: number
  readonly toMs: number
}

/**
 * What is known of a point in a view: tiles of the level that is wanted, and where one is not there yet, the nearest other level,
 * a coarser one first; so the old picture stays until the finer one comes.
 */
export function piecesOf(cache: TileCache, ref: string, wanted: Level, { fromMs, toMs }: View): readonly Piece[] {
  const at = levels.indexOf(wanted)
  // What lacks a tile is looked for at every other level: where there is none of it, in thousands of places.
  const order = [wanted, ...levels.slice(at + 1), ...levels.slice(0, Math.max(0, at)).toReversed()].filter(
    ({ bucketMs }) => cache.has(ref, bucketMs),
  )
  const pieces: Piece[] = []
  const fill = (from: number, to: number, place: number): void => {
    const level = order[place]
    if (!level || from >= to) return
    // So many tiles of a much finer level are not worth the look.
    if ((to - from) / level.tileMs > mostTiles) {
      fill(from, to, place + 1)
      return
    }
    for (const tile of tilesOf(level, from, to)) {
      const [start, end] = [Math.max(from, tile * level.tileMs), Math.min(to, (tile + 1) * level.tileMs)]
      const found = cache.get(ref, level.bucketMs, tile)
      if (!found) fill(start, end, place + 1)
      else if (found.columns) {
        pieces.push({ level, fromMs: start, toMs: end, columns: rowsBetween(found.columns, start, end) })
      }
    }
  }
  fill(fromMs, toMs, 0)
  return pieces
}

const mostTiles = 64
