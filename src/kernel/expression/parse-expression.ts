import { didYouMean } from '../schema/index.ts'
import { expressionErrors } from './errors.ts'
import {
  type ArithmeticSign,
  type Comparison,
  type ComparisonSign,
  type Expression,
  type FunctionName,
  functionArity,
  maxExpressionDepth,
} from './expression.ts'
import { readTokens, type Token } from './read-tokens.ts'

/** How tightly a sign binds what stands on its left; `-x^2` is `-(x^2)`, `-a * b` is `(-a) * b`. */
const binding: Readonly<Record<string, number>> = { '+': 10, '-': 10, '*': 20, '/': 20, '^': 40 }
const minusBinding = 30
const comparisons: readonly string[] = ['<', '<=', '>', '>=', '==', '!=']

interface Reader {
  readonly text: string
  readonly tokens: readonly Token[]
  place: number
  depth: number
}

/**
 * Reads an expression by operator precedence (Pratt 1973). Time grows with the length of the text, which is bounded, as the
 * depth of its parentheses is.
 *
 * @throws `kernel.bad-expression` with column, what was found and what was expected
 */
export function parseExpression(text: string): Expression {
  const reader: Reader = { text, tokens: readTokens(text), place: 0, depth: 0 }
  const expression = readOperation(reader, 0)
  const rest = peek(reader)
  if (rest.kind !== 'end') throw unexpected(reader, rest)
  return expression
}

const peek = (reader: Reader): Token => reader.tokens[Math.min(reader.place, reader.tokens.length - 1)]!

function next(reader: Reader): Token {
  const token = peek(reader)
  reader.place += 1
  return token
}

const signOf = (token: Token): string | undefined => (token.kind === 'sign' ? token.sign : undefined)

function readOperation(reader: Reader, least: number): Expression {
  reader.depth += 1
  if (reader.depth > maxExpressionDepth) {
    throw bad(reader, peek(reader), 'the expression is nested too deeply', `at most ${maxExpressionDepth} levels`)
  }
  let left = readOperand(reader)
  for (;;) {
    const sign = signOf(peek(reader)) ?? ''
    const strength = binding[sign]
    if (strength === undefined || strength <= least) break
    next(reader)
    if (sign === '^') left = readPower(reader, left)
    else {
      const right = readOperation(reader, strength)
      left = { kind: 'arithmetic', sign: sign as ArithmeticSign, left, right, from: left.from, to: right.to }
    }
  }
  reader.depth -= 1
  return left
}

function readPower(reader: Reader, base: Expression): Expression {
  const minus = signOf(peek(reader)) === '-'
  if (minus) next(reader)
  const token = next(reader)
  const given = token.kind === 'number' && token.unit === undefined ? token.value : Number.NaN
  if (!Number.isInteger(given) || given < 1 || given > 9) {
    throw bad(reader, token, 'an exponent is a whole number', '1 to 9, or -1 to -9')
  }
  if (signOf(peek(reader)) === '^') throw bad(reader, peek(reader), 'a power of a power needs parentheses', '(a^2)^3')
  return { kind: 'power', base, exponent: minus ? -given : given, from: base.from, to: token.to }
}

function readOperand(reader: Reader): Expression {
  const token = next(reader)
  const { from } = token
  switch (token.kind) {
    case 'number':
      if (!Number.isFinite(token.value)) throw bad(reader, token, 'the number is too large', 'a number below 1e308')
      return token as Expression
    case 'point':
      return token as Expression
    case 'name':
      return readCall(reader, token.name, token)
    case 'end':
      throw bad(reader, token, 'the expression ends too early', operandWords)
    case 'sign':
      if (token.sign === '-') {
        const of = readOperation(reader, minusBinding)
        return { kind: 'negate', of, from, to: of.to }
      }
      if (token.sign !== '(') throw bad(reader, token, 'an operand is missing', operandWords)
      return readParentheses(reader, from)
  }
}

const operandWords = 'a number, a point such as pv.powerKw, a function or parentheses'

function readParentheses(reader: Reader, from: number): Expression {
  const inner = readOperation(reader, 0)
  const to = expectSign(reader, ')')
  return { ...inner, from, to }
}

/** @returns the end of the sign */
function expectSign(reader: Reader, sign: string): number {
  const token = next(reader)
  if (signOf(token) !== sign) throw unexpected(reader, token, `"${sign}"`)
  return token.to
}

function readCall(reader: Reader, name: string, token: Token): Expression {
  if (name !== 'if' && !Object.hasOwn(functionArity, name)) {
    const known = ['if', ...Object.keys(functionArity)]
    throw bad(
      reader,
      token,
      signOf(peek(reader)) === '('
        ? `there is no such function${didYouMean(name, known)}`
        : 'a word alone is no point; a point is <asset>.<point>',
      `one of ${known.join(', ')}, or a point such as pv.powerKw`,
    )
  }
  expectSign(reader, '(')
  if (name === 'if') return readIf(reader, token.from)
  const parts = [readOperation(reader, 0)]
  while (signOf(peek(reader)) === ',') {
    next(reader)
    parts.push(readOperation(reader, 0))
  }
  const to = expectSign(reader, ')')
  const [least, most] = functionArity[name as FunctionName]
  if (parts.length < least || parts.length > most) {
    const expected = least === most ? `${least}` : `${least} to ${most}`
    throw expressionErrors.badExpression({
      detail: `Column ${token.from + 1}: ${name} does not take that many arguments`,
      found: parts.length,
      expected,
    })
  }
  return { kind: 'call', name: name as FunctionName, parts, from: token.from, to }
}

function readIf(reader: Reader, from: number): Expression {
  const condition = readComparison(reader)
  expectSign(reader, ',')
  const chosen = readOperation(reader, 0)
  expectSign(reader, ',')
  const otherwise = readOperation(reader, 0)
  return { kind: 'if', condition, chosen, otherwise, from, to: expectSign(reader, ')') }
}

function readComparison(reader: Reader): Comparison {
  const left = readOperation(reader, 0)
  const token = next(reader)
  const sign = signOf(token) ?? ''
  if (!comparisons.includes(sign)) throw unexpected(reader, token, `a comparison: ${comparisons.join(' ')}`)
  const right = readOperation(reader, 0)
  return { sign: sign as ComparisonSign, left, right, from: left.from, to: right.to }
}

function unexpected(reader: Reader, token: Token, expected = 'an operator + - * / ^, or the end') {
  if (token.kind === 'end') return bad(reader, token, 'the expression ends too early', expected)
  if (comparisons.includes(signOf(token) ?? '')) {
    return bad(reader, token, 'a comparison stands alone in the first part of if(…)', 'if(a > b, then, otherwise)')
  }
  return bad(reader, token, 'this does not fit here', expected)
}

function bad(reader: Reader, token: Token, detail: string, expected: string) {
  return expressionErrors.badExpression({
    detail: `Column ${token.from + 1}: ${detail}`,
    found: token.kind === 'end' ? 'the end' : reader.text.slice(token.from, token.to),
    expected,
  })
}
