import { canonicalJson } from '../../kernel/index.ts'
import type { Command } from '../decide/decide.ts'
import { commandErrors } from '../errors.ts'
import { applyLine, decideFrom, type LogState, type PlanOutputs } from './fold.ts'
import { commandsVersion, type LogLine } from './log-line.ts'

export interface ReplayedDecision {
  readonly sequence: number
  readonly atMs: number
  readonly commands: readonly Command[]
}

export interface ReplayDeviation {
  readonly sequence: number
  readonly atMs: number
  readonly was: readonly Command[]
  readonly is: readonly Command[]
}

export interface CommandReplay {
  readonly fromMs: number
  /** Exclusive. */
  readonly toMs: number
  /** Version of the method that made the log, and that of now. */
  readonly version: string
  readonly versionNow: string
  /** Every decision gave the same commands, and left the same memory, to the byte. */
  readonly identical: boolean
  readonly decisions: readonly ReplayedDecision[]
  readonly deviations: readonly ReplayDeviation[]
}

export const quarterHourMs = 900_000

/** Beginning of the quarter of an hour of a moment. */
export const quarterOf = (atMs: number): number => Math.floor(atMs / quarterHourMs) * quarterHourMs

/**
 * Decides a quarter of an hour again from its log and the plans of its evidence alone.
 *
 * @param lines from a snapshot at or before the quarter to its end, in order; what comes before the quarter leads up to it
 * @throws `commands.nothing-logged`, `commands.broken-log`
 */
export function replayQuarter(fromMs: number, lines: Iterable<LogLine>, plans: PlanOutputs): CommandReplay {
  const toMs = fromMs + quarterHourMs
  const decisions: ReplayedDecision[] = []
  const deviations: ReplayDeviation[] = []
  let state: LogState | undefined
  let version: string | undefined
  for (const { sequence, body } of lines) {
    if (body.atMs >= toMs) break
    if (body.kind === 'snapshot') version = body.version
    if (body.kind === 'decision' && state && body.atMs >= fromMs) {
      const again = decideFrom(state, body, plans)
      const { commands } = again.decided
      decisions.push({ sequence, atMs: body.atMs, commands })
      const same =
        canonicalJson(commands) === canonicalJson(body.commands) && again.body?.memorySha256 === body.memorySha256
      if (!same) deviations.push({ sequence, atMs: body.atMs, was: body.commands, is: commands })
    }
    state = applyLine(state, body, plans)
  }
  if (version === undefined) {
    throw commandErrors.nothingLogged({
      detail: 'No commands were decided in this quarter of an hour',
      found: new Date(fromMs).toISOString(),
      expected: 'a quarter of an hour in which the site was commanded',
    })
  }
  const identical = deviations.length === 0
  return { fromMs, toMs, version, versionNow: commandsVersion, identical, decisions, deviations }
}
