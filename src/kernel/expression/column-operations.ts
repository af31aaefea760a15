import { quality } from '../series/quality.ts'
import type { PointColumn } from './column.ts'
import type { ComparisonSign } from './expression.ts'
import type { PairOperation } from './program.ts'

/**
 * Loops over the first `count` rows, one operation a function so that each is compiled for its own arithmetic.
 * A result that is no finite number (a division by zero, an overflow, a missing operand) is missing at once: were it carried
 * on as infinity, 1 / (1 / 0) would come out as 0. Quality is the worst of what was used. `value - value` is 0 for a finite
 * number and NaN for all else, so adding it needs no branch.
 */
type PairLoop = (out: PointColumn, left: PointColumn, right: PointColumn, count: number) => void

const { missing } = quality

const add: PairLoop = ({ values, quality: codes }, left, right, count) => {
  const { values: a, quality: p } = left
  const { values: b, quality: q } = right
  for (let k = 0; k < count; k += 1) {
    const value = a[k]! + b[k]!
    const nothing = value - value
    values[k] = value + nothing
    codes[k] = nothing === 0 ? Math.max(p[k]!, q[k]!) : missing
  }
}

const subtract: PairLoop = ({ values, quality: codes }, left, right, count) => {
  const { values: a, quality: p } = left
  const { values: b, quality: q } = right
  for (let k = 0; k < count; k += 1) {
    const value = a[k]! - b[k]!
    const nothing = value - value
    values[k] = value + nothing
    codes[k] = nothing === 0 ? Math.max(p[k]!, q[k]!) : missing
  }
}

const multiply: PairLoop = ({ values, quality: codes }, left, right, count) => {
  const { values: a, quality: p } = left
  const { values: b, quality: q } = right
  for (let k = 0; k < count; k += 1) {
    const value = a[k]! * b[k]!
    const nothing = value - value
    values[k] = value + nothing
    codes[k] = nothing === 0 ? Math.max(p[k]!, q[k]!) : missing
  }
}

const divide: PairLoop = ({ values, quality: codes }, left, right, count) => {
  const { values: a, quality: p } = left
  const { values: b, quality: q } = right
  for (let k = 0; k < count; k += 1) {
    const value = a[k]! / b[k]!
    const nothing = value - value
    values[k] = value + nothing
    codes[k] = nothing === 0 ? Math.max(p[k]!, q[k]!) : missing
  }
}

const min: PairLoop = ({ values, quality: codes }, left, right, count) => {
  const { values: a, quality: p } = left
  const { values: b, quality: q } = right
  for (let k = 0; k < count; k += 1) {
    values[k] = Math.min(a[k]!, b[k]!)
    codes[k] = Math.max(p[k]!, q[k]!)
  }
}

const max: PairLoop = ({ values, quality: codes }, left, right, count) => {
  const { values: a, quality: p } = left
  const { values: b, quality: q } = right
  for (let k = 0; k < count; k += 1) {
    values[k] = Math.max(a[k]!, b[k]!)
    codes[k] = Math.max(p[k]!, q[k]!)
  }
}

const coalesce: PairLoop = ({ values, quality: codes }, left, right, count) => {
  for (let k = 0; k < count; k += 1) {
    const from = left.quality[k] === missing ? right : left
    values[k] = from.values[k]!
    codes[k] = from.quality[k]!
  }
}

export const pairLoops: Readonly<Record<PairOperation, PairLoop>> = {
  add,
  subtract,
  multiply,
  divide,
  min,
  max,
  coalesce,
}

/** Rows of a given column; what comes from outside is made to keep the law of missing values here. */
export function loadInto(out: PointColumn, given: PointColumn, from: number, count: number): void {
  const { values, quality: codes } = out
  values.set(given.values.subarray(from, from + count))
  codes.set(given.quality.subarray(from, from + count))
  for (let k = 0; k < count; k += 1) {
    const value = values[k]!
    if (value - value === 0 && codes[k]! < missing) continue
    values[k] = Number.NaN
    codes[k] = missing
  }
}

/** `value · scale + offset`; `out` may be what it is made of. */
export function scaleInto(out: PointColumn, of: PointColumn, { scale, offset }: Scaling, count: number): void {
  const { values, quality: codes } = out
  const { values: a, quality: p } = of
  for (let k = 0; k < count; k += 1) {
    const value = a[k]! * scale + offset
    const known = value - value === 0
    values[k] = known ? value : Number.NaN
    codes[k] = known ? p[k]! : missing
  }
}

export interface Scaling {
  readonly scale: number
  readonly offset: number
}

export function absInto(out: PointColumn, of: PointColumn, count: number): void {
  for (let k = 0; k < count; k += 1) {
    out.values[k] = Math.abs(of.values[k]!)
    out.quality[k] = of.quality[k]!
  }
}

/** Whole powers by repeated multiplication, so that they do not depend on how a machine rounds its power function. */
export function powerInto(out: PointColumn, of: PointColumn, exponent: number, count: number): void {
  const times = Math.abs(exponent)
  for (let k = 0; k < count; k += 1) {
    const base = of.values[k]!
    let value = base
    for (let time = 1; time < times; time += 1) value *= base
    if (exponent < 0) value = 1 / value
    const known = value - value === 0
    out.values[k] = known ? value : Number.NaN
    out.quality[k] = known ? of.quality[k]! : missing
  }
}

/** Whether a comparison holds; never where a side is missing, which the caller looks at first. */
const holds: Readonly<Record<ComparisonSign, (a: number, b: number) => boolean>> = {
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
}

/** The chosen part, with the worst quality of condition and part; the part that is not chosen does not count. */
export function chooseInto(
  out: PointColumn,
  sign: ComparisonSign,
  {
    left,
    right,
    chosen,
    otherwise,
  }: { left: PointColumn; right: PointColumn; chosen: PointColumn; otherwise: PointColumn },
  count: number,
): void {
  const compare = holds[sign]
  for (let k = 0; k < count; k += 1) {
    const asked = Math.max(left.quality[k]!, right.quality[k]!)
    const part = compare(left.values[k]!, right.values[k]!) ? chosen : otherwise
    const code = Math.max(asked, part.quality[k]!)
    out.values[k] = code === missing ? Number.NaN : part.values[k]!
    out.quality[k] = code
  }
}
