import type { LinearModel } from '../../kernel/index.ts'
import { bestRounding, type Cut, type Rounding, type RoundingRow, roundedCoefficient } from './rounding.ts'
import { readVariableBounds, type VariableBound } from './variable-bounds.ts'

/** Rows of the model and the cuts after them, as the solver has them. */
export interface Rows {
  readonly count: number
  forEachTerm(row: number, visit: (column: number, value: number) => void): void
  lower(row: number): number
  upper(row: number): number
}

/** A row multiplier that is not zero. */
export interface Multiplier {
  readonly row: number
  readonly value: number
}

/** Makes cuts from sums of rows. */
export interface Separator {
  /** The deeper of the cuts that the sum of rows and its negative give at a point; undefined: they give none. */
  cutFrom(multipliers: readonly Multiplier[], point: Float64Array, activity: Float64Array): Cut | undefined
  /** Begins at a row and adds rows that do away with the real column furthest from its bounds, and cuts after each. */
  cutsAlong(start: number, point: Float64Array, activity: Float64Array): Cut[]
  /** Rows worth beginning at. */
  readonly starts: readonly number[]
}

/** Of a real column or a row's activity, put as a distance ≥ 0 from one of its bounds. */
interface Real {
  /** Column, or −1 − row. */
  readonly of: number
  /** 1: above a lower bound; −1: below an upper one. */
  readonly side: 1 | -1
  readonly constant: number
  readonly integer: number
  readonly factor: number
  /** Coefficient of the distance; negative. */
  readonly coefficient: number
}

/** Rows of one sum. */
const mostSummed = 4
const tiny = 1e-9
/** Stands for 0 where a column has been met and its terms have cancelled. */
const touchedOnly = 1e-300
/** A coefficient that is rounding of a zero. */
const nothing = 1e-13
/** The largest over the smallest coefficient of a cut. */
const mostSpread = 1e6
/** Cuts of more columns slow every later solve. */
const mostTerms = (columns: number): number => 100 + 0.15 * columns
/** By how much a cut must be broken, as a distance. */
const leastDistance = 1e-4
/** Given away on the right side, of the largest term: rounding of the sums. */
const slackShare = 1e-9

/**
 * Mixed-integer rounding of sums of rows (Nemhauser & Wolsey 1990, Math. Program. 46; Marchand & Wolsey 2001): real columns are
 * replaced by their distance from the bound they are nearest to, one that follows an integer where there is one, and the
 * integers' coefficients are rounded. Whatever the multipliers are, no solution with whole integers is cut off.
 */
export function createSeparator(model: LinearModel, rows: Rows): Separator {
  const { columnCount, columnLower, columnUpper, integrality } = model
  const bounds = readVariableBounds(model)
  const sum = new Float64Array(columnCount)
  const integerPart = new Float64Array(columnCount)
  const out = new Float64Array(columnCount)

  /** The nearest bound of a real column; undefined: it has none on either side. */
  const distanceOf = (j: number, coefficient: number, point: Float64Array): Real | undefined => {
    const value = point[j]!
    let best: Real | undefined
    let nearest = Number.POSITIVE_INFINITY
    const look = (side: 1 | -1, { integer, constant, factor }: VariableBound): void => {
      const bound = constant + (integer < 0 ? 0 : factor * point[integer]!)
      if (!Number.isFinite(bound)) return
      const distance = side > 0 ? value - bound : bound - value
      // Near bounds that follow an integer first: they carry its fraction into the sum.
      const rank = Math.max(0, distance) + (integer < 0 ? 1e-7 : 0)
      if (rank >= nearest) return
      nearest = rank
      best = { of: j, side, constant, integer, factor, coefficient: side * coefficient }
    }
    for (const bound of bounds.upper.get(j) ?? []) look(-1, bound)
    for (const bound of bounds.lower.get(j) ?? []) look(1, bound)
    look(1, { integer: -1, constant: columnLower[j]!, factor: 0 })
    look(-1, { integer: -1, constant: columnUpper[j]!, factor: 0 })
    return best
  }

  /** The row with its real terms replaced and its integers counted from their nearest bound. */
  const round = (
    sign: 1 | -1,
    columns: readonly number[],
    multipliers: readonly Multiplier[],
    point: Float64Array,
    activity: Float64Array,
  ): Cut | undefined => {
    let right = 0
    const reals: Real[] = []
    const integers: number[] = []
    let realSum = 0
    let realSquare = 0
    const addInteger = (z: number, coefficient: number): void => {
      if (integerPart[z] === 0) integers.push(z)
      integerPart[z]! += coefficient
      if (integerPart[z] === 0) integerPart[z] = touchedOnly
    }
    const take = (real: Real, value: number): void => {
      // coefficient · x = ±coefficient · (distance) + coefficient · bound
      const own = real.side * real.coefficient
      right -= own * real.constant
      if (real.integer >= 0) addInteger(real.integer, own * real.factor)
      if (real.coefficient >= 0) return
      reals.push(real)
      const bound = real.constant + (real.integer < 0 ? 0 : real.factor * point[real.integer]!)
      realSum += real.coefficient * Math.max(0, real.side * (value - bound))
      realSquare += real.coefficient * real.coefficient
    }
    let possible = true
    for (const j of columns) {
      const coefficient = sign * sum[j]!
      if (Math.abs(coefficient) <= tiny) {
        // Too small to keep: put at the bound that can only weaken the row.
        const bound = coefficient > 0 ? columnLower[j]! : columnUpper[j]!
        if (Number.isFinite(bound)) right -= coefficient * bound
        else if (Math.abs(coefficient) > nothing) possible = false
        continue
      }
      if (integrality[j] === 1) addInteger(j, coefficient)
      else {
        const real = distanceOf(j, coefficient, point)
        if (real) take(real, point[j]!)
        else possible = false
      }
    }
    for (const { row, value } of multipliers) {
      const coefficient = -sign * value
      const [lower, upper] = [rows.lower(row), rows.upper(row)]
      if (lower === upper) {
        right -= coefficient * lower
        continue
      }
      const here = activity[row]!
      const below = Number.isFinite(lower) && (!Number.isFinite(upper) || here - lower <= upper - here)
      const bound = below ? lower : upper
      if (!Number.isFinite(bound)) possible = false
      const side = below ? 1 : -1
      take({ of: -1 - row, side, constant: bound, integer: -1, factor: 0, coefficient: side * coefficient }, here)
    }
    const cut = possible ? roundIntegers(right, integers, reals, realSum, realSquare, point) : undefined
    for (const z of integers) integerPart[z] = 0
    return cut
  }

  const roundIntegers = (
    right: number,
    integers: readonly number[],
    reals: readonly Real[],
    realSum: number,
    realSquare: number,
    point: Float64Array,
  ): Cut | undefined => {
    const count = integers.length
    const row: RoundingRow = {
      count,
      coefficient: new Float64Array(count),
      value: new Float64Array(count),
      range: new Float64Array(count),
      flipped: new Uint8Array(count),
      right,
      realSum,
      realSquare,
    }
    for (let t = 0; t < count; t += 1) {
      const z = integers[t]!
      const [lower, upper] = [columnLower[z]!, columnUpper[z]!]
      const atUpper = Number.isFinite(upper) && (!Number.isFinite(lower) || upper - point[z]! < point[z]! - lower)
      if (!atUpper && !Number.isFinite(lower)) return undefined
      const coefficient = integerPart[z]!
      row.range[t] = upper - lower
      row.flipped[t] = atUpper ? 1 : 0
      row.coefficient[t] = atUpper ? -coefficient : coefficient
      row.value[t] = Math.max(0, atUpper ? upper - point[z]! : point[z]! - lower)
      row.right -= coefficient * (atUpper ? upper : lower)
    }
    const rounding = bestRounding(row)
    return rounding && rounding.distance > leastDistance ? write(row, rounding, integers, reals, point) : undefined
  }

  /** The rounded row in the model's own columns. */
  const write = (
    row: RoundingRow,
    { divisor, fraction }: Rounding,
    integers: readonly number[],
    reals: readonly Real[],
    point: Float64Array,
  ): Cut | undefined => {
    const touched: number[] = []
    const add = (j: number, value: number): void => {
      if (out[j] === 0) touched.push(j)
      out[j]! += value
      if (out[j] === 0) out[j] = touchedOnly
    }
    let most = Math.floor(row.right / divisor)
    let size = Math.abs(most)
    integers.forEach((z, t) => {
      const value = roundedCoefficient(row.coefficient[t]! / divisor, fraction)
      if (value === 0) return
      const bound = row.flipped[t] === 1 ? columnUpper[z]! : columnLower[z]!
      const side = row.flipped[t] === 1 ? -1 : 1
      // value · (z − lower), or value · (upper − z)
      add(z, side * value)
      most += side * value * bound
      size = Math.max(size, Math.abs(value * bound))
    })
    const scale = 1 / (divisor * (1 - fraction))
    for (const { of, side, constant, integer, factor, coefficient } of reals) {
      const value = coefficient * scale
      most += side * value * constant
      size = Math.max(size, Math.abs(value * constant))
      if (integer >= 0) add(integer, -side * value * factor)
      if (of >= 0) add(of, side * value)
      else rows.forEachTerm(-1 - of, (j, term) => add(j, side * value * term))
    }
    let largest = 0
    for (const j of touched) largest = Math.max(largest, Math.abs(out[j]!))
    const kept: number[] = []
    let ok = largest > 0 && Number.isFinite(most)
    for (const j of touched) {
      const value = out[j]!
      if (Math.abs(value) * mostSpread >= largest) {
        kept.push(j)
        continue
      }
      const bound = value > 0 ? columnLower[j]! : columnUpper[j]!
      if (Math.abs(value) < 1e-200) continue
      if (!Number.isFinite(bound)) ok = false
      most -= value * bound
    }
    ok &&= kept.length <= mostTerms(columnCount)
    most += slackShare * size
    let cut: Cut | undefined
    if (ok) {
      let excess = -most
      let square = 0
      for (const j of kept) {
        excess += out[j]! * point[j]!
        square += out[j]! * out[j]!
      }
      const norm = Math.sqrt(square)
      const distance = excess / norm
      if (distance > leastDistance) {
        // Scaled so that the largest coefficient is 1: the solver's tolerances are absolute.
        const by = 1 / largest
        cut = {
          columns: Int32Array.from(kept),
          values: Float64Array.from(kept, (j) => out[j]! * by),
          most: most * by,
          distance,
        }
      }
    }
    for (const j of touched) out[j] = 0
    return cut
  }

  const rowsOf = transposed(model)
  const starts: number[] = []
  for (let i = 0; i < model.rowCount; i += 1) {
    const [from, to] = [model.rowStart[i]!, model.rowStart[i + 1]!]
    if (to - from < 4) continue
    for (let at = from; at < to; at += 1) {
      const j = model.columnIndex[at]!
      if (integrality[j] === 1 || bounds.upper.has(j) || bounds.lower.has(j)) {
        starts.push(i)
        break
      }
    }
  }
  const gather = (multipliers: readonly Multiplier[]): number[] => {
    const columns: number[] = []
    for (const { row, value } of multipliers) {
      rows.forEachTerm(row, (j, term) => {
        if (sum[j] === 0) columns.push(j)
        sum[j]! += value * term
        if (sum[j] === 0) sum[j] = touchedOnly
      })
    }
    return columns
  }
  /** The real column furthest from its bounds, and the row, not yet used, that does away with it. */
  const nextRow = (
    columns: readonly number[],
    used: readonly Multiplier[],
    point: Float64Array,
    activity: Float64Array,
  ): Multiplier | undefined => {
    let furthest = 1e-5
    let next: Multiplier | undefined
    for (const j of columns) {
      if (integrality[j] === 1 || Math.abs(sum[j]!) <= tiny) continue
      const real = distanceOf(j, 1, point)
      const bound = real ? real.constant + (real.integer < 0 ? 0 : real.factor * point[real.integer]!) : 0
      const distance = real ? Math.abs(point[j]! - bound) : Number.POSITIVE_INFINITY
      if (distance <= furthest) continue
      let fewest = Number.POSITIVE_INFINITY
      let found: Multiplier | undefined
      for (let at = rowsOf.start[j]!; at < rowsOf.start[j + 1]!; at += 1) {
        const row = rowsOf.row[at]!
        if (used.some((other) => other.row === row)) continue
        const slack = Math.min(activity[row]! - rows.lower(row), rows.upper(row) - activity[row]!)
        if (!(slack <= 1e-6)) continue
        const length = model.rowStart[row + 1]! - model.rowStart[row]!
        if (length >= fewest) continue
        fewest = length
        found = { row, value: -sum[j]! / rowsOf.value[at]! }
      }
      if (!found) continue
      furthest = distance
      next = found
    }
    return next
  }

  return {
    starts,
    cutsAlong(start, point, activity) {
      const used: Multiplier[] = [{ row: start, value: 1 }]
      const cuts: Cut[] = []
      for (let length = 1; ; length += 1) {
        const columns = gather(used)
        for (const sign of [1, -1] as const) {
          const cut = round(sign, columns, used, point, activity)
          if (cut) cuts.push(cut)
        }
        const next = length < mostSummed ? nextRow(columns, used, point, activity) : undefined
        for (const j of columns) sum[j] = 0
        if (!next) return cuts
        used.push(next)
      }
    },
    cutFrom(multipliers, point, activity) {
      const columns = gather(multipliers)
      const [up, down] = [
        round(1, columns, multipliers, point, activity),
        round(-1, columns, multipliers, point, activity),
      ]
      for (const j of columns) sum[j] = 0
      if (!up || !down) return up ?? down
      return up.distance >= down.distance ? up : down
    },
  }
}

interface Transposed {
  readonly start: Int32Array
  readonly row: Int32Array
  readonly value: Float64Array
}

/** The rows of each column. */
function transposed({ columnCount, rowCount, rowStart, columnIndex, coefficient }: LinearModel): Transposed {
  const start = new Int32Array(columnCount + 1)
  for (const j of columnIndex) start[j + 1]! += 1
  for (let j = 0; j < columnCount; j += 1) start[j + 1]! += start[j]!
  const next = start.slice()
  const row = new Int32Array(columnIndex.length)
  const value = new Float64Array(columnIndex.length)
  for (let i = 0; i < rowCount; i += 1) {
    for (let at = rowStart[i]!; at < rowStart[i + 1]!; at += 1) {
      const to = next[columnIndex[at]!]!
      next[columnIndex[at]!]! += 1
      row[to] = i
      value[to] = coefficient[at]!
    }
  }
  return { start, row, value }
}
