import { qualityNames } from '../../../kernel/index.ts'
import { type Entity, fieldsOf, idOf } from '../entities.ts'
import { type EntityType, isId, navigationOf, shapes } from '../shapes.ts'
import type { View } from '../view.ts'
import type { Arithmetic, Comparison, Expression } from './expression.ts'
import { addTimes, functions, otherFunctions } from './functions.ts'
import { badFilter } from './tokens.ts'
import { moment, order, type Value, valueOfJson } from './values.ts'

export interface CompileContext {
  readonly view: View
  readonly nowMs: number
  /** Names the query option in errors. */
  readonly option: string
}

export type Compiled = (entity: Entity) => Value

/**
 * An expression over entities of a type as a function, checked once.
 *
 * @throws `sensorthings.bad-filter` for properties and functions that are not there
 */
export function compile(expression: Expression, type: EntityType, context: CompileContext): Compiled {
  const inner = (part: Expression): Compiled => compile(part, type, context)
  switch (expression.kind) {
    case 'constant':
      return () => expression.value
    case 'path':
      return compilePath(expression.path, expression.at, type, context)
    case 'not': {
      const of = inner(expression.of)
      return (entity) => !isTrue(of(entity))
    }
    case 'minus': {
      const of = inner(expression.of)
      return (entity) => negative(of(entity))
    }
    case 'and': {
      const [left, right] = [inner(expression.left), inner(expression.right)]
      return (entity) => isTrue(left(entity)) && isTrue(right(entity))
    }
    case 'or': {
      const [left, right] = [inner(expression.left), inner(expression.right)]
      return (entity) => isTrue(left(entity)) || isTrue(right(entity))
    }
    case 'compare': {
      const [left, right] = [inner(expression.left), inner(expression.right)]
      const { sign } = expression
      return (entity) => compareAny(sign, left(entity), right(entity))
    }
    case 'arithmetic': {
      const [left, right] = [inner(expression.left), inner(expression.right)]
      const { sign } = expression
      return (entity) => calculate(sign, left(entity), right(entity))
    }
    case 'call':
      return compileCall(expression, inner, context)
  }
}

/** A condition: what is neither true nor false does not hold. */
export const isTrue = (value: Value): boolean =>
  value === true || (typeof value === 'object' && value?.kind === 'several' && value.values.some(isTrue))

function compileCall(
  { name, parts, at }: Extract<Expression, { kind: 'call' }>,
  inner: (part: Expression) => Compiled,
  { nowMs, option }: CompileContext,
): Compiled {
  const lower = name.toLowerCase()
  if (lower === 'now' && parts.length === 0) return () => moment(nowMs)
  const entry = Object.hasOwn(functions, lower) ? functions[lower] : undefined
  if (!entry) {
    const detail = otherFunctions.has(lower) ? 'The function is not offered here' : 'There is no function of that name'
    throw badFilter(option, detail, name.slice(0, 60), at, ['now', ...Object.keys(functions)].join(', '))
  }
  if (parts.length < entry.least || parts.length > entry.most) {
    const wanted = entry.least === entry.most ? `${entry.least}` : `${entry.least} to ${entry.most}`
    throw badFilter(option, `${name} takes ${wanted} parts`, parts.length, at)
  }
  const compiled = parts.map(inner)
  return (entity) =>
    overSeveral(
      compiled.map((part) => part(entity)),
      entry.of,
    )
}

/** A function of values of which at most one stands for many. */
function overSeveral(values: readonly Value[], of: (values: readonly Value[]) => Value): Value {
  const place = values.findIndex((value) => typeof value === 'object' && value?.kind === 'several')
  const several = values[place]
  if (typeof several !== 'object' || several?.kind !== 'several') return of(values)
  return { kind: 'several', values: several.values.map((value) => overSeveral(values.with(place, value), of)) }
}

function compareAny(sign: Comparison, left: Value, right: Value): boolean {
  if (typeof left === 'object' && left?.kind === 'several')
    return left.values.some((one) => compareAny(sign, one, right))
  if (typeof right === 'object' && right?.kind === 'several') {
    return right.values.some((one) => compareAny(sign, left, one))
  }
  return compareValues(sign, left, right)
}

/** Values of unlike kinds are not equal and in no order; null equals null (OData 4.0 part 2, 5.1.1.1). */
export function compareValues(sign: Comparison, left: Value, right: Value): boolean {
  const found = left === null && right === null ? 0 : order(left, right)
  switch (sign) {
    case 'eq':
      return found === 0
    case 'ne':
      return found !== 0
    default:
      break
  }
  if (found === undefined || left === null) return false
  switch (sign) {
    case 'gt':
      return found > 0
    case 'ge':
      return found >= 0
    case 'lt':
      return found < 0
    case 'le':
      return found <= 0
  }
}

function calculate(sign: Arithmetic, left: Value, right: Value): Value {
  return overSeveral([left, right], ([a = null, b = null]) => calculateOne(sign, a, b))
}

function calculateOne(sign: Arithmetic, left: Value, right: Value): Value {
  if (typeof left !== 'number' || typeof right !== 'number') {
    return sign === 'add' || sign === 'sub' ? addTimes(left, right, sign === 'add' ? 1 : -1) : null
  }
  switch (sign) {
    case 'add':
      return finite(left + right)
    case 'sub':
      return finite(left - right)
    case 'mul':
      return finite(left * right)
    case 'div':
      return finite(left / right)
    case 'mod':
      return finite(left % right)
  }
}

/** Division by zero has no value. */
const finite = (value: number): number | null => (Number.isFinite(value) ? value : null)

function negative(value: Value): Value {
  return overSeveral([value], ([one = null]) => {
    if (typeof one === 'number') return -one
    return typeof one === 'object' && one?.kind === 'duration' ? { kind: 'duration', ms: -one.ms } : null
  })
}

/** `result`, `Datastream/Thing/name`, `properties/kind`, `Datastreams/ObservedProperty/name`. */
function compilePath(path: readonly string[], at: number, type: EntityType, context: CompileContext): Compiled {
  const [first = '', ...rest] = path
  const { view, option } = context
  if (isId(first) && rest.length === 0) return idOf
  const navigation = navigationOf(type, first)
  if (navigation) {
    if (rest.length === 0) throw badFilter(option, 'This leads to an entity; name a property of it', first, at)
    const inner = compilePath(rest, at, navigation.type, context)
    if (!navigation.many) {
      return (entity) => {
        const next = view.one(entity, first)
        return next ? inner(next) : null
      }
    }
    if (navigation.type === 'Observation') {
      throw badFilter(
        option,
        'Observations are filtered where they are read',
        path.join('/'),
        at,
        'Datastreams(…)/Observations?$filter=…',
      )
    }
    return (entity) => {
      const next = view.many(entity, first)
      return next.kind === 'entities' ? { kind: 'several', values: next.entities.map(inner) } : null
    }
  }
  if (!shapes[type].properties.includes(first)) {
    const { properties, navigation: relations } = shapes[type]
    const expected = ['id', ...properties, ...Object.keys(relations)].join(', ')
    throw badFilter(option, `${type} has no such property`, first.slice(0, 60), at, expected)
  }
  if (type === 'Observation') return rest.length === 0 ? observationProperty(first) : () => null
  return (entity) => valueOfJson(rest.reduce(memberOf, memberOf(fieldsOf(entity), first)))
}

function memberOf(json: unknown, name: string): unknown {
  return typeof json === 'object' && json !== null && Object.hasOwn(json, name)
    ? (json as Readonly<Record<string, unknown>>)[name]
    : undefined
}

/** Of many rows, so without a text or an object made for each. */
function observationProperty(name: string): Compiled {
  switch (name) {
    case 'phenomenonTime':
      return (entity) => (entity.type === 'Observation' ? moment(entity.timeMs) : null)
    case 'result':
      return (entity) => (entity.type === 'Observation' && !Number.isNaN(entity.value) ? entity.value : null)
    case 'resultQuality':
      return (entity) => (entity.type === 'Observation' ? (qualityNames[entity.quality] ?? null) : null)
    default:
      return () => null
  }
}
