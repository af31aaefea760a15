import type { Tone } from '../ui/tone.tsx'
import type { Gateway, Setpoint } from './field-queries.ts'

/** A device that was heard longer ago than this is silent, ms. */
const silentMs = 60_000
/** A link that was opened a moment ago may not have heard anything yet, ms. */
const graceMs = 5000

export type LinkWord = 'connected' | 'silent' | 'connecting' | 'waiting' | 'stopped'

/** How a link is, in a word and a tone. A link that is open and brings nothing is no good link, however often it was opened anew. */
export function linkState(
  { state, lastHeardMs, sinceMs }: Pick<Gateway, 'state' | 'lastHeardMs' | 'sinceMs'>,
  nowMs: number,
): { readonly word: LinkWord; readonly tone: Tone } {
  if (state === 'connected') {
    const silent = nowMs - (lastHeardMs ?? sinceMs) > silentMs && nowMs - sinceMs > graceMs
    return silent ? { word: 'silent', tone: 'warning' } : { word: 'connected', tone: 'good' }
  }
  return { word: state, tone: state === 'connecting' ? 'advisory' : 'alarm' }
}

/** Values a second between two answers; undefined where they are of one moment, or the server started anew between them. */
export function ratePerS(
  before: { readonly readings: number; readonly askedMs: number } | undefined,
  after: { readonly readings: number; readonly askedMs: number },
): number | undefined {
  if (!before || after.askedMs <= before.askedMs || after.readings < before.readings) return undefined
  return (1000 * (after.readings - before.readings)) / (after.askedMs - before.askedMs)
}

export type SetpointWord =
  | 'no-gateway'
  | 'unreached'
  | 'mismatch'
  | 'override'
  | 'hold'
  | 'fallback'
  | 'interlock'
  | 'plan'
  | 'undecided'

const tones: Readonly<Record<SetpointWord, Tone>> = {
  'no-gateway': 'alarm',
  unreached: 'alarm',
  mismatch: 'warning',
  override: 'manual',
  hold: 'manual',
  fallback: 'advisory',
  interlock: 'advisory',
  plan: 'good',
  undecided: 'advisory',
}

/** How a setpoint is: the worst of what can be said of it first. */
export function setpointState({
  gateway,
  failures,
  mismatch,
  source,
  interlocks,
}: Pick<Setpoint, 'gateway' | 'failures' | 'mismatch' | 'source' | 'interlocks'>): {
  readonly word: SetpointWord
  readonly tone: Tone
} {
  const word: SetpointWord =
    source === null
      ? 'undecided'
      : gateway === null
        ? 'no-gateway'
        : failures > 0
          ? 'unreached'
          : mismatch
            ? 'mismatch'
            : source !== 'plan'
              ? source
              : interlocks.length > 0
                ? 'interlock'
                : 'plan'
  return { word, tone: tones[word] }
}
