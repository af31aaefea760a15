import { defineEngine, type EngineContext, parseInstant } from '../../kernel/index.ts'
import { carbonErrors } from '../errors.ts'
import { factorBookWith, readFactorSet } from '../factors/index.ts'
import { add, type Quantity, quantity, scale, subtract, sum, sumUncertainty } from '../quantity/index.ts'
import { say, told } from '../verdict/reasons.ts'
import type { VerdictReason } from '../verdict/schema.ts'
import { ledgerEntries } from './ledger-entries.ts'
import { type AvoidedInput, AvoidedInputSchema, type AvoidedOutput, AvoidedOutputSchema, type Part } from './schema.ts'
import { type Term, termsOf } from './terms.ts'

/** Works out what a project avoids, in a book of its own. */
export const avoidedEngine = defineEngine({
  id: 'carbon.avoided',
  title: 'Work out what a project avoids',
  description:
    'Avoided emissions as baseline less project less leakage, in a book of their own that no inventory nets: power displaced, freight shifted, any difference. Electricity is counted by marginal factors (operating, build and combined margin) or by average ones, and never by both; a factor of the other kind is refused. Tells the share that is additional with its reason, the uncertainty, and entries for the book avoided of a ledger.',
  version: '0.1.0',
  input: AvoidedInputSchema,
  output: AvoidedOutputSchema,
  positional: 'project',
  run: avoided,
})

async function avoided(input: AvoidedInput, context: EngineContext): Promise<AvoidedOutput> {
  const { project, period, electricity, additionality } = input
  if (!(period.from < period.to)) {
    throw carbonErrors.badProject({
      detail: 'The period ends before it begins',
      place: { path: 'period' },
      found: period,
    })
  }
  const site = input.site === undefined ? undefined : await context.data.site(input.site)
  const book = factorBookWith(input.factorSets.map((set) => readFactorSet(set)))
  context.progress(0.2, 'multiplying')
  const terms = termsOf(input, { book, period })
  const [first] = terms
  if (!first) {
    throw carbonErrors.badProject({
      detail: 'The project has no row at all',
      ...{ place: { path: 'activities' }, found: 'no rows', expected: 'a baseline to compare with' },
    })
  }
  const { gas = '', gwpSet, boundary = 'unstated' } = first.mass.basis
  const none = quantity(0, 'kg', first.mass.basis)
  const massOf = (part: Part, activity?: string): Quantity => {
    const own = terms.filter((term) => term.part === part && (activity === undefined || term.activity === activity))
    return own.length === 0 ? none : add(none, sum(own.map(({ mass }) => mass)))
  }
  const [baseline, made, leaked] = [massOf('baseline'), massOf('project'), massOf('leakage')]
  const left = subtract(subtract(baseline, made), leaked)
  const { halfWidthKg, unknown } = errorOf(terms)
  const zone = site?.zone ?? 'UTC'
  const span = { fromMs: parseInstant(`${period.from}T00:00`, zone), toMs: parseInstant(`${period.to}T00:00`, zone) }
  return {
    ...{ project, name: input.name ?? project, period, book: 'avoided', electricity },
    ...{ gas, gwpSet: gwpSet ?? null, boundary },
    terms: terms.map(({ activity, part, id, title, amount, factors, mass }) => ({
      ...{ activity, part, id, title, amount: amount.amount.toFixed(), unit: amount.unit },
      ...{ factor: factors.at(-1)?.factor ?? '', massKg: mass.amount.toFixed() },
    })),
    activities: input.activities.map(({ id, title = id }) => {
      const [without, withIt] = [massOf('baseline', id), massOf('project', id)]
      return {
        ...{ id, title, baselineKg: without.amount.toFixed(), projectKg: withIt.amount.toFixed() },
        avoidedKg: subtract(without, withIt).amount.toFixed(),
      }
    }),
    ...{ baselineKg: baseline.amount.toFixed(), projectKg: made.amount.toFixed(), leakageKg: leaked.amount.toFixed() },
    ...{ avoidedKg: left.amount.toFixed(), additionality },
    additionalKg: scale(left, additionality.share).amount.toFixed(),
    halfWidthKg,
    factors: [...new Map(terms.flatMap(({ factors }) => factors.map((one) => [one.factor, one]))).values()].map(
      (one) => ({
        ...one,
      }),
    ),
    entries: [...ledgerEntries(terms, input, span)],
    reasons: [...reasonsOf(input, terms, left, unknown)],
  }
}

/** IPCC 2006 Guidelines, Volume 1, Chapter 3, Equations 3.1 and 3.2: what errs together is added up with its sign first. */
function errorOf(terms: readonly Term[]): { readonly halfWidthKg: number | null; readonly unknown: readonly string[] } {
  const unknown = [...new Set(terms.flatMap((term) => term.unknown))]
  if (unknown.length > 0) return { halfWidthKg: null, unknown }
  const { halfWidth } = sumUncertainty(
    terms.flatMap(({ part, mass, errors }) =>
      errors.map((error) => ({ ...error, value: mass.amount.toNumber() * (part === 'baseline' ? 1 : -1) })),
    ),
  )
  return { halfWidthKg: halfWidth, unknown }
}

function reasonsOf(
  { electricity, additionality, leakage, period }: AvoidedInput,
  terms: readonly Term[],
  left: Quantity,
  unknown: readonly string[],
): readonly VerdictReason[] {
  const factors = [...new Map(terms.flatMap((term) => term.factors.map((one) => [one.factor, one]))).values()]
  const late = factors.filter(({ validTo, validFrom }) => period.from < validFrom || (validTo && validTo < period.to))
  const usesGrid = terms.some(({ amount }) => amount.basis.subject === 'electricity')
  return [
    say(
      'avoided.apart',
      'What is avoided stands in a book of its own. It is no part of an inventory, and is not taken off one.',
    ),
    ...(left.amount.isNegative() && !left.amount.isZero()
      ? [
          say(
            'avoided.adds',
            `The project adds ${told(left.amount.abs())} kg: project and leakage emit more than the baseline.`,
          ),
        ]
      : []),
    say('avoided.additional', `A share of ${additionality.share} is additional: ${additionality.reason}`, {
      share: additionality.share,
    }),
    ...(Array.isArray(leakage) ? [] : [say('avoided.no-leakage', `No leakage is counted: ${leakage.none}`)]),
    ...(usesGrid && electricity === 'average'
      ? [
          say(
            'avoided.average',
            'Electricity is counted by average factors. What changes in the grid with a project is told by marginal ones.',
          ),
        ]
      : []),
    ...(unknown.length === 0
      ? []
      : [
          say(
            'avoided.error-unknown',
            `No interval is told, for nobody says what these err by: ${unknown.join(', ')}.`,
          ),
        ]),
    ...late.map(({ factor, validFrom, validTo = 'open' }) =>
      say('avoided.other-year', `${factor} holds from ${validFrom} to ${validTo}, not for all of the period.`, {
        factor,
      }),
    ),
    ...factors.flatMap(({ factor, verify }) =>
      verify === undefined ? [] : [say('avoided.verify', `${factor} is to be verified: ${verify}`, { factor })],
    ),
  ]
}
