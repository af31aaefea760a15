import { defineEngine, type EngineContext, localParts, type Site } from '../../kernel/index.ts'
import { checkGridKind, usedFactor } from '../avoided/used-factor.ts'
import { factorBookWith } from '../factors/index.ts'
import { convert } from '../quantity/index.ts'
import { say, told } from '../verdict/reasons.ts'
import type { VerdictReason } from '../verdict/schema.ts'
import { buildCurve, type Curve, helps, type Step } from './build-curve.ts'
import { type CompareStates, compareBySizing, type StateQuestion } from './compare-states.ts'
import { type Measures, readMeasures } from './measure.ts'
import {
  type AbatementInput,
  AbatementInputSchema,
  type AbatementOutput,
  AbatementOutputSchema,
  type Bar,
  type Effect,
} from './schema.ts'

/** Draws the abatement cost curve of a site. */
export const abatementCurveEngine = defineEngine({
  id: 'carbon.abatement-curve',
  title: 'Draw the abatement cost curve of a site',
  description:
    'The marginal abatement cost curve of a site, each bar from runs of energy.size: tonnes a year that a measure avoids on top of those before it, and what a tonne of them costs, annualised, beside what the measure does alone. Measures are the options of the section investment, or stated sizes and changes of the site. By average or by marginal factors of the grid, never both. Measures that cannot be done, or avoid nothing, are told.',
  version: '0.1.0',
  input: AbatementInputSchema,
  output: AbatementOutputSchema,
  long: true,
  positional: 'site',
  run: (input, context) => abatementCurve(input, context),
})

/** @param compareFor what compares two states of the site; tests give a stand-in */
export async function abatementCurve(
  input: AbatementInput,
  context: EngineContext,
  compareFor: (question: StateQuestion, context: EngineContext) => CompareStates = compareBySizing,
): Promise<AbatementOutput> {
  context.progress(0.02, 'reading the site')
  const site = await context.data.site(input.site, input.changes)
  const year = input.year ?? localParts(context.clock.now(), site.zone).year
  const known = readMeasures(site, input.measures)
  const factor = gridFactorOf(input, year)
  const terms = (site.sections.investment ?? {}) as { readonly years?: number; readonly discountRate?: number }
  const question: StateQuestion = {
    ...{ site, source: input.site, year, changes: input.changes, sizes: known.sizes, method: input.method },
    years: terms.years ?? input.years ?? 20,
    discountRate: terms.discountRate ?? input.discountRate ?? 0.06,
    ...(factor.kgPerKwh === null ? {} : { gridFactorKgPerKwh: factor.kgPerKwh }),
  }
  const curve = await buildCurve(known.measures, compareFor(question, context), {
    ...{ order: input.order, discountRate: question.discountRate },
    told: (done, all) => context.progress(0.05 + (0.9 * done) / all, `comparing states: ${done} of ${all}`),
  })
  const { carbonPricePerKg = 0 } = (site.sections.tariff ?? {}) as { carbonPricePerKg?: number }
  const bars = barsOf(curve, known, 1000 * carbonPricePerKg)
  const avoided = bars.at(-1)?.toTonnes ?? 0
  const costPerYear = bars.reduce((sum, bar) => sum + bar.costPerYear, 0)
  return {
    ...{ site: site.id, year, currency: site.currency, electricity: input.electricity, gridFactor: factor },
    ...{ method: input.method, order: input.order, carbonPricePerTonne: 1000 * carbonPricePerKg },
    startTonnesPerYear: curve.startKg / 1000,
    endTonnesPerYear: curve.startKg / 1000 - avoided,
    bars,
    total: {
      ...{ avoidedTonnesPerYear: avoided, costPerYear, costPerTonne: avoided > 0 ? costPerYear / avoided : null },
      capex: bars.reduce((sum, { capex }) => sum + capex, 0),
      aloneTonnesPerYear: bars.reduce((sum, { alone }) => sum + Math.max(0, alone?.avoidedTonnesPerYear ?? 0), 0),
    },
    left: leftOf(curve),
    synthetic: curve.synthetic,
    reasons: [...reasonsOf(input, site, bars, curve, factor)],
  }
}

type GridFactor = AbatementOutput['gridFactor']

/** @throws `carbon.kind-mismatch` for a factor of the other kind than the one that is counted with */
function gridFactorOf({ gridFactor, electricity }: AbatementInput, year: number): GridFactor {
  if (gridFactor === undefined) return { kgPerKwh: null, source: 'tariff.carbonIntensity of the site' }
  const reference =
    typeof gridFactor === 'string'
      ? gridFactor
      : {
          ...{ value: gridFactor.kgPerKwh, unit: 'kg/kWh', gas: 'CO2', boundary: 'unstated' as const },
          ...{ kind: gridFactor.kind, source: gridFactor.source },
          ...(gridFactor.verify === undefined ? {} : { verify: gridFactor.verify }),
        }
  const period = { from: `${year}-01-01`, to: `${year + 1}-01-01` }
  const found = usedFactor(reference, 'electricity', 'gridFactor', { book: factorBookWith(), period })
  checkGridKind(found, electricity, 'gridFactor')
  const { document, table, verify } = found.pedigree
  return {
    kgPerKwh: convert(found.quantity, 'kg/kWh').amount.toNumber(),
    source: typeof gridFactor === 'string' ? `${gridFactor}: ${document}, ${table}` : document,
    ...(verify === undefined ? {} : { verify }),
  }
}

const effectOf = ({ avoidedTonnesPerYear, costPerYear, costPerTonne }: Effect): Effect => ({
  ...{ avoidedTonnesPerYear, costPerYear, costPerTonne },
})

function barsOf({ steps, alone, startKg }: Curve, { sizes }: Measures, carbonPricePerTonne: number): Bar[] {
  const reached = new Map([...sizes].map(([id, { existing }]) => [id, existing]))
  let avoided = 0
  return steps.map((step: Step, k): Bar => {
    const { measure, investmentPerYear, capex } = step
    const before = avoided
    avoided += step.avoidedTonnesPerYear
    const own = alone.get(measure.id)
    const grown = Object.entries(measure.sizes).map(([id, to]) => {
      const from = reached.get(id) ?? 0
      reached.set(id, Math.max(from, to))
      return { id, from, to: Math.max(from, to) }
    })
    return {
      ...{ rank: k + 1, id: measure.id, title: measure.title, sizes: grown, ...effectOf(step) },
      ...{ investmentPerYear, capex, fromTonnes: before, toTonnes: avoided },
      emissionsAfterTonnes: startKg / 1000 - avoided,
      belowCarbonPrice: step.costPerTonne !== null && step.costPerTonne <= carbonPricePerTonne,
      alone: own && 'pair' in own ? effectOf(own) : null,
    }
  })
}

const leftOf = ({ left, alone }: Curve): AbatementOutput['left'] =>
  left.map((one) => {
    const own = alone.get(one.measure.id)
    const head = { id: one.measure.id, title: one.measure.title, alone: own && 'pair' in own ? effectOf(own) : null }
    return 'pair' in one
      ? {
          ...head,
          why: 'no-help',
          text: `${one.measure.title} avoids nothing on top of the others${one.avoidedTonnesPerYear < 0 ? `: ${told(-one.avoidedTonnesPerYear)} t a year more` : ''}.`,
        }
      : { ...head, why: 'infeasible', text: `${one.measure.title} cannot be done: ${one.text}.` }
  })

/** Tonnes that measures avoid together less than alone, as a part of what they avoid alone, from which on it is told. */
const overlap = 0.02

function reasonsOf(
  { electricity, method, order, gridFactor }: AbatementInput,
  { currency }: Site,
  bars: readonly Bar[],
  curve: Curve,
  factor: GridFactor,
): readonly VerdictReason[] {
  const together = bars.at(-1)?.toTonnes ?? 0
  const apart = bars.reduce((sum, { alone }) => sum + Math.max(0, alone?.avoidedTonnesPerYear ?? 0), 0)
  const earning = bars.filter(({ costPerYear }) => costPerYear < 0)
  const rises = bars.every(({ costPerTonne }, k) => k === 0 || costPerTonne! >= bars[k - 1]!.costPerTonne!)
  return [
    ...(bars.length === 0
      ? [say('abatement.none', 'No measure avoids anything.')]
      : [
          say(
            'abatement.total',
            `${told(together)} t a year can be avoided, ${told(earning.reduce((sum, bar) => sum + bar.avoidedTonnesPerYear, 0))} t of them by measures that earn money.`,
            { tonnes: together, earning: earning.length },
          ),
        ]),
    say(
      'abatement.carbon-price',
      'No cost here holds the carbon price of the site: it is what a tonne is held against.',
    ),
    ...(Math.abs(apart - together) > overlap * apart
      ? [
          say(
            apart > together ? 'abatement.overlap' : 'abatement.help',
            apart > together
              ? `Alone the same measures would avoid ${told(apart)} t: they get in each other’s way.`
              : `Alone the same measures would avoid ${told(apart)} t: they help each other.`,
            { alone: apart, together },
          ),
        ]
      : []),
    ...(rises || order === 'each-step'
      ? []
      : [
          say(
            'abatement.not-rising',
            'On top of each other a tonne of some bars costs less than of the bar before: they were ranked by what each does alone.',
          ),
        ]),
    ...curve.left
      .filter((one) => !helps(one))
      .map(({ measure: { id, title } }) => say('abatement.left', `${title} has no bar.`, { measure: id })),
    say(
      'abatement.kind',
      electricity === 'average'
        ? 'Tonnes are by average factors of the grid: those of an inventory. What changes in the grid is told by marginal ones.'
        : 'Tonnes are by marginal factors of the grid: what changes in it. They are not what an inventory falls by.',
      { electricity },
    ),
    ...(gridFactor === undefined
      ? [
          say(
            'abatement.site-factor',
            `The factor is that of the site, taken to be ${electricity}: its file does not say which it is.`,
          ),
        ]
      : []),
    ...(factor.verify === undefined
      ? []
      : [say('abatement.verify', `The grid factor is to be verified: ${factor.verify}`)]),
    ...(method === 'quick'
      ? [
          say(
            'abatement.quick',
            `Typical days stand for the year: bars are off by a few per cent. ${currency} and tonnes of every hour come with method exact.`,
          ),
        ]
      : []),
  ]
}
