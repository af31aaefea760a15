import type { PointSpec } from '../../kernel/index.ts'
import type { Frame } from '../frame.ts'
import type { FrequencyReserveAsset } from '../schema/index.ts'
import type { Flow, Formulation, Outcome, Published } from './component.ts'
import { brokenSteps, outside, tolerance } from './limits.ts'
import { beginSizedRow, type Size } from './sized.ts'

/**
 * Reserve that assets hold back, as one family of rows: each provider adds a column for each direction, limited by what it
 * could still do, and supplies it to the bus `reserve-up` or `reserve-down`, from which `frequency-reserve` draws. Lines do
 * not limit reserve: it is one bus for the whole site. Nothing is added on a site that holds no reserve.
 */

/** Points of what holds reserve. */
export const reservePoints: readonly PointSpec[] = [
  { id: 'reserveUpKw', title: 'Reserve held, up', unit: 'kW', role: 'computed' },
  { id: 'reserveDownKw', title: 'Reserve held, down', unit: 'kW', role: 'computed' },
]

/** The reserve assets of a site. */
export const reserveAssets = ({ site }: Pick<Frame, 'site'>): readonly FrequencyReserveAsset[] =>
  site.assets.filter(({ kind }) => kind === 'frequency-reserve') as unknown as readonly FrequencyReserveAsset[]

export interface Wanted {
  readonly up: boolean
  readonly down: boolean
  /** Whether the loss of the largest unit must be covered. */
  readonly largestUnit: boolean
}

/** Which reserve the site asks for at all. */
export function reserveWanted(frame: Pick<Frame, 'site'>): Wanted {
  const assets = reserveAssets(frame)
  return {
    up: assets.some(({ upKw, operating }) => upKw !== undefined || operating !== undefined),
    down: assets.some(({ downKw }) => downKw !== undefined),
    largestUnit: assets.some(({ operating }) => operating?.largestUnit ?? false),
  }
}

/** Time for which a store must be able to give what it holds, h; 0 where no reserve is wanted. */
export const sustainHours = (frame: Pick<Frame, 'site'>): number =>
  reserveAssets(frame).reduce((most, asset) => Math.max(most, asset.sustainHours), 0)

/** `factor × column[first + k]`, or with `lag` the column of the step before and `before` ahead of the first step. */
export interface ReserveTerm {
  readonly first: number
  readonly factor: number
  readonly lag?: boolean
  readonly before?: number
  /** The one column `first` in every step. */
  readonly same?: boolean
}

/** `perKw × reserve ≤ most + Σ terms + coefficient × size`. */
export interface ReserveLimit {
  readonly most: number | Float64Array
  readonly terms?: readonly ReserveTerm[]
  /** Default 1. */
  readonly perKw?: number
  readonly sized?: { readonly size: Size; readonly coefficient: number }
}

export interface ReserveSide {
  /** The most there can ever be, kW; a finite bound. */
  readonly upToKw: number
  readonly limits: readonly ReserveLimit[]
}

export interface ReserveOffer {
  /** Of the columns; default: the asset's id. */
  readonly name?: string
  /** Steps in which it is offered, from the first to the last plus one; terms count from `from`. Default: all. */
  readonly from?: number
  readonly to?: number
  readonly up?: ReserveSide
  readonly down?: ReserveSide
  /** First column of the power of a unit that can trip: with its reserve it counts as one unit that may be lost. */
  readonly lost?: number
}

export interface Reserved {
  /** First columns, −1 where none is held. */
  readonly first: { readonly up: number; readonly down: number }
  /** `reserveUpKw` and `reserveDownKw` of a solution, one a step, as far as wanted; times `weights` where given. */
  points(columnValues: Float64Array, weights?: Float64Array): Record<string, Float64Array>
}

type Place = Pick<Formulation<unknown, unknown>, 'asset' | 'frame' | 'model' | 'buses'>

/** Adds what an asset can hold back in each step. */
export function offerReserve(formulation: Place, offer: ReserveOffer): Reserved {
  const { asset, frame, model, buses } = formulation
  const wanted = reserveWanted(frame)
  const { count } = frame.grid
  const { name = asset.id, from = 0, to = count, lost } = offer
  const place = (side: 'up' | 'down'): number => {
    const offered = offer[side]
    if (!wanted[side] || !offered || to <= from) return -1
    const first = model.addColumns(`${name}.reserve-${side}Kw`, to - from, { upper: Math.max(0, offered.upToKw) })
    for (const limit of offered.limits) limitRows(formulation, `${name}.reserve-${side}`, { first, from, to, limit })
    buses.of(`reserve-${side}`).supply(first, from, to)
    return first
  }
  const first = { up: place('up'), down: place('down') }
  if (wanted.largestUnit && lost !== undefined) {
    const largest = largestUnitColumn(formulation)
    for (let k = from; k < to; k += 1) {
      model.beginRow(`${name}.lost`, 0, Number.POSITIVE_INFINITY)
      model.term(largest + k, 1)
      model.term(lost + k - from, -1)
      if (first.up >= 0) model.term(first.up + k - from, -1)
      model.endRow()
    }
  }
  return {
    first,
    points(columnValues, weights) {
      const points: Record<string, Float64Array> = {}
      for (const side of ['up', 'down'] as const) {
        if (!wanted[side]) continue
        const heldKw = new Float64Array(count)
        for (let k = from; k < to && first[side] >= 0; k += 1) {
          heldKw[k] = Math.max(0, columnValues[first[side] + k - from]!) * (weights?.[k] ?? 1)
        }
        points[pointOf[side]] = heldKw
      }
      return points
    },
  }
}

const pointOf = { up: 'reserveUpKw', down: 'reserveDownKw' } as const

interface Placed {
  readonly first: number
  readonly from: number
  readonly to: number
  readonly limit: ReserveLimit
}

function limitRows({ model }: Place, name: string, { first, from, to, limit }: Placed): void {
  const { most, terms = [], perKw = 1, sized = { size: 0, coefficient: 0 } } = limit
  for (let k = from; k < to; k += 1) {
    let upper = typeof most === 'number' ? most : most[k - from]!
    for (const { lag, factor, before = 0 } of terms) if (lag && k === from) upper += factor * before
    beginSizedRow(model, name, {
      size: sized.size,
      coefficient: -sized.coefficient,
      lower: Number.NEGATIVE_INFINITY,
      upper,
    })
    model.term(first + k - from, perKw)
    for (const { first: column, factor, lag, same } of terms) {
      if (same) model.term(column, -factor)
      else if (!lag) model.term(column + k - from, -factor)
      else if (k > from) model.term(column + k - from - 1, -factor)
    }
    model.endRow()
  }
}

/** First of the columns with the power and reserve of whichever unit gives most, drawn from the reserve; one for a site. */
export const largestUnitColumn = ({ model, buses, frame }: Place): number =>
  buses.shared('largestUnitKw', () => {
    const first = model.addColumns('largestUnitKw', frame.grid.count, {})
    buses.of('reserve-up').draw(first, 0, frame.grid.count)
    return first
  })

/** Kinds that give power as one unit, which may trip. */
const unitKinds: ReadonlySet<string> = new Set(['genset', 'chp', 'fuel-cell'])

/** Whether the published largest unit is as large as any: `N-1`, checked without the model. */
export function largestUnitBreaches(
  assets: readonly { readonly id: string; readonly kind: string }[],
  outcomes: ReadonlyMap<string, Outcome>,
): string[] {
  const keeper = [...outcomes].find(([, { points }]) => points.largestUnitKw)
  if (!keeper) return []
  const [keeperId, { points }] = keeper
  return assets
    .filter(({ kind }) => unitKinds.has(kind))
    .flatMap(({ id }) => {
      const { powerKw, reserveUpKw } = outcomes.get(id)?.points ?? {}
      if (!powerKw) return []
      const lostKw = powerKw.map((power, k) => power + (reserveUpKw?.[k] ?? 0))
      return brokenSteps(
        `${keeperId}: the loss of ${id} is not covered`,
        lostKw,
        (lost, k) => lost > points.largestUnitKw![k]! + 2 * tolerance * Math.max(1, 1e-3 * lost),
      )
    })
}

/** How much reserve one kW of a load or a source asks for, as an island; 0 where none. */
export function needShare(frame: Pick<Frame, 'site'>, of: 'loadShare' | 'sourceShare'): number {
  return reserveAssets(frame).reduce((sum, { operating }) => sum + (operating?.[of] ?? 0), 0)
}

/**
 * Makes a load or a source of an island draw its share of operating reserve: of a fixed power and of columns.
 *
 * @returns the point `reserveNeedKw` for a power; nothing where no reserve is kept
 */
export function needReserve(
  { frame, buses }: Place,
  of: 'loadShare' | 'sourceShare',
  terms: readonly ReserveTerm[],
  fixedKw?: Float64Array,
): (powerKw: Float64Array) => Record<string, Float64Array> {
  const share = needShare(frame, of)
  if (share === 0) return () => ({})
  const bus = buses.of('reserve-up')
  if (fixedKw) bus.fixed(fixedKw.map((value) => share * value))
  for (const { first, factor } of terms) bus.draw(first, 0, frame.grid.count, share * factor)
  return (powerKw) => ({ reserveNeedKw: powerKw.map((value) => share * value) })
}

/** Reserve held and asked for by an asset, from its published points. */
export const reserveFlows = ({ points }: Pick<Outcome, 'points'>): readonly Flow[] => {
  const { reserveUpKw, reserveDownKw, reserveNeedKw } = points
  const bus = 'main'
  return [
    ...(reserveUpKw ? [{ carrier: 'reserve-up' as const, bus, powerKw: reserveUpKw }] : []),
    ...(reserveDownKw ? [{ carrier: 'reserve-down' as const, bus, powerKw: reserveDownKw }] : []),
    ...(reserveNeedKw ? [{ carrier: 'reserve-up' as const, bus, powerKw: reserveNeedKw.map((kw) => -kw) }] : []),
  ]
}

export interface Headroom {
  /** The most it could hold in step `k` beside what it does, kW; absent: none. */
  readonly upKw?: (k: number) => number
  readonly downKw?: (k: number) => number
}

/** Whether what an asset published as held is really there. */
export function reserveBreaches<A, I>(
  { values }: Pick<Published<A, I>, 'values'>,
  { upKw = () => 0, downKw = () => 0 }: Headroom,
): string[] {
  const look = (point: string, mostKw: (k: number) => number): string[] =>
    brokenSteps(`${point} is more than it could give`, values(point), (held, k) => {
      const most = Math.max(0, mostKw(k))
      return outside(0, most + tolerance * Math.max(1, 1e-3 * most))(held)
    })
  return [...look('reserveUpKw', upKw), ...look('reserveDownKw', downKw)]
}

/** Whether the point with what a load or a source asks for agrees with its power. */
export const needBreaches = <A, I>(
  { frame, values }: Pick<Published<A, I>, 'frame' | 'values'>,
  of: 'loadShare' | 'sourceShare',
): string[] => {
  const share = needShare(frame, of)
  const powerKw = values('powerKw')
  const needKw = values('reserveNeedKw')
  if (share === 0) return []
  if (needKw.length !== powerKw.length) return ['asks for no reserve although the island does']
  return brokenSteps(
    'asks for too little reserve',
    needKw,
    (need, k) => !(need >= share * powerKw[k]! - tolerance * Math.max(1, 1e-3 * powerKw[k]!)),
  )
}
