import { defineEngine, type EngineContext } from '../../kernel/index.ts'
import { carbonErrors } from '../errors.ts'
import { pedigreeOf } from '../factors/index.ts'
import type { Family } from './families.ts'
import { judgeClaim } from './judge.ts'
import { printedInterval } from './printed-interval.ts'
import { readClaim } from './read-claim.ts'
import { type ClaimInput, ClaimInputSchema, type ClaimOutput, ClaimOutputSchema } from './schema.ts'
import { type Claim, roleUnits, type Stated } from './stated.ts'

/** Takes a published number apart: what it implies, whether it can be, what explains it, what is missing. */
export const checkClaimEngine = defineEngine({
  id: 'carbon.check-claim',
  title: 'Check a published claim',
  description:
    'Reads a claim, as sentences or as numbers, divides its numbers by each other within what their printing allows, and holds each quotient against physics and against the factors that claims are made with. The verdict is consistent, consistent if, not explained or impossible.',
  version: '0.1.0',
  input: ClaimInputSchema,
  output: ClaimOutputSchema,
  positional: 'text',
  run: checkClaim,
})

async function checkClaim(input: ClaimInput, _context: EngineContext): Promise<ClaimOutput> {
  const claim = claimOf(input)
  const { verdict, conditions, quotients, shift, faults, missing } = judgeClaim(claim, input)
  return {
    verdict,
    conditions: [...conditions],
    understood: claim.stated.map(({ role, value, low, high, text, period, gas }) => ({
      ...{ role, value, low, high, unit: roleUnits[role], text },
      ...(period === undefined ? {} : { period }),
      ...(gas === undefined ? {} : { gas }),
    })),
    notUnderstood: [...claim.unread],
    quotients: quotients.map(
      ({ quotient: { id, low, high, unit, over, under, bounds }, standing, matches, nearest, official }) => ({
        ...{ id, low, high, unit, over: over.text, under: under.text, standing },
        matches: matches.map(told),
        ...(nearest ? { nearest: told(nearest) } : {}),
        ...(official ? { official: told(official) } : {}),
        ...(bounds ? { bounds: { usual: [...bounds.usual], possible: [...bounds.possible], why: bounds.why } } : {}),
      }),
    ),
    shift: shift.map(({ family, distanceKm, share }) => ({
      ...{ family: told(family), distanceKm },
      ...(share ? { share } : {}),
    })),
    faults: faults.map(({ code, detail, about }) => ({ code, detail, about: [...about] })),
    missing: [...missing],
  }
}

/** Both ways of saying it may be used together. @throws `carbon.bad-claim` where there is no number */
function claimOf({ text, stated = [], shift }: ClaimInput): Claim {
  const read = text === undefined ? { stated: [], measures: [], unread: [] } : readClaim(text)
  const given = stated.map((one): Stated => {
    const { role, value, scale = 1, hedge, period, gas, technology } = one
    return {
      ...{ role, value: Number(value) * scale, text: `${value}${scale === 1 ? '' : ` × ${scale}`} ${roleUnits[role]}` },
      ...printedInterval(value, scale, hedge),
      ...(hedge === undefined ? {} : { hedge }),
      ...(period === undefined ? {} : { period }),
      ...(role === 'emissions' ? { gas: gas ?? 'CO2' } : {}),
      ...(technology === undefined ? {} : { technology }),
    }
  })
  const all = [...read.stated, ...given]
  const zero = all.find(({ value }) => value === 0)
  if (all.length === 0 || zero) {
    throw carbonErrors.badClaim({
      detail: zero ? 'A number of the claim is zero' : 'The claim has no number that could be checked',
      place: { path: text === undefined ? 'stated' : 'text' },
      found: zero ? zero.text : read.unread.length > 0 ? read.unread : (text ?? '').slice(0, 100),
      expected: 'numbers with units: 6.2 million kWh a year, 5,200 t CO2',
    })
  }
  const shifts = shift ?? read.shift
  return { ...read, stated: all, ...(shifts ? { shift: shifts } : {}) }
}

function told({ label, value, assumptions, factors }: Family): ClaimOutput['shift'][number]['family'] {
  return {
    ...{ label, value, assumptions: [...assumptions] },
    factors: factors.map((factor) => {
      const { document, table, verify } = pedigreeOf(factor)
      return {
        ...{ id: factor.id, value: factor.value, unit: factor.unit, document, table },
        ...(verify === undefined ? {} : { verify }),
      }
    }),
  }
}
