import { sensorThingsErrors } from '../errors.ts'
import { badFilter, type Token, tokenise } from './tokens.ts'
import type { Value } from './values.ts'
import { duration, geography, moment } from './values.ts'

export const comparisons = ['eq', 'ne', 'gt', 'ge', 'lt', 'le'] as const
export type Comparison = (typeof comparisons)[number]
export const arithmetics = ['add', 'sub', 'mul', 'div', 'mod'] as const
export type Arithmetic = (typeof arithmetics)[number]

/** A `$filter` or a key of `$orderby`, read. */
export type Expression =
  | { readonly kind: 'constant'; readonly value: Value }
  | { readonly kind: 'path'; readonly path: readonly string[]; readonly at: number }
  | { readonly kind: 'not'; readonly of: Expression }
  | { readonly kind: 'minus'; readonly of: Expression }
  | {
      readonly kind: 'and' | 'or'
      readonly left: Expression
      readonly right: Expression
    }
  | {
      readonly kind: 'compare'
      readonly sign: Comparison
      readonly left: Expression
      readonly right: Expression
    }
  | {
      readonly kind: 'arithmetic'
      readonly sign: Arithmetic
      readonly left: Expression
      readonly right: Expression
    }
  | {
      readonly kind: 'call'
      readonly name: string
      readonly parts: readonly Expression[]
      readonly at: number
    }

/** Deepest nesting of an expression. */
export const maxDepth = 32

interface Reader {
  readonly tokens: readonly Token[]
  readonly option: string
  place: number
  depth: number
}

/**
 * Reads an expression of OGC 18-088, section 9.3.3.5: `or`, `and`, comparisons, `add` and `sub`, `mul`, `div` and `mod`, `not`
 * and `-`, from loose to tight as OData 4.0 has them.
 *
 * @param option names the query option in errors
 * @throws `sensorthings.bad-filter`, `sensorthings.too-deep`
 */
export function parseExpression(text: string, option: string): Expression {
  const reader: Reader = { tokens: tokenise(text, option), option, place: 0, depth: 0 }
  const read = readOr(reader)
  const left = reader.tokens[reader.place]
  if (left) throw unexpected(reader, left)
  return read
}

function nested<T>(reader: Reader, read: () => T): T {
  reader.depth += 1
  if (reader.depth > maxDepth) {
    throw sensorThingsErrors.tooDeep({
      detail: 'The expression is nested too deep',
      place: { path: reader.option },
      expected: `at most ${maxDepth} levels`,
    })
  }
  const value = read()
  reader.depth -= 1
  return value
}

function word(reader: Reader, ...words: readonly string[]): string | undefined {
  const token = reader.tokens[reader.place]
  if (token?.kind !== 'name' || !words.includes(token.value)) return undefined
  reader.place += 1
  return token.value
}

function sign(reader: Reader, wanted: string): boolean {
  const token = reader.tokens[reader.place]
  if (token?.kind !== 'sign' || token.value !== wanted) return false
  reader.place += 1
  return true
}

function readOr(reader: Reader): Expression {
  let left = readAnd(reader)
  while (word(reader, 'or')) left = { kind: 'or', left, right: readAnd(reader) }
  return left
}

function readAnd(reader: Reader): Expression {
  let left = readComparison(reader)
  while (word(reader, 'and')) left = { kind: 'and', left, right: readComparison(reader) }
  return left
}

function readComparison(reader: Reader): Expression {
  const left = readSum(reader)
  const found = word(reader, ...comparisons) as Comparison | undefined
  return found ? { kind: 'compare', sign: found, left, right: readSum(reader) } : left
}

function readSum(reader: Reader): Expression {
  let left = readProduct(reader)
  for (;;) {
    const found = word(reader, 'add', 'sub') as Arithmetic | undefined
    if (!found) return left
    left = { kind: 'arithmetic', sign: found, left, right: readProduct(reader) }
  }
}

function readProduct(reader: Reader): Expression {
  let left = readUnary(reader)
  for (;;) {
    const found = word(reader, 'mul', 'div', 'mod') as Arithmetic | undefined
    if (!found) return left
    left = { kind: 'arithmetic', sign: found, left, right: readUnary(reader) }
  }
}

function readUnary(reader: Reader): Expression {
  if (word(reader, 'not')) return nested(reader, () => ({ kind: 'not', of: readUnary(reader) }))
  if (sign(reader, '-')) return nested(reader, () => ({ kind: 'minus', of: readUnary(reader) }))
  return readPrimary(reader)
}

function readPrimary(reader: Reader): Expression {
  const token = reader.tokens[reader.place]
  if (!token) {
    throw badFilter(
      reader.option,
      'The expression ends too early',
      undefined,
      undefined,
      'a value, a property or a function',
    )
  }
  reader.place += 1
  switch (token.kind) {
    case 'number':
    case 'text':
      return constant(token.value)
    case 'moment':
      return constant(moment(token.ms))
    case 'duration':
      return constant(duration(token.ms))
    case 'geography':
      return constant(readGeography(token.value, reader.option, token.at))
    case 'sign': {
      if (token.value !== '(') throw unexpected(reader, token)
      const inner = nested(reader, () => readOr(reader))
      close(reader)
      return inner
    }
    case 'name':
      return readName(reader, token.value, token.at)
  }
}

function readName(reader: Reader, name: string, at: number): Expression {
  if (name === 'true' || name === 'false') return constant(name === 'true')
  if (name === 'null') return constant(null)
  if (!sign(reader, '(')) return { kind: 'path', path: name.split('/'), at }
  const parts: Expression[] = []
  if (!sign(reader, ')')) {
    do parts.push(nested(reader, () => readOr(reader)))
    while (sign(reader, ','))
    close(reader)
  }
  return { kind: 'call', name, parts, at }
}

function readGeography(text: string, option: string, at: number): Value {
  const value = geography(text)
  if (value) return value
  throw badFilter(
    option,
    'This geometry is not read',
    text.slice(0, 60),
    at,
    'POINT (30 10) or POLYGON ((30 10, 40 10, 40 20, 30 10))',
  )
}

function close(reader: Reader): void {
  if (sign(reader, ')')) return
  throw unexpected(reader, reader.tokens[reader.place], 'a closing bracket')
}

const constant = (value: Value): Expression => ({ kind: 'constant', value })

function unexpected(reader: Reader, token: Token | undefined, expected?: string) {
  const found = token === undefined ? 'the end' : 'value' in token ? String(token.value).slice(0, 60) : token.kind
  return badFilter(reader.option, 'This does not belong here', found, token?.at, expected)
}

/** Expressions that all have to hold. */
export function conjuncts(expression: Expression): readonly Expression[] {
  const parts: Expression[] = []
  const open = [expression]
  for (let next = open.pop(); next; next = open.pop()) {
    if (next.kind === 'and') open.push(next.right, next.left)
    else parts.push(next)
  }
  return parts
}

/** Paths that an expression names. */
export function pathsOf(expression: Expression): readonly (readonly string[])[] {
  switch (expression.kind) {
    case 'constant':
      return []
    case 'path':
      return [expression.path]
    case 'not':
    case 'minus':
      return pathsOf(expression.of)
    case 'call':
      return expression.parts.flatMap(pathsOf)
    default:
      return [...pathsOf(expression.left), ...pathsOf(expression.right)]
  }
}
