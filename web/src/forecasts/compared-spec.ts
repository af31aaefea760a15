import type { ChartSpec } from '../charts/spec.ts'
import { type Family, familyOf } from '../ui/families.ts'
import type { Compared, Quantity } from './forecast-queries.ts'

export interface ComparedWords {
  readonly measured: string
  readonly foreseen: string
  readonly low: string
  readonly high: string
}

/** Colour of a quantity: that of its family. */
export const tokenOf = ({ assetKind, what }: Pick<Quantity, 'assetKind' | 'what'>): Family | 'ink' =>
  what === 'price' ? 'ink' : (familyOf(assetKind) ?? 'ink')

/** Foreseen against what was, with the band where there is one; a gap is a gap. */
export function comparedSpec(
  quantity: Quantity,
  { timestampsMs, foreseen, measured, low, high }: Compared,
  { words, stepMs }: { readonly words: ComparedWords; readonly stepMs: number },
): ChartSpec | undefined {
  // Before anything was foreseen or measured there is nothing to see.
  const first = timestampsMs.findIndex(
    (_, step) => typeof foreseen[step] === 'number' || typeof measured[step] === 'number',
  )
  if (first < 0 || timestampsMs.length - first < 2) return undefined
  const band = low.some((value) => value !== null)
  const edge = { token: 'ink-faint', shape: 'line', widthPx: 1 } as const
  const lines = [
    { label: words.measured, token: tokenOf(quantity), shape: 'line', values: measured.slice(first), widthPx: 2 },
    ...(band ? [{ label: words.low, values: low.slice(first), ...edge }] : []),
    ...(band ? [{ label: words.high, values: high.slice(first), ...edge }] : []),
    { label: words.foreseen, token: 'accent', shape: 'line', values: foreseen.slice(first), dashed: true, widthPx: 2 },
  ] as const satisfies ChartSpec['lines']
  return {
    timestampsMs: [...timestampsMs.slice(first), (timestampsMs.at(-1) ?? 0) + stepMs],
    unit: quantity.unit,
    heightPx: 260,
    lines,
  }
}
