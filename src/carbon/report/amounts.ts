import { type Amount, sumOf } from '../../report/index.ts'

/** One place of an output, and what its number is multiplied with. */
export interface Source {
  readonly pointer: string
  readonly times?: string
}

/** The number that a JSON Pointer (RFC 6901) names in an output, as text; undefined where none stands there. */
export function numberAt(output: unknown, pointer: string): string | undefined {
  const found = pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>(
      (value, part) =>
        typeof value === 'object' && value !== null && Object.hasOwn(value, part)
          ? (value as Readonly<Record<string, unknown>>)[part]
          : undefined,
      output,
    )
  if (typeof found === 'number' && Number.isFinite(found)) return String(found)
  return typeof found === 'string' && /^-?\d+(\.\d+)?(e[+-]?\d+)?$/.test(found) ? found : undefined
}

/** A part of a pointer that may have any letters. */
export const pointerPart = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1')

/** Writes numbers of one output, each with its way back: the exact sum of places; null where one of them has no number. */
export type AmountWriter = (sources: readonly Source[] | string, shown: Shown) => Amount | null

export interface Shown {
  readonly decimals: number
  readonly unit?: string
  /** Multiplies a single place. */
  readonly times?: string
  readonly factors?: readonly string[]
}

export const amountWriter =
  (output: unknown): AmountWriter =>
  (sources, { decimals, unit, times, factors = [] }) => {
    const all: readonly Source[] =
      typeof sources === 'string' ? [{ pointer: sources, ...(times === undefined ? {} : { times }) }] : sources
    const parts = all.map((source) => ({ ...source, value: numberAt(output, source.pointer) }))
    if (parts.length === 0 || parts.some(({ value }) => value === undefined)) return null
    return {
      value: sumOf(
        parts.map(({ value, times: by }) => ({ value: value!, ...(by === undefined ? {} : { times: by }) })),
      ),
      decimals,
      ...(unit === undefined ? {} : { unit }),
      from: all.map(({ pointer, times: by }) => ({ pointer, ...(by === undefined ? {} : { times: by }) })),
      ...(factors.length === 0 ? {} : { factors: [...factors] }),
    }
  }

/** Decimals with which amounts of about this size are printed: the largest has five digits or so. */
export const decimalsFor = (largest: number): number =>
  largest >= 1000 ? 1 : largest >= 10 ? 2 : largest >= 0.1 ? 4 : 6

/** CO2 → CO₂, as it is printed. */
export const printed = (name: string): string =>
  name.replace(/(?<=CO|CH|N|SF|NF|tCO)([2346])(?!\d)/g, (digit) => '₀₁₂₃₄₅₆₇₈₉'[Number(digit)]!)
