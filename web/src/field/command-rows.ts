import type { CommandSource, LogLine, Override, Why } from './field-queries.ts'

/** How a command ended. */
interface Ended {
  readonly atMs: number
  readonly outcome: 'done' | 'failed' | 'unknown'
  readonly readBack?: number
  readonly problem?: string
}

/** One line of the log for people. */
export type CommandRow = { readonly key: string; readonly atMs: number } & (
  | {
      readonly kind: 'command'
      readonly ref: string
      readonly value: number
      readonly unit: string
      readonly source: CommandSource
      readonly why: readonly Why[]
      /** Absent while it is under way. */
      readonly ended?: Ended
      /** Failed tries that are told in this row: the newest, and those before it since `sinceMs`. */
      readonly tries?: { readonly count: number; readonly sinceMs: number }
    }
  | { readonly kind: 'mode'; readonly mode: 'plan' | 'fallback' | 'hold' }
  | { readonly kind: 'plan'; readonly evidence: string | null }
  | { readonly kind: 'hold'; readonly by: string; readonly reason: string }
  | { readonly kind: 'release' }
  | { readonly kind: 'by-hand'; readonly ref: string; readonly order: Override }
)

interface Written {
  readonly ref: string
  readonly value: number
  readonly unit: string
  readonly source: CommandSource
  readonly why: readonly Why[]
}

const idOf = (ref: string, sentMs: number): string => `${ref} ${sentMs}`

/** The log as rows, newest first: each command with how it ended, and what changed whom the site follows. */
export function commandRows(lines: readonly LogLine[]): readonly CommandRow[] {
  const ends = new Map<string, Ended>()
  for (const { body } of lines) {
    if (body.kind !== 'acknowledgement') continue
    const { ref, sentMs } = body as unknown as { readonly ref: string; readonly sentMs: number }
    ends.set(idOf(ref, sentMs), body as unknown as Ended)
  }
  const rows: CommandRow[] = []
  let mode: string | undefined
  let held = false
  let byHand = new Set<string>()
  for (const { sequence, body } of lines) {
    const { kind, atMs } = body
    const key = String(sequence)
    if (kind === 'snapshot') {
      const { overrides, hold, memory } = body as unknown as SnapshotPart
      byHand = new Set(overrides.map(handKey))
      held = hold !== null
      mode ??= memory.mode?.kind
    } else if (kind === 'decision') {
      const { commands, mode: now } = body as unknown as DecisionPart
      if (mode !== undefined && now.kind !== mode) rows.push({ key: `${key} mode`, atMs, kind: 'mode', mode: now.kind })
      mode = now.kind
      for (const { ref, value, unit, source, why } of commands) {
        const ended = ends.get(idOf(ref, atMs))
        rows.push({
          key: `${key} ${ref}`,
          atMs,
          kind: 'command',
          ref,
          value,
          unit,
          source,
          why,
          ...(ended ? { ended } : {}),
        })
      }
    } else if (kind === 'plan') {
      const { plan } = body as unknown as { readonly plan: { readonly evidence: string } | null }
      rows.push({ key, atMs, kind: 'plan', evidence: plan?.evidence ?? null })
    } else if (kind === 'orders') {
      const { overrides, hold } = body as unknown as OrdersPart
      if (hold && !held) rows.push({ key: `${key} hold`, atMs, kind: 'hold', by: hold.by, reason: hold.reason })
      if (!hold && held) rows.push({ key: `${key} release`, atMs, kind: 'release' })
      held = hold !== null
      for (const order of overrides)
        if (!byHand.has(handKey(order)))
          rows.push({ key: `${key} ${order.ref}`, atMs, kind: 'by-hand', ref: order.ref, order })
      byHand = new Set(overrides.map(handKey))
    }
  }
  return foldTries(rows).reverse()
}

/** Tries of one command that failed in the same way, with nothing else of its setpoint between them, are one row: the newest. */
function foldTries(rows: readonly CommandRow[]): CommandRow[] {
  const folded: CommandRow[] = []
  const lastOf = new Map<string, CommandRow>()
  for (const row of rows) {
    if (row.kind !== 'command') {
      lastOf.clear()
      folded.push(row)
      continue
    }
    const before = lastOf.get(row.ref)
    const again =
      before?.kind === 'command' &&
      row.ended?.outcome === 'failed' &&
      before.ended?.outcome === 'failed' &&
      before.value === row.value &&
      before.ended.problem === row.ended.problem
    if (!again) {
      lastOf.set(row.ref, row)
      folded.push(row)
      continue
    }
    const tries = { count: (before.tries?.count ?? 1) + 1, sinceMs: before.tries?.sinceMs ?? before.atMs }
    folded.splice(folded.indexOf(before), 1)
    const newest = { ...row, tries }
    lastOf.set(row.ref, newest)
    folded.push(newest)
  }
  return folded
}

interface OrdersPart {
  readonly overrides: readonly (Override & { readonly ref: string })[]
  readonly hold: { readonly by: string; readonly reason: string } | null
}
interface SnapshotPart extends OrdersPart {
  readonly memory: { readonly mode: { readonly kind: string } | null }
}
interface DecisionPart {
  readonly commands: readonly Written[]
  readonly mode: { readonly kind: 'plan' | 'fallback' | 'hold' }
}

const handKey = ({ ref, value, untilMs }: Override & { readonly ref: string }): string => `${ref} ${value} ${untilMs}`
