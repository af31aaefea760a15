import { Decimal } from '../../quantity/index.ts'
import { bandAt } from '../judge/index.ts'
import type { Band } from '../schemes/index.ts'
import type { PathOption } from './option.ts'
import type { PathStep } from './schema.ts'

/** Where a path begins. */
export interface PathStart {
  readonly emissions: number
  readonly energy: number
  /** Limit at the begin, by which steps are ranked. */
  readonly limit: number
  /** Emissions of purchased power: what steps that lower them can save together. */
  readonly powerEmissions: number
  readonly bands: readonly Band[]
}

export interface Walked {
  readonly steps: readonly PathStep[]
  /** Options that do not bring the limit nearer. */
  readonly useless: readonly PathOption[]
  readonly needed: { readonly saved: number; readonly costPerYear: number; readonly capex: number } | null
  /** Emissions above the limit when all is done. */
  readonly left: number
}

/** Parts of the energy use by which two sides of a limit may differ and be the same: doubles, not decimals, are walked with. */
const tolerance = 1e-9

/**
 * Orders what can be done by the cost of a tonne of the gap and walks it until the limit is met and to its end. A measure that lowers
 * the energy use lowers what is allowed too: `closed = saved + L · energyChange`.
 */
export function walkPath(options: readonly PathOption[], start: PathStart): Walked {
  const closed = ({ saved, energyChange }: Pick<PathOption, 'saved' | 'energyChange'>): number =>
    saved + start.limit * energyChange
  const helping = options.filter((option) => closed(option) > 0)
  // Steps of machines have their order: each begins where the one before it ends. Along the hull it is that of their cost.
  const ranked = helping.toSorted((a, b) => a.costPerYear / closed(a) - b.costPerYear / closed(b))
  let { emissions, energy, powerEmissions } = start
  const steps: PathStep[] = []
  let met = over(emissions, energy, start.bands) <= tolerance * energy
  for (const option of ranked) {
    const part = option.ofPower ? Math.min(1, Math.max(0, powerEmissions) / option.saved) : 1
    if (part <= 1e-9) continue
    const [saved, energyChange] = [option.saved * part, option.energyChange * part]
    const before = over(emissions, energy, start.bands)
    emissions -= saved
    energy += energyChange
    if (option.ofPower) powerEmissions -= saved
    const after = over(emissions, energy, start.bands)
    const passes = after <= tolerance * energy
    const crosses = !met && passes
    const { ofPower: _, ...rest } = option
    steps.push({
      ...rest,
      ...{ rank: steps.length + 1, saved, energyChange, gapClosed: closed({ saved, energyChange }) },
      ...{ costPerYear: option.costPerYear * part, capex: option.capex * part },
      costPerTonne: saved > 0 ? (option.costPerYear * part) / saved : null,
      ...{ emissionsAfter: emissions, energyAfter: energy, indicatorAfter: emissions / energy, passesAfter: passes },
      ...{ needed: !met, crosses, neededShare: met ? 0 : crosses ? Math.min(1, before / (before - after)) : 1 },
    })
    met ||= passes
  }
  const taken = steps.filter(({ needed }) => needed)
  const total = (of: (step: PathStep) => number): number =>
    taken.reduce((sum, step) => sum + step.neededShare * of(step), 0)
  return {
    steps,
    useless: options.filter((option) => closed(option) <= 0),
    needed: met
      ? {
          saved: total(({ saved }) => saved),
          costPerYear: total((step) => step.costPerYear),
          capex: total(({ capex }) => capex),
        }
      : null,
    left: met ? 0 : Math.max(0, over(emissions, energy, start.bands)),
  }
}

/** Emissions above the limit; infinite outside of the bands, where nothing passes. */
function over(emissions: number, energy: number, bands: readonly Band[]): number {
  const band = bandAt(bands, new Decimal(energy))
  return band ? emissions - band.limit.toNumber() * energy : Number.POSITIVE_INFINITY
}
