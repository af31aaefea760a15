import { carbonErrors } from '../errors.ts'
import type { CombinedFactor } from './schema.ts'

/** Weights of operating and build margin, and what they rest on. */
export interface MarginWeights {
  readonly operating: string
  readonly build: string
  readonly source: string
  readonly verify?: string
}

const tool07 = 'CDM Executive Board, Tool 07: Tool to calculate the emission factor for an electricity system'
const verify = 'weights known second-hand; hold against the Tool, step 6'

/** Wind and solar in all crediting periods; others by the crediting period. */
const windSolar = ['0.75', '0.25'] as const
const others: Readonly<Record<number, readonly [operating: string, build: string]>> = {
  1: ['0.5', '0.5'],
  2: ['0.25', '0.75'],
  3: ['0.25', '0.75'],
}

/**
 * Weights of a combined margin: stated ones, or those of CDM Tool 07 by technology and crediting period.
 *
 * @throws `carbon.bad-project` without either, and for weights that do not come to 1
 */
export function marginWeights({ technology, creditingPeriod, weights }: CombinedFactor, path: string): MarginWeights {
  if (weights) {
    const { operating, build, reason } = weights
    if (partsOf(operating) + partsOf(build) !== whole) {
      throw carbonErrors.badProject({
        detail: 'The weights of a combined margin come to 1',
        place: { path: `${path}.weights` },
        found: `${operating} + ${build}`,
        expected: '1',
      })
    }
    return { operating, build, source: reason }
  }
  if (technology === undefined) {
    throw carbonErrors.badProject({
      detail: 'A combined margin needs its weights',
      place: { path },
      found: 'neither technology nor weights',
      expected: 'technology: wind-solar or other; or weights with a reason',
    })
  }
  const [operating, build] = technology === 'wind-solar' ? windSolar : others[creditingPeriod]!
  return { operating, build, source: tool07, verify }
}

const whole = 10n ** 12n
/** A share of at most twelve decimals as a whole number of 10⁻¹². */
function partsOf(share: string): bigint {
  const [units = '0', fraction = ''] = share.split('.')
  return BigInt(units + fraction.padEnd(12, '0'))
}
