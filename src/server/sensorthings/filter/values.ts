/** A time in UTC milliseconds. */
export interface Moment {
  readonly kind: 'moment'
  readonly ms: number
}

/** A length of time. */
export interface Duration {
  readonly kind: 'duration'
  readonly ms: number
}

/** Degrees east and north. */
export type Position = readonly [longitude: number, latitude: number]

/** A point, or the outer ring of a polygon. */
export interface Geography {
  readonly kind: 'geography'
  readonly points: readonly Position[]
  readonly closed: boolean
}

/** Values of a path over many entities: a comparison holds where it holds for one. */
export interface Several {
  readonly kind: 'several'
  readonly values: readonly Value[]
}

/** What an expression is worth; null = nothing is known. Arrays and objects of properties count as null. */
export type Value = number | string | boolean | null | Moment | Duration | Geography | Several

export const moment = (ms: number): Moment => ({ kind: 'moment', ms })
export const duration = (ms: number): Duration => ({ kind: 'duration', ms })

const maxPositions = 1000

/** Reads well-known text (OGC 06-103r4): points, and polygons without holes. */
export function geography(text: string): Geography | undefined {
  const match = /^\s*(POINT|POLYGON)\s*\(([\d\s.,eE+()-]*)\)\s*$/i.exec(text.slice(0, 20_000))
  if (!match) return undefined
  const isPoint = match[1]?.toUpperCase() === 'POINT'
  const inner = (match[2] ?? '').trim()
  const ring = isPoint ? inner : /^\(([^()]*)\)$/.exec(inner)?.[1]
  if (ring === undefined || ring.includes('(')) return undefined
  const points = ring.split(',').map((pair) => pair.trim().split(/\s+/).map(Number))
  const fine = points.every((pair) => pair.length === 2 && pair.every(Number.isFinite)) && points.length <= maxPositions
  if (!fine || (isPoint ? points.length !== 1 : points.length < 4)) return undefined
  return { kind: 'geography', points: points as unknown as readonly Position[], closed: !isPoint }
}

/** A JSON value of a property as the language sees it; a GeoJSON point is a geography. */
export function valueOfJson(json: unknown): Value {
  if (json === null || json === undefined) return null
  if (typeof json === 'number' || typeof json === 'string' || typeof json === 'boolean') return json
  if (typeof json !== 'object') return null
  const { type, coordinates } = json as { readonly type?: unknown; readonly coordinates?: unknown }
  if (type !== 'Point' || !Array.isArray(coordinates)) return null
  return { kind: 'geography', points: [[Number(coordinates[0]), Number(coordinates[1])]], closed: false }
}

/**
 * Which of two values of one kind comes first, below 0 the left; undefined for values of unlike kinds, and where one is null.
 * Text is compared by its UTF-16 units, false comes before true.
 */
export function order(left: Value, right: Value): number | undefined {
  if (left === null || right === null) return undefined
  if (typeof left === 'object' || typeof right === 'object') {
    if (typeof left !== 'object' || typeof right !== 'object' || left.kind !== right.kind) return undefined
    if (!('ms' in left) || !('ms' in right)) return undefined
    return left.ms - right.ms
  }
  if (typeof left !== typeof right) return undefined
  if (typeof left === 'number') return left - (right as number)
  return left < right ? -1 : left > right ? 1 : 0
}

/** Order for sorting: null first, then by kind, then by value. */
export function rank(left: Value, right: Value): number {
  const known = order(left, right)
  if (known !== undefined) return Number.isNaN(known) ? 0 : known
  const kinds = kindOf(left) - kindOf(right)
  return kinds
}

const kindOrder = ['null', 'boolean', 'number', 'string', 'moment', 'duration', 'geography', 'several']
const kindOf = (value: Value): number =>
  kindOrder.indexOf(value === null ? 'null' : typeof value === 'object' ? value.kind : typeof value)
