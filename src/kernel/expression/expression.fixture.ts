import fc from 'fast-check'
import { quality } from '../series/quality.ts'
import { parseUnit } from '../units/index.ts'
import type { PointColumn } from './column.ts'
import type { Expression } from './expression.ts'

/** Points that random expressions name. */
export const unitOfPoint: Readonly<Record<string, string>> = {
  'pv.powerKw': 'kW',
  'genset-a.powerKw': 'kW',
  '2nd-feeder.power_mw': 'MW',
  'battery.soc': '1',
  'pump.load-share': '%',
}

const span = { from: 0, to: 0 }
const literal = fc.oneof(fc.integer({ min: 0, max: 20 }), fc.constantFrom(0.5, 2.5e-3, 1e21, 7.25))
const comparison = fc.constantFrom(
  '<' as const,
  '<=' as const,
  '>' as const,
  '>=' as const,
  '==' as const,
  '!=' as const,
)

type Tie = {
  readonly power: Expression
  readonly plain: Expression
  readonly powers: Expression[]
  readonly plains: Expression[]
}

/** Random expressions in which all units fit: `power` has the dimension of power, `plain` is a plain number. */
export const expressions = fc.letrec<Tie>((tie) => {
  const leaf = (units: readonly string[], bare: boolean): fc.Arbitrary<Expression> =>
    fc.oneof(
      fc
        .constantFrom(...Object.keys(unitOfPoint).filter((ref) => units.includes(unitOfPoint[ref] ?? '')))
        .map((ref): Expression => ({ kind: 'point', ref, ...span })),
      fc
        .tuple(literal, fc.constantFrom(...units.filter((unit) => unit !== '1')))
        .map(([value, unit]): Expression => ({ kind: 'number', value, unit, ...span })),
      ...(bare ? [literal.map((value): Expression => ({ kind: 'number', value, ...span }))] : []),
    )
  const same = (one: 'power' | 'plain', several: 'powers' | 'plains'): fc.Arbitrary<Expression>[] => [
    fc
      .tuple(fc.constantFrom('+' as const, '-' as const), tie(one), tie(one))
      .map(([sign, left, right]): Expression => ({ kind: 'arithmetic', sign, left, right, ...span })),
    tie(one).map((of): Expression => ({ kind: 'negate', of, ...span })),
    tie(one).map((of): Expression => ({ kind: 'call', name: 'abs', parts: [of], ...span })),
    fc
      .tuple(fc.constantFrom('min' as const, 'max' as const, 'sum' as const, 'mean' as const), tie(several))
      .map(([name, parts]): Expression => ({ kind: 'call', name, parts, ...span })),
    fc
      .tuple(tie(one), tie(one), tie(one))
      .map((parts): Expression => ({ kind: 'call', name: 'clamp', parts, ...span })),
    fc.tuple(tie(one), tie(one)).map((parts): Expression => ({ kind: 'call', name: 'coalesce', parts, ...span })),
    ...(['power', 'plain'] as const).map((asked) =>
      fc.tuple(comparison, tie(asked), tie(asked), tie(one), tie(one)).map(
        ([sign, left, right, chosen, otherwise]): Expression => ({
          kind: 'if',
          condition: { sign, left, right, ...span },
          chosen,
          otherwise,
          ...span,
        }),
      ),
    ),
  ]
  const arithmetic = (sign: '*' | '/', left: 'power' | 'plain', right: 'power' | 'plain'): fc.Arbitrary<Expression> =>
    fc
      .tuple(tie(left), tie(right))
      .map(([a, b]): Expression => ({ kind: 'arithmetic', sign, left: a, right: b, ...span }))
  const options = { maxDepth: 5, depthIdentifier: 'expression' }
  return {
    power: fc.oneof(
      options,
      leaf(['kW', 'MW', 'W'], false),
      ...same('power', 'powers'),
      arithmetic('*', 'power', 'plain'),
      arithmetic('*', 'plain', 'power'),
      arithmetic('/', 'power', 'plain'),
    ),
    plain: fc.oneof(
      options,
      leaf(['1', '%'], true),
      ...same('plain', 'plains'),
      arithmetic('*', 'plain', 'plain'),
      arithmetic('/', 'plain', 'plain'),
      arithmetic('/', 'power', 'power'),
      fc
        .tuple(tie('plain'), fc.constantFrom(1, 2, 3, -1, -2))
        .map(([base, exponent]): Expression => ({ kind: 'power', base, exponent, ...span })),
    ),
    powers: fc.array(tie('power'), { minLength: 1, maxLength: 3 }),
    plains: fc.array(tie('plain'), { minLength: 1, maxLength: 3 }),
  }
})

/** A column with every quality, zeros, and what should never come from a store: infinity, NaN that claims to be good. */
export const columnOf = (count: number): fc.Arbitrary<PointColumn> =>
  fc
    .array(
      fc.tuple(
        fc.oneof(
          fc.integer({ min: -20, max: 20 }),
          fc.double({ min: 1e-9, max: 1000, noNaN: true }),
          fc.constantFrom(0, Number.NaN, Number.POSITIVE_INFINITY),
        ),
        fc.integer({ min: 0, max: 4 }),
      ),
      { minLength: count, maxLength: count },
    )
    .map((rows) => ({
      values: Float64Array.from(rows, ([value]) => value),
      quality: Uint8Array.from(rows, ([, code]) => code),
    }))

/** A value in base units with its quality, and how far rounding may have moved it; undefined: missing. */
export type Scalar = { readonly value: number; readonly quality: number; readonly error: number } | undefined

/** Thrown where rounding alone decides which way an expression goes. */
export class RoundingDecides extends Error {}

const epsilon = 8 * Number.EPSILON

/** One row of an expression by the definitions of the language, all in base units, with a running bound of the rounding. */
export function naive(part: Expression, row: (ref: string) => Scalar): Scalar {
  const of = (other: Expression) => naive(other, row)
  switch (part.kind) {
    case 'number':
      return made(part.value * parseUnit(part.unit ?? '1').factor, quality.good, 0)
    case 'point': {
      const scalar = row(part.ref)
      return scalar && made(scalar.value * parseUnit(unitOfPoint[part.ref] ?? '').factor, scalar.quality, 0)
    }
    case 'negate': {
      const inner = of(part.of)
      return inner && { ...inner, value: -inner.value }
    }
    case 'power': {
      let power = of(part.base)
      for (let time = 1; time < Math.abs(part.exponent); time += 1) power = arithmetic('*', power, of(part.base))
      return part.exponent > 0 ? power : arithmetic('/', { value: 1, quality: 0, error: 0 }, power)
    }
    case 'arithmetic':
      return arithmetic(part.sign, of(part.left), of(part.right))
    case 'if': {
      const [left, right] = [of(part.condition.left), of(part.condition.right)]
      const [chosen, otherwise] = [of(part.chosen), of(part.otherwise)]
      if (!left || !right) return undefined
      if (left.error + right.error > 0 && Math.abs(left.value - right.value) <= left.error + right.error) {
        throw new RoundingDecides()
      }
      const part2 = compare(part.condition.sign, left.value, right.value) ? chosen : otherwise
      return part2 && { ...part2, quality: Math.max(left.quality, right.quality, part2.quality) }
    }
    case 'call':
      return call(part.name, part.parts.map(of))
  }
}

function call(name: string, parts: readonly Scalar[]): Scalar {
  if (name === 'coalesce') return parts.find((part) => part !== undefined)
  if (parts.some((part) => part === undefined)) return undefined
  const known = parts as readonly NonNullable<Scalar>[]
  const worst = Math.max(...known.map((part) => part.quality))
  const error = Math.max(...known.map((part) => part.error))
  const values = known.map(({ value }) => value)
  const [first = 0, low = 0, high = 0] = values
  const total = known.slice(1).reduce((sum: Scalar, part) => arithmetic('+', sum, part), known[0])
  switch (name) {
    case 'min':
      return { value: Math.min(...values), quality: worst, error }
    case 'max':
      return { value: Math.max(...values), quality: worst, error }
    case 'clamp':
      return { value: Math.min(Math.max(first, low), high), quality: worst, error }
    case 'abs':
      return { value: Math.abs(first), quality: worst, error }
    case 'mean':
      return arithmetic('/', total, { value: known.length, quality: 0, error: 0 })
    default:
      return total
  }
}

function arithmetic(sign: string, a: Scalar, b: Scalar): Scalar {
  if (!a || !b) return undefined
  const worst = Math.max(a.quality, b.quality)
  if (sign === '+') return made(a.value + b.value, worst, a.error + b.error)
  if (sign === '-') return made(a.value - b.value, worst, a.error + b.error)
  if (sign === '*') {
    return made(a.value * b.value, worst, Math.abs(a.value) * b.error + Math.abs(b.value) * a.error + a.error * b.error)
  }
  if (b.value === 0 && b.error === 0) return undefined
  const least = Math.abs(b.value) - b.error
  if (least <= 0) throw new RoundingDecides()
  const value = a.value / b.value
  return made(value, worst, (a.error + Math.abs(value) * b.error) / least)
}

function made(value: number, code: number, error: number): Scalar {
  const size = Math.abs(value)
  if (!(size < 1e290) || (size > 0 && size < 1e-290)) throw new RoundingDecides()
  return { value, quality: code, error: error + epsilon * size }
}

function compare(sign: string, a: number, b: number): boolean {
  if (sign === '==') return a === b
  if (sign === '!=') return a !== b
  if (sign === '<') return a < b
  if (sign === '<=') return a <= b
  return sign === '>' ? a > b : a >= b
}
