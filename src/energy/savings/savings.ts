import { defineEngine, type EngineContext } from '../../kernel/index.ts'
import { energyErrors } from '../errors.ts'
import {
  type SavingsInput,
  SavingsInputSchema,
  type SavingsInterval,
  type SavingsOutput,
  SavingsOutputSchema,
} from '../schema/index.ts'
import { evaluateMeter } from './evaluate-meter.ts'
import type { Evaluation } from './evaluation.ts'
import { type Grouping, type Shape, shapes } from './model.ts'
import { readPeriod, refuseOverlap } from './period.ts'
import { intervalOf } from './publish.ts'
import { readDrivers } from './read-meter.ts'
import type { Choice } from './select.ts'

/** Measures and verifies savings of a whole facility against a baseline model, with its uncertainty. */
export const savingsEngine = defineEngine({
  id: 'energy.savings',
  title: 'Measure and verify savings',
  description:
    'Savings of a whole facility by IPMVP option C: a baseline model of energy against weather, calendar and further variables, the use that would have been, and the savings with their interval in kWh, money, kgCO2e and tonnes of standard coal. What the model is worth is checked by ASHRAE Guideline 14.',
  version: '0.1.0',
  input: SavingsInputSchema,
  output: SavingsOutputSchema,
  long: true,
  positional: 'site',
  run: savings,
})

async function savings(input: SavingsInput, context: EngineContext): Promise<SavingsOutput> {
  context.progress(0.02, 'reading the site')
  const site = await context.data.site(input.site, input.changes)
  const holidays = holidaysOf(input)
  const baseline = readPeriod(input.baseline, site.zone, 'baseline', holidays)
  const reporting = readPeriod(input.reporting, site.zone, 'reporting', holidays)
  refuseOverlap(baseline, reporting, site.zone)
  const ids = Object.keys(input.meters)
  if (ids.length === 0) {
    throw energyErrors.badSavings({ detail: 'No meter is given', place: { path: 'meters' }, expected: 'one or more' })
  }
  const drivers = {
    baseline: await readDrivers(context.data, site, baseline, input),
    reporting: await readDrivers(context.data, site, reporting, input),
  }
  const evaluation: Evaluation = { site, input, baseline, reporting, drivers, choice: choiceOf(input) }
  const found: Awaited<ReturnType<typeof evaluateMeter>>[] = []
  for (const [index, id] of ids.entries()) {
    context.signal.throwIfAborted()
    context.progress(0.1 + (0.85 * index) / ids.length, `fitting ${id}`)
    found.push(await evaluateMeter(id, input.meters[id]!, evaluation, context))
  }
  const meters = found.map(({ meter }) => meter)
  const energyKwh = sumOf(meters.map((meter) => meter.savings.energyKwh))
  return {
    site: site.id,
    zone: site.zone,
    currency: site.currency,
    granularity: input.granularity,
    confidence: input.confidence,
    method: `IPMVP option C, avoided energy use; ${input.granularity} baseline models; the wider of the intervals of ASHRAE Guideline 14 (annex B) and of the regression at ${input.confidence * 100} %`,
    meters,
    totals: {
      energyKwh: energyKwh!,
      money: sumOf(meters.map((meter) => meter.savings.money)),
      emissionsKgCo2e: sumOf(meters.map((meter) => meter.savings.emissionsKgCo2e)),
      standardCoalT: sumOf(meters.map((meter) => meter.savings.standardCoalT))!,
    },
    verdict: energyKwh!.low > 0 ? 'significant' : 'not-significant',
    acceptable: meters.every(({ acceptable }) => acceptable),
    reasons: found.flatMap(({ reasons }) => reasons),
  }
}

/** Sum with half-widths in squares; null when a part is not known. */
function sumOf(parts: readonly (SavingsInterval | null)[]): SavingsInterval | null {
  let [value, squares] = [0, 0]
  for (const part of parts) {
    if (!part) return null
    value += part.value
    squares += part.halfWidth ** 2
  }
  return intervalOf(value, Math.sqrt(squares))
}

const dailyShapes: readonly Shape[] = ['1P', '2P', '3PH', '3PC', '4P', '5P']
const hourlyShapes: readonly Shape[] = ['TOW', 'TOWT']

function choiceOf(input: SavingsInput): Choice {
  const { granularity, dayTypes, models, select, temperature, variables } = input
  const possible = (granularity === 'hourly' ? hourlyShapes : dailyShapes).filter(
    (shape) => temperature !== undefined || shape === '1P' || shape === 'TOW',
  )
  const wrong = (models ?? []).find((shape) => !possible.includes(shape))
  if (wrong !== undefined) {
    throw energyErrors.badSavings({
      detail: 'This model does not fit the observations',
      place: { path: 'models' },
      found: wrong,
      expected: `${possible.join(', ')} for ${granularity} observations ${temperature === undefined ? 'without' : 'with'} temperature`,
    })
  }
  const groupings: readonly Grouping[] =
    granularity === 'monthly' ? ['none'] : dayTypes === 'auto' ? ['none', 'weekend', 'weekday'] : [dayTypes]
  return {
    granularity,
    shapes: shapes.filter((shape) => (models ?? possible).includes(shape)),
    groupings,
    criterion: select,
    variables: Object.entries(variables).map(([name, { unit = '1' }]) => ({ name, unit })),
  }
}

/** 30 February is the right shape and no date. */
function holidaysOf({ holidays }: SavingsInput): ReadonlySet<string> {
  holidays.forEach((date, index) => {
    const ms = Date.parse(`${date}T00:00:00Z`)
    if (!Number.isNaN(ms) && new Date(ms).toISOString().startsWith(date)) return
    throw energyErrors.badSavings({
      detail: 'A holiday is no date',
      place: { path: `holidays.${index}` },
      found: date,
      expected: 'YYYY-MM-DD, a day of the calendar',
    })
  })
  return new Set(holidays)
}
