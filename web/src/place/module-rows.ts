import { boundsOf, pointOn, type Rectangle, turned } from './geometry.ts'
import type { PlacePoint } from './place-types.ts'

/** A table of modules: a plane that leans towards its azimuth. */
export interface ModuleTable {
  /** Its middle, in metres east and north. */
  readonly at: PlacePoint
  readonly lengthM: number
  /** Along the slope. */
  readonly slopeM: number
}

interface RowsAsked {
  readonly outline: readonly PlacePoint[]
  readonly tiltDeg: number
  readonly azimuthDeg: number
  /** Area of modules that there are; fewer where there is no room. */
  readonly areaM2: number
  /** What stays free at the edge. */
  readonly marginM: number
}

const slopeM = 2.3
const tableM = 12
const gapM = 0.35
/** The sun over which rows must not shade each other, degrees: its height at noon in winter at a middle latitude. */
const shadeDeg = 30

/** Distance from row to row so that none shades the next at noon in winter, m. */
export function rowPitchM(tiltDeg: number): number {
  const tilt = (tiltDeg * Math.PI) / 180
  return slopeM * Math.cos(tilt) + (slopeM * Math.sin(tilt)) / Math.tan((shadeDeg * Math.PI) / 180) + 0.5
}

/** Where a line across a frame crosses the edges of an outline, in order. */
function crossings(outline: readonly PlacePoint[], along: number): readonly number[] {
  const found: number[] = []
  outline.forEach(([x, y], index) => {
    const [nextX, nextY] = outline[(index + 1) % outline.length]!
    if (y > along !== nextY > along) found.push(x + ((along - y) / (nextY - y)) * (nextX - x))
  })
  return found.toSorted((a, b) => a - b)
}

/** Rows of modules on an outline, looking towards their azimuth, spread so that they fill it evenly. */
export function moduleRows({ outline, tiltDeg, azimuthDeg, areaM2, marginM }: RowsAsked): readonly ModuleTable[] {
  const bounds = boundsOf(outline, azimuthDeg)
  const own = outline.map(
    (point): PlacePoint => turned([point[0] - bounds.at[0], point[1] - bounds.at[1]], -azimuthDeg),
  )
  const depthM = bounds.depthM - 2 * marginM
  if (depthM < slopeM * 0.8) return []
  const closest = rowPitchM(tiltDeg)
  const lay = (pitchM: number): readonly ModuleTable[] => {
    const rows = Math.max(1, Math.floor((depthM - slopeM) / pitchM) + 1)
    const firstAlong = -((rows - 1) * pitchM) / 2
    return Array.from({ length: rows }, (_, row) => rowTables(own, bounds, firstAlong + row * pitchM, marginM)).flat()
  }
  const full = lay(closest)
  const room = tableArea(full)
  if (room <= areaM2) return full
  return trimmed(lay(Math.min(depthM, closest * Math.min(2.2, room / areaM2))), areaM2)
}

const tableArea = (tables: readonly ModuleTable[]): number =>
  tables.reduce((sum, { lengthM }) => sum + lengthM * slopeM, 0)

function trimmed(tables: readonly ModuleTable[], areaM2: number): readonly ModuleTable[] {
  let left = areaM2
  return tables.filter(({ lengthM }) => {
    left -= lengthM * slopeM
    return left > -lengthM * slopeM * 0.5
  })
}

function rowTables(
  own: readonly PlacePoint[],
  bounds: Rectangle,
  along: number,
  marginM: number,
): readonly ModuleTable[] {
  const edges = crossings(own, along)
  const tables: ModuleTable[] = []
  for (let index = 0; index + 1 < edges.length; index += 2) {
    const [from, to] = [edges[index]! + marginM, edges[index + 1]! - marginM]
    const count = Math.floor((to - from + gapM) / (tableM + gapM)) || (to - from > 3 ? 1 : 0)
    const lengthM = Math.min(tableM, to - from)
    const start = (from + to) / 2 - (count * (lengthM + gapM) - gapM) / 2
    for (let table = 0; table < count; table += 1) {
      const across = start + table * (lengthM + gapM) + lengthM / 2
      tables.push({ at: pointOn(bounds, across, along), lengthM, slopeM })
    }
  }
  return tables
}
