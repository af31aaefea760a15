import { sensorThingsErrors } from '../errors.ts'

export type Token =
  | { readonly kind: 'number'; readonly at: number; readonly value: number }
  | { readonly kind: 'text'; readonly at: number; readonly value: string }
  /** ISO 8601 with offset, as UTC milliseconds. */
  | { readonly kind: 'moment'; readonly at: number; readonly ms: number }
  /** `duration'PT1H'`. */
  | { readonly kind: 'duration'; readonly at: number; readonly ms: number }
  /** Well-known text of `geography'…'`. */
  | { readonly kind: 'geography'; readonly at: number; readonly value: string }
  /** A name, a path of names, or a word of the language. */
  | { readonly kind: 'name'; readonly at: number; readonly value: string }
  | { readonly kind: 'sign'; readonly at: number; readonly value: '(' | ')' | ',' | '-' }

/** Longest expression, in characters, and in words of it. */
export const maxExpression = { characters: 4000, tokens: 400 } as const

const patterns: readonly (readonly [kind: string, pattern: RegExp])[] = [
  ['moment', /\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})/y],
  ['day', /\d{4}-\d{2}-\d{2}(?![\dT])/y],
  ['clock', /\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?/y],
  ['number', /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y],
  ['duration', /duration'([^']{0,60})'/y],
  ['geography', /geo(?:graphy|metry)'([^']*)'/y],
  ['text', /'((?:[^']|'')*)'/y],
  ['name', /[@A-Za-z_][\w.@]*(?:\/[@A-Za-z_$][\w.@$-]*)*/y],
  ['sign', /[(),-]/y],
]

/** @throws `sensorthings.bad-filter` with the place that cannot be read */
export function tokenise(text: string, option: string): readonly Token[] {
  if (text.length > maxExpression.characters) throw badFilter(option, 'The expression is too long', text.slice(0, 60))
  const tokens: Token[] = []
  let at = 0
  for (;;) {
    while (text[at] === ' ' || text[at] === '\t') at += 1
    if (at >= text.length) return tokens
    const token = readToken(text, at, option)
    tokens.push(token.token)
    at = token.end
    if (tokens.length > maxExpression.tokens) throw badFilter(option, 'The expression is too long', text.slice(0, 60))
  }
}

function readToken(text: string, at: number, option: string): { readonly token: Token; readonly end: number } {
  for (const [kind, pattern] of patterns) {
    pattern.lastIndex = at
    const match = pattern.exec(text)
    if (!match) continue
    const end = at + match[0].length
    return { token: tokenOf(kind, match, at, option), end }
  }
  throw badFilter(option, 'This is no part of an expression', text.slice(at, at + 40), at)
}

function tokenOf(kind: string, match: RegExpExecArray, at: number, option: string): Token {
  const [all, inner = ''] = match
  switch (kind) {
    case 'moment': {
      const ms = Date.parse(all)
      if (Number.isNaN(ms)) throw badFilter(option, 'This is no time', all, at)
      return { kind, at, ms }
    }
    case 'number': {
      const value = Number(all)
      if (!Number.isFinite(value)) throw badFilter(option, 'This is no finite number', all.slice(0, 40), at)
      return { kind, at, value }
    }
    case 'duration':
      return { kind, at, ms: durationMs(inner, option, at) }
    case 'geography':
      return { kind, at, value: inner }
    case 'day':
    case 'clock':
      // As the functions date and time write them.
      return { kind: 'text', at, value: all }
    case 'text':
      return { kind, at, value: inner.replaceAll("''", "'") }
    case 'name':
      return { kind, at, value: all }
    default:
      return { kind: 'sign', at, value: all as '(' }
  }
}

const durationPattern = /^(-)?P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/

/** Days, hours, minutes and seconds; months and years have no length. */
function durationMs(text: string, option: string, at: number): number {
  const match = durationPattern.exec(text)
  const parts = match?.slice(2).filter((part) => part !== undefined) ?? []
  if (!match || parts.length === 0) {
    throw badFilter(option, 'This is no duration', text, at, 'days, hours, minutes and seconds: PT15M, P1DT6H')
  }
  const [, sign, days = '0', hours = '0', minutes = '0', seconds = '0'] = match
  const ms = Number(days) * 86_400_000 + Number(hours) * 3_600_000 + Number(minutes) * 60_000 + Number(seconds) * 1000
  return sign === undefined ? ms : -ms
}

/** @param at place in the expression, from 0 */
export const badFilter = (option: string, detail: string, found: unknown, at?: number, expected?: string) =>
  sensorThingsErrors.badFilter({
    detail,
    place: { path: at === undefined ? option : `${option}[${at}]` },
    found,
    ...(expected === undefined ? {} : { expected }),
  })
