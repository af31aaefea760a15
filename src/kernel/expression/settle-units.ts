import { MangroveError, type Problem } from '../errors.ts'
import { kernelErrors } from '../kernel-errors.ts'
import { didYouMean } from '../schema/index.ts'
import { type Dimension, dimensionWords, inCurrency, parseUnit, sameDimension, type Unit } from '../units/index.ts'
import { expressionErrors } from './errors.ts'
import type { Expression } from './expression.ts'
import { joined, type PairOperation, type Program, scaled } from './program.ts'

/** What an expression may name. */
export interface ExpressionScope {
  /** Unit of a point; undefined where there is no such point. */
  unitOf(ref: string): string | undefined
  /** Points that could be meant, for messages. */
  readonly known?: Iterable<string>
  /** What `CUR` in a unit stands for. */
  readonly currency?: string
}

/** A program and what its numbers are: `value · factor` is the quantity in base units. */
export interface Settled {
  readonly program: Program
  readonly dimension: Dimension
  readonly factor: number
  /** A temperature as a thermometer reads it, whose scale has a zero of its own. The program holds kelvin. */
  readonly reading: boolean
}

interface Settling extends ExpressionScope {
  readonly text: string
}

/**
 * Gives every part of an expression its dimension. A part keeps the unit it comes in and is converted where it meets
 * another, so that points of one unit add without rounding.
 *
 * Temperatures in a unit with a zero of its own (degC) are readings: two subtract to a difference in K, a difference is
 * added to one, and they are never added or scaled. A product takes them as kelvin.
 *
 * @throws `kernel.unit-mismatch` with both sides named, `kernel.bad-unit`, `kernel.unknown-point`, `kernel.bad-expression`
 */
export function settleUnits(expression: Expression, text: string, scope: ExpressionScope): Settled {
  return settle(expression, { ...scope, text })
}

function settle(part: Expression, scope: Settling): Settled {
  switch (part.kind) {
    case 'number':
      return settleNumber(part, scope)
    case 'point':
      return settlePoint(part, part.ref, scope)
    case 'negate': {
      const of = difference(part.of, settle(part.of, scope), scope)
      return { ...of, program: scaled(of.program, -1) }
    }
    case 'power': {
      const of = settle(part.base, scope)
      const dimension = mapPowers(of.dimension, (power) => power * part.exponent)
      const program: Program = { operation: 'power', of: of.program, exponent: part.exponent }
      return plausible(part, { program, dimension, factor: of.factor ** part.exponent, reading: false }, scope)
    }
    case 'arithmetic':
      return settleArithmetic(part, scope)
    case 'call':
      return settleCall(part, scope)
    case 'if': {
      const { condition } = part
      const [left, right] = alike([condition.left, condition.right], scope)
      const [chosen, otherwise] = alike([part.chosen, part.otherwise], scope)
      return {
        ...chosen!,
        program: {
          operation: 'choose',
          sign: condition.sign,
          left: left!.program,
          right: right!.program,
          chosen: chosen!.program,
          otherwise: otherwise!.program,
        },
      }
    }
  }
}

function settleNumber(part: Expression & { kind: 'number' }, scope: Settling): Settled {
  const unit = part.unit === undefined ? plainNumber : unitAt(part, part.unit, scope)
  return ofUnit({ operation: 'constant', value: part.value }, unit)
}

function settlePoint(part: Expression, ref: string, scope: Settling): Settled {
  const symbol = scope.unitOf(ref)
  if (symbol === undefined) {
    const known = [...(scope.known ?? [])]
    throw expressionErrors.unknownPoint({
      detail: `${columnOf(part)}: there is no such point${minusHint(ref, known) || didYouMean(ref, known)}`,
      found: ref,
      expected: known.length > 0 && known.length <= 20 ? `one of ${known.join(', ')}` : '<asset>.<point> of the site',
    })
  }
  return ofUnit({ operation: 'column', ref, scale: 1, offset: 0 }, unitAt(part, symbol, scope))
}

/** Told where a point stands on either side of a hyphen: `a.powerKw-2` is one name. */
function minusHint(ref: string, known: readonly string[]): string {
  const hyphens = [...ref.matchAll(/-/g)].map(({ index }) => index)
  const meant = hyphens.some((at) => known.includes(ref.slice(0, at)) || known.includes(ref.slice(at + 1)))
  return meant ? '; a hyphen belongs to the name, a minus has a space before it' : ''
}

const plainNumber = parseUnit('1')

/** Readings become kelvin at once; all else keeps its unit. */
function ofUnit(program: Program, { factor, offset, dimension }: Unit): Settled {
  if (offset === 0) return { program, dimension, factor, reading: false }
  const read: Program =
    program.operation === 'column' ? { ...program, scale: factor, offset } : scaled(program, factor, offset)
  return { program: read, dimension, factor: 1, reading: true }
}

function unitAt(part: Expression, symbol: string, scope: Settling): Unit {
  try {
    return parseUnit(inCurrency(symbol, scope.currency ?? 'CUR'))
  } catch (error) {
    if (!(error instanceof MangroveError)) throw error
    const [problem] = error.problems as readonly [Problem]
    throw kernelErrors.badUnit({ ...detailsOf(problem), detail: `${columnOf(part)}: ${lowered(problem.detail)}` })
  }
}

const detailsOf = ({ detail, found, expected }: Problem) => ({ detail, found, ...(expected ? { expected } : {}) })
const lowered = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1)

function settleArithmetic(part: Expression & { kind: 'arithmetic' }, scope: Settling): Settled {
  const { sign } = part
  if (sign === '+' || sign === '-') return settleSum(part, scope)
  const [left, right] = [settle(part.left, scope), settle(part.right, scope)]
  const direction = sign === '*' ? 1 : -1
  const dimension: Record<string, number> = { ...left.dimension }
  for (const [name, power] of Object.entries(right.dimension)) {
    dimension[name] = (dimension[name] ?? 0) + direction * power
    if (dimension[name] === 0) delete dimension[name]
  }
  const operation = sign === '*' ? 'multiply' : 'divide'
  const program: Program = { operation, left: left.program, right: right.program }
  return plausible(part, { program, dimension, factor: left.factor * right.factor ** direction, reading: false }, scope)
}

function settleSum(part: Expression & { kind: 'arithmetic' }, scope: Settling): Settled {
  const left = settle(part.left, scope)
  const right = settle(part.right, scope)
  checkDimensions([part.left, part.right], [left, right], scope)
  if (right.reading && (part.sign === '+' || !left.reading)) throw noDifference(part, scope)
  return {
    dimension: left.dimension,
    factor: left.factor,
    reading: left.reading && !right.reading,
    program: {
      operation: part.sign === '+' ? 'add' : 'subtract',
      left: left.program,
      right: scaled(right.program, right.factor / left.factor),
    },
  }
}

function settleCall(part: Expression & { kind: 'call' }, scope: Settling): Settled {
  const parts = alike(part.parts, scope)
  const [first] = parts as readonly [Settled]
  const programs = parts.map(({ program }) => program)
  const of = (program: Program): Settled => ({ ...first, program })
  switch (part.name) {
    case 'min':
    case 'max':
    case 'coalesce':
      return of(joined(part.name satisfies PairOperation, programs))
    case 'mean':
      return of(scaled(joined('add', programs), 1 / programs.length))
    case 'sum':
      difference(part, first, scope)
      return of(joined('add', programs))
    case 'abs':
      difference(part, first, scope)
      return of({ operation: 'abs', of: programs[0]! })
    case 'clamp': {
      const [value, low, high] = programs as [Program, Program, Program]
      return of(joined('min', [joined('max', [value, low]), high]))
    }
  }
}

/** Parts of one dimension, in the unit of the first. */
function alike(parts: readonly Expression[], scope: Settling): readonly Settled[] {
  const settled = parts.map((part) => settle(part, scope))
  checkDimensions(parts, settled, scope)
  const [{ factor, reading }] = settled as unknown as readonly [Settled]
  const odd = settled.findIndex((one) => one.reading !== reading)
  if (odd > 0) throw noDifference(parts[odd]!, scope)
  return settled.map((one) => ({ ...one, factor, program: scaled(one.program, one.factor / factor) }))
}

function checkDimensions(parts: readonly Expression[], settled: readonly Settled[], scope: Settling): void {
  const [{ dimension }] = settled as unknown as readonly [Settled]
  const odd = settled.findIndex((one) => !sameDimension(one.dimension, dimension))
  if (odd < 0) return
  const [first, other] = [parts[0]!, parts[odd]!]
  throw kernelErrors.unitMismatch({
    detail: `${columnOf(other)}: ${shown(first, scope)} is ${dimensionWords(dimension)}, ${shown(other, scope)} is ${dimensionWords(settled[odd]!.dimension)}`,
    found: textOf(other, scope),
    expected: `${dimensionWords(dimension)}, as ${shown(first, scope)} is`,
  })
}

function difference(part: Expression, settled: Settled, scope: Settling): Settled {
  if (settled.reading) throw noDifference(part, scope)
  return settled
}

function noDifference(part: Expression, scope: Settling) {
  return kernelErrors.unitMismatch({
    detail: `${columnOf(part)}: readings of a thermometer and differences in K do not mix, and readings do not add up`,
    found: textOf(part, scope),
    expected: 'a reading plus or minus a difference in K, or a reading minus a reading',
  })
}

/** Powers of powers soon leave what numbers can hold. */
function plausible(part: Expression, settled: Settled, scope: Settling): Settled {
  const size = Math.abs(Math.log10(settled.factor))
  if (size <= 150 && Object.values(settled.dimension).every((power) => Math.abs(power) <= 30)) return settled
  throw expressionErrors.badExpression({
    detail: `${columnOf(part)}: no quantity has such a dimension`,
    found: textOf(part, scope),
    expected: 'smaller powers',
  })
}

const mapPowers = (dimension: Dimension, change: (power: number) => number): Dimension =>
  Object.fromEntries(Object.entries(dimension).map(([name, power]) => [name, change(power)]))

const columnOf = ({ from }: Expression): string => `Column ${from + 1}`
const textOf = ({ from, to }: Expression, { text }: Settling): string => text.slice(from, to)
const shown = (part: Expression, scope: Settling): string => {
  const text = textOf(part, scope)
  const quoted = `"${text.length > 40 ? `${text.slice(0, 39)}…` : text}"`
  const unit = part.kind === 'point' ? scope.unitOf(part.ref) : undefined
  return unit === undefined ? quoted : `${quoted} in ${unit}`
}
