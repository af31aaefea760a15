import { isatty } from 'node:tty'
import { createFileSink, type LogSink } from './log-sink.ts'
import { safeError, safeText, safeValue } from './log-text.ts'

export const logLevels = ['error', 'warn', 'info', 'debug', 'silent'] as const
export type LogLevel = (typeof logLevels)[number]
export type LogFormat = 'json' | 'text'

/** What a line tells besides its message. */
export type LogFields = Readonly<Record<string, unknown>>

/** Lines on standard error: never a secret, never a sign that forges a line. */
export interface Log {
  error(message: string, fields?: LogFields): void
  warn(message: string, fields?: LogFields): void
  info(message: string, fields?: LogFields): void
  debug(message: string, fields?: LogFields): void
  /** Whether lines of a level are written. */
  writes(level: LogLevel): boolean
  dropped(): number
  /** Writes what waits before the process ends. */
  flush(): void
}

export interface LogOptions {
  readonly level: LogLevel
  readonly format: LogFormat
  readonly sink?: LogSink
  now?(): number
}

/**
 * Level and format of the environment: `MANGROVE_LOG=json|text` (JSON unless a person looks), `MANGROVE_LOG_LEVEL` (`info`, or
 * `warn` where a person looks).
 */
export function logSettings(
  environment: Readonly<Record<string, string | undefined>> = process.env,
  person: boolean = isatty(2),
): Pick<LogOptions, 'level' | 'format'> {
  const { MANGROVE_LOG: format, MANGROVE_LOG_LEVEL: level } = environment
  return {
    format: format === 'json' || format === 'text' ? format : person ? 'text' : 'json',
    level: logLevels.find((known) => known === level) ?? (person ? 'warn' : 'info'),
  }
}

export function createLog({ level, format, sink = createFileSink(2), now = Date.now }: LogOptions): Log {
  const writes = (asked: LogLevel): boolean =>
    logLevels.indexOf(asked) <= logLevels.indexOf(level) && level !== 'silent'
  const line = format === 'json' ? jsonLine : textLine
  const at =
    (own: LogLevel) =>
    (message: string, fields: LogFields = {}): void => {
      if (writes(own)) sink.write(line(own, now(), message, fields))
    }
  return {
    error: at('error'),
    warn: at('warn'),
    info: at('info'),
    debug: at('debug'),
    writes,
    dropped: () => sink.dropped(),
    flush: () => sink.flush(),
  }
}

/** Tells nobody anything. */
export const noLog: Log = createLog({
  level: 'silent',
  format: 'json',
  sink: { write: () => undefined, dropped: () => 0, flush: () => undefined },
})

function jsonLine(level: LogLevel, nowMs: number, message: string, fields: LogFields): string {
  const told = safeValue(fields) as Record<string, unknown>
  return `${JSON.stringify({ time: new Date(nowMs).toISOString(), level, message: safeText(message), ...told })}\n`
}

function textLine(level: LogLevel, nowMs: number, message: string, { error, ...fields }: LogFields): string {
  const time = new Date(nowMs).toISOString().slice(11, 19)
  const told = Object.entries(safeValue(fields) as Record<string, unknown>)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
  const why = error === undefined ? '' : `\n${stackOf(error)}`
  return `${time} ${level.padEnd(5)} ${safeText(message)}${told.join('')}${why}\n`
}

function stackOf(error: unknown): string {
  const { name, message, stack, cause } = safeError(error)
  const told = (stack ?? `${name}: ${message}`).split('\n').map((line) => `      ${line}`)
  return cause === undefined ? told.join('\n') : `${told.join('\n')}\n      because of ${JSON.stringify(cause)}`
}
