import { carbonErrors } from '../errors.ts'
import type { Factor, FactorQuery } from '../factors/index.ts'
import { Decimal, parseDecimal } from '../quantity/index.ts'
import type { Activity } from './schema.ts'

/** One gas of a unit of waste: the product of factors, and a ratio beside them. */
export interface WastePart {
  readonly gas: 'CO2' | 'CH4' | 'N2O'
  readonly factors: readonly Factor[]
  /** A number that is no factor: mass of a molecule over that of its carbon. */
  readonly ratio: Decimal
  /** Factors that the ratio holds: part of the pedigree. */
  readonly shown?: readonly Factor[]
}

type Find = (query: Omit<FactorQuery, 'at' | 'fallback' | 'region'>) => Factor

const one = new Decimal(1)
/** What has no carbon of fossil origin. */
const biogenic = new Set(['food-waste', 'garden-waste', 'paper', 'wood-waste'])

/**
 * Emissions of a unit of wet waste by the way it goes (IPCC 2006, Volume 5): composting and digestion by Table 4.1, incineration by
 * Tables 5.2, 5.3 and 5.6, a managed landfill by Equations 3.2 to 3.6 with all methane in the year of landfilling, as the methane
 * commitment of the GPC (Chapter 8) counts it.
 *
 * @param find looks a factor up by day and place of the row
 * @throws `carbon.bad-activity` for waste that cannot go this way here, `carbon.no-factor`
 */
export function wasteFactors(
  row: Pick<Activity, 'treatment' | 'scope'> & { readonly subject: string },
  find: Find,
): { readonly parts: readonly WastePart[]; readonly notes: readonly string[] } {
  const { subject, treatment, scope } = row
  if (scope === 2) {
    throw carbonErrors.badActivity({
      detail: 'Waste is no purchased energy',
      found: 'scope 2',
      expected: 'scope 1 or 3',
    })
  }
  const emission = (of: string, gas: WastePart['gas'], variant?: string): WastePart => ({
    gas,
    factors: [
      find({ kind: 'emission', subject: of, gas, boundary: 'direct', ...(variant === undefined ? {} : { variant }) }),
    ],
    ratio: one,
  })
  const parameter = (of: string, variant: string): Factor => find({ kind: 'parameter', subject: of, variant })
  switch (treatment) {
    case 'composted':
      return { parts: [emission('waste-composted', 'CH4'), emission('waste-composted', 'N2O')], notes: [] }
    case 'digested':
      return { parts: [emission('waste-digested', 'CH4')], notes: [] }
    case 'incinerated': {
      if (subject !== 'plastics' && !biogenic.has(subject)) {
        throw carbonErrors.badActivity({
          detail: `The fossil carbon of ${subject} is not known`,
          found: subject,
          expected: `plastics, ${[...biogenic].join(', ')}; or a row of other with a factor`,
        })
      }
      const gases = [
        emission('waste-incinerated', 'CH4', 'stoker-continuous'),
        emission('waste-incinerated', 'N2O', 'continuous'),
      ]
      if (subject !== 'plastics') {
        return { parts: gases, notes: [`The biogenic CO2 of burnt ${subject} is not counted: its carbon is not known`] }
      }
      const carbon = ['carbon-share', 'fossil-share', 'oxidised'].map((variant) => parameter(subject, variant))
      return { parts: [{ gas: 'CO2', factors: carbon, ratio: new Decimal(44).div(12) }, ...gases], notes: [] }
    }
    case 'landfilled': {
      const factors = [
        parameter('landfill-managed', 'methane-correction'),
        parameter(subject, 'degradable-organic-carbon'),
        parameter('landfill', 'decomposing-share'),
        parameter('landfill', 'methane-share'),
      ]
      const oxidised = parameter('landfill-managed', 'oxidation')
      const ratio = new Decimal(16).div(12).times(one.minus(parseDecimal(oxidised.value)))
      return {
        parts: [{ gas: 'CH4', factors, ratio, shown: [oxidised] }],
        notes: [`All methane of landfilled ${subject} is counted in the year of landfilling`],
      }
    }
    default:
      throw carbonErrors.badActivity({
        detail: 'Waste says how it is treated',
        found: 'no treatment',
        expected: 'composted, digested, incinerated, landfilled',
      })
  }
}
