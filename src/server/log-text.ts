import { MangroveError } from '../kernel/index.ts'

// What may stand in a log: no secret, and no sign that changes what a terminal or a reader of lines makes of it.

/** Names of fields whose values are never told. */
const secretName = /authori[sz]ation|cookie|passw|secret|token|credential|api-?key|^key$|signature|verifier/i

const hidden = '[hidden]'

/** Shapes of secrets within texts, and what is told instead. */
const secretShapes: readonly (readonly [RegExp, string])[] = [
  [/\bmgv_[A-Za-z0-9_-]*/g, hidden],
  [/\b(bearer|basic|digest)\s+[^\s"',;]+/gi, `$1 ${hidden}`],
  [/\b(mangrove(?:-[a-z]+)?=)[^\s;,"']+/gi, `$1${hidden}`],
  // postgres://user:password@host
  [/(:\/\/[^\s/:@]*:)[^\s/@]+@/g, `$1${hidden}@`],
  [
    /([?&#;,{\s"']|^)([\w-]*(?:token|passw|secret|signature|credential|api_?key)[\w-]*["']?\s*[=:]\s*["']?)[^&\s"',;#]+/gi,
    `$1$2${hidden}`,
  ],
  [/([?&#](?:key|code|state)=)[^&\s"',;#]+/gi, `$1${hidden}`],
]

/** Controls, line ends of Unicode, and signs that turn the direction of writing. */
const unsafe = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu

const longestText = 4000
const deepest = 4
const mostEntries = 30

/** A text without secrets, as long as a line may be. Line ends stay as `\n` of JSON where `lines` is set. */
export function safeText(text: string, lines = false): string {
  const hiding = secretShapes.reduce(
    (told, [shape, instead]) => told.replace(shape, instead),
    text.slice(0, longestText),
  )
  const shown = hiding.replace(unsafe, (sign) =>
    lines && sign === '\n' ? sign : `\\u${(sign.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  )
  return text.length > longestText ? `${shown}… ${text.length - longestText} more` : shown
}

/** A value as a log tells it: plain, without secrets, bounded in depth and length. */
export function safeValue(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return safeText(value)
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value)
  if (typeof value === 'boolean' || value === null) return value
  if (value === undefined) return undefined
  if (typeof value !== 'object') return safeText(String(value))
  if (value instanceof Error) return safeError(value)
  if (depth >= deepest) return '…'
  if (Array.isArray(value)) return value.slice(0, mostEntries).map((entry) => safeValue(entry, depth + 1))
  return Object.fromEntries(
    Object.entries(value)
      .slice(0, mostEntries)
      .map(([name, entry]) => [safeText(name), secretName.test(name) ? hidden : safeValue(entry, depth + 1)]),
  )
}

export interface ToldError {
  readonly name: string
  readonly message: string
  /** Of one of ours. */
  readonly code?: string
  readonly stack?: string
  readonly cause?: unknown
}

/** An error with its stack and its causes. What a problem found is not told: it is what somebody sent. */
export function safeError(error: unknown, depth = 0): ToldError {
  if (!(error instanceof Error)) return { name: 'thrown', message: safeText(String(error)) }
  const { code } = error as { readonly code?: unknown }
  return {
    name: safeText(error.name),
    message: safeText(messageOf(error)),
    ...(typeof code === 'string' ? { code: safeText(code) } : {}),
    ...(error.stack === undefined ? {} : { stack: framesOf(error.stack) }),
    ...(error.cause === undefined || depth > 3 ? {} : { cause: safeError(error.cause, depth + 1) }),
  }
}

const messageOf = (error: Error): string =>
  error instanceof MangroveError ? error.problems.map(({ detail }) => detail).join('; ') : error.message

/** Where it was thrown, without the message that stands before it. */
const framesOf = (stack: string): string =>
  safeText(
    stack
      .split('\n')
      .filter((line) => /^\s+at /.test(line))
      .slice(0, 12)
      .join('\n'),
    true,
  )
