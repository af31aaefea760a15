import { Decimal, plus, times } from '../../quantity/index.ts'
import type { CountedRow, EmissionRowCounted, EmissionsCounted, EnergyRowCounted, Term } from '../count/index.ts'
import type { Band, CoalMethod, GreenChoice, Scheme } from '../schemes/index.ts'

/** The indicator under one reading of the rules. */
export interface Cell {
  readonly greenPower: GreenChoice
  readonly coal: CoalMethod
  readonly emissions: Decimal | null
  readonly energy: Decimal | null
  /** `null` where a quantity is missing, or the energy use lies outside of the scheme. */
  readonly band: Band | null
  readonly passes: boolean | null
  /** What is missing, in words. */
  readonly missing: readonly string[]
  readonly gap: Gap | null
  readonly emissionTerms: readonly Term[]
  readonly energyTerms: readonly Term[]
}

export interface Gap {
  /** Emissions above what the limit allows at this energy use; below zero: what there is to spare. */
  readonly emissions: Decimal
  /** Energy use at which these emissions would be within a limit, less the energy use; below zero: by how much it may fall. */
  readonly energy: Decimal
}

/** Rows that a reading takes, and what it lacks. */
export interface Reading {
  readonly terms: readonly Term[]
  readonly missing: readonly string[]
}

const zero = new Decimal(0)
export const sumTerms = (terms: readonly Term[]): Decimal => terms.reduce((sum, { value }) => plus(sum, value), zero)

function readingOf<Choice extends string>(rows: readonly CountedRow<Choice>[], choice: Choice): Reading {
  return {
    terms: rows.flatMap((row) => row.terms[choice] ?? []),
    missing: rows.flatMap((row) => row.missing[choice] ?? []),
  }
}

const deducted = (row: EmissionRowCounted, { file }: Scheme): boolean => row.bunker && file.bunkers === 'deducted'

/**
 * The indicator under every reading that the scheme leaves open. `E / D ≤ L` is decided as `E ≤ L · D`, which is exact; nothing is
 * rounded before it.
 */
export function judgeCells(
  scheme: Scheme,
  emissions: EmissionsCounted,
  energy: readonly EnergyRowCounted[],
): readonly Cell[] {
  const counting = emissions.rows.filter((row) => !deducted(row, scheme))
  const missingParts = emissions.missingParts.map((part) => `the emissions of ${part}`)
  return scheme.file.greenPower.choices.flatMap((greenPower) =>
    scheme.coalMethods.map((coal): Cell => {
      const up = readingOf(counting, greenPower)
      const down = readingOf(energy, coal)
      const noEnergy = down.terms.length === 0 ? [scheme.file.coal ? `the energy use, ${coal}` : 'the energy use'] : []
      const missing = [...missingParts, ...up.missing, ...noEnergy, ...down.missing]
      const hasUp = missingParts.length === 0 && up.missing.length === 0
      const cell = {
        ...{ greenPower, coal, missing, emissionTerms: up.terms, energyTerms: down.terms },
        emissions: hasUp ? sumTerms(up.terms) : null,
        energy: noEnergy.length === 0 && down.missing.length === 0 ? sumTerms(down.terms) : null,
      }
      return { ...cell, ...judge(scheme, cell) }
    }),
  )
}

function judge(
  { bands }: Scheme,
  { emissions, energy }: Pick<Cell, 'emissions' | 'energy'>,
): Pick<Cell, 'band' | 'passes' | 'gap'> {
  const band = (energy && bandAt(bands, energy)) ?? null
  if (emissions === null || energy === null || band === null) return { band, passes: null, gap: null }
  const allowed = times(band.limit, energy)
  return {
    band,
    passes: emissions.lte(allowed),
    gap: { emissions: plus(emissions, allowed.negated()), energy: energyGap(bands, emissions, energy) },
  }
}

/** The band of an energy use; its begin belongs to it, its end to the next. */
export const bandAt = (bands: readonly Band[], energy: Decimal): Band | undefined =>
  bands.find(({ from, below }) => energy.gte(from) && (below === undefined || energy.lt(below)))

/**
 * How far the energy use is from where the same emissions are just within a limit. Of a park that fails: the least that is more.
 * Of one that passes: how far it may fall while it passes all the way.
 */
function energyGap(bands: readonly Band[], emissions: Decimal, energy: Decimal): Decimal {
  const at = bands.findIndex(({ from, below }) => energy.gte(from) && (below === undefined || energy.lt(below)))
  const leastIn = ({ from, limit }: Band): Decimal | undefined =>
    limit.isZero() ? (emissions.lte(0) ? from : undefined) : Decimal.max(from, emissions.dividedBy(limit))
  const own = bands[at]
  const least = own && leastIn(own)
  if (own && least?.lte(energy)) {
    let low = least
    for (let k = at - 1; k >= 0 && low.eq(bands[k + 1]!.from); k -= 1) {
      const lower = leastIn(bands[k]!)
      if (!lower || lower.gte(bands[k + 1]!.from)) break
      low = lower
    }
    return low.minus(energy)
  }
  for (const band of bands.slice(at)) {
    const enough = leastIn(band)
    if (enough && (band.below === undefined || enough.lt(band.below))) return enough.minus(energy)
  }
  return new Decimal(Number.POSITIVE_INFINITY)
}

/** `emissions / energy`, of 12 significant digits. */
export const ratioOf = ({ emissions, energy }: Pick<Cell, 'emissions' | 'energy'>): Decimal | null =>
  emissions === null || energy === null || energy.isZero() ? null : emissions.dividedBy(energy).toSignificantDigits(12)
