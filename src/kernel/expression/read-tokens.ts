import { expressionErrors } from './errors.ts'
import { maxExpressionLength, type Span } from './expression.ts'

export type Token = Span &
  (
    | { readonly kind: 'number'; readonly value: number; readonly unit?: string }
    | { readonly kind: 'point'; readonly ref: string }
    | { readonly kind: 'name'; readonly name: string }
    | { readonly kind: 'sign'; readonly sign: string }
    | { readonly kind: 'end' }
  )

/** `<asset>.<point>` or `<group>.<point>`. A hyphen inside a name belongs to the name. */
const refText = '[a-z0-9][a-z0-9-]*\\.[A-Za-z](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?'
const symbol = '(?:[kMGTmµμu]?[gt]CO[2₂](?:eq|e)?|[A-Za-zµμ°%]+)(?:\\^[+-]?\\d+|\\d+|[²³])?(?!\\w)'
/** A unit holds no space, and what is a point or a call after its `/` is no part of it. */
const unitText = `${symbol}(?:[/·⋅](?!${refText})(?!\\w+\\s*\\()${symbol}|/\\(${symbol}(?:[·⋅*]${symbol})*\\))*`

const spacePattern = /\s*/y
const refPattern = new RegExp(refText, 'y')
const numberPattern = new RegExp(`(\\d+(?:\\.\\d+)?(?:[eE][+-]?\\d+)?)(?:\\s*(?!${refText})(${unitText}))?`, 'y')
const namePattern = /[A-Za-z_]\w*/y
const signPattern = /<=|>=|==|!=|[-+*/^(),<>]/y

const wholeRef = new RegExp(`^${refText}$`)

/** Whether a text can be named in an expression. */
export const isPointRef = (text: string): boolean => wholeRef.test(text)

/**
 * Cuts an expression into tokens; the last is `end`.
 *
 * @throws `kernel.bad-expression`
 */
export function readTokens(text: string): readonly Token[] {
  if (text.length > maxExpressionLength) {
    throw expressionErrors.badExpression({
      detail: 'The expression is too long; give its parts points of their own',
      found: `${text.length} characters`,
      expected: `at most ${maxExpressionLength} characters`,
    })
  }
  const tokens: Token[] = []
  let at = 0
  const match = (pattern: RegExp): RegExpExecArray | undefined => {
    pattern.lastIndex = at
    return pattern.exec(text) ?? undefined
  }
  for (;;) {
    at += match(spacePattern)?.[0].length ?? 0
    if (at >= text.length) break
    const token = readToken(match, at)
    if (!token) {
      const found = String.fromCodePoint(text.codePointAt(at) ?? 0)
      const before = tokens.at(-1)
      const joined = found === '.' && before?.kind === 'point' && before.ref.includes('-')
      throw expressionErrors.badExpression({
        detail: `Column ${at + 1}: ${joined ? 'a hyphen belongs to the name, a minus has a space before it' : 'this sign means nothing here'}`,
        found,
        expected: 'numbers with units, points, + - * / ^, parentheses and functions',
      })
    }
    tokens.push(token)
    at = token.to
  }
  tokens.push({ kind: 'end', from: text.length, to: text.length })
  return tokens
}

function readToken(match: (pattern: RegExp) => RegExpExecArray | undefined, from: number): Token | undefined {
  const ref = match(refPattern)?.[0]
  if (ref !== undefined) return { kind: 'point', ref, from, to: from + ref.length }
  const number = match(numberPattern)
  if (number) {
    const [whole, value = '', unit] = number
    const to = from + whole.length
    return { kind: 'number', value: Number(value), ...(unit === undefined ? {} : { unit }), from, to }
  }
  const name = match(namePattern)?.[0]
  if (name !== undefined) return { kind: 'name', name, from, to: from + name.length }
  const sign = match(signPattern)?.[0]
  return sign === undefined ? undefined : { kind: 'sign', sign, from, to: from + sign.length }
}
