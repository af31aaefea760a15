import type { CompareStates, StatePair } from './compare-states.ts'
import { isInfeasible } from './compare-states.ts'
import type { Measure } from './measure.ts'
import type { Effect } from './schema.ts'

/** What one measure does on top of others. */
export interface Step extends Effect {
  readonly measure: Measure
  readonly investmentPerYear: number
  readonly capex: number
  readonly pair: StatePair
}

/** A measure that cannot be done on top of others. */
export interface Refused {
  readonly measure: Measure
  readonly text: string
}
type Tried = Step | Refused

export interface Curve {
  readonly steps: readonly Step[]
  /** By id: what each does alone; a text where it cannot be done alone. */
  readonly alone: ReadonlyMap<string, Tried>
  /** Measures without a step: those that cannot be done, and those that avoid nothing, both also on top of the others. */
  readonly left: readonly Tried[]
  readonly startKg: number
  readonly synthetic: boolean
}

/** Kilograms a year below which nothing is avoided. */
const dustKg = 1
/** What a measure may leave unserved a year more than before; typical days tell no finer. */
const mostUnservedKwh = 10

interface Options {
  readonly order: 'once' | 'each-step'
  readonly discountRate: number
  told?(done: number, all: number): void
}

/**
 * Builds the curve from left to right, each measure on top of those before it, so that what two of them would both avoid is counted once.
 * Measures that earn money come first, the one that earns most before the others; then those that cost, by the cost of a tonne. By the
 * cost of a tonne alone, one that earns would be ranked the lower the more it avoids (S. Taylor 2012, The ranking of negative-cost
 * emissions reduction measures, Energy Policy 48, 430).
 */
export async function buildCurve(
  measures: readonly Measure[],
  compare: CompareStates,
  { order, discountRate, told }: Options,
): Promise<Curve> {
  const all = order === 'once' ? 2 * measures.length : (measures.length * (measures.length + 1)) / 2
  let done = 0
  const tried = new Map<string, Promise<Tried>>()
  const attempt = (before: readonly Measure[], measure: Measure): Promise<Tried> => {
    const key = [...before, measure].map(({ id }) => id).join(' ')
    const known = tried.get(key)
    if (known) return known
    const made = tryMeasure(before, measure, compare, discountRate).then((one) => {
      done += 1
      told?.(Math.min(done, all), all)
      return one
    })
    tried.set(key, made)
    return made
  }
  const alone = new Map<string, Tried>()
  for (const measure of measures) alone.set(measure.id, await attempt([], measure))
  const steps: Step[] = []
  const left: Tried[] = []
  let waiting = measures.toSorted((a, b) => rank(alone.get(a.id)!, alone.get(b.id)!))
  while (waiting.length > 0) {
    const before = steps.map(({ measure }) => measure)
    const candidates = order === 'once' ? waiting.slice(0, 1) : waiting
    const found: Tried[] = []
    for (const measure of candidates) found.push(await attempt(before, measure))
    const best = found.toSorted(rank)[0]!
    waiting = waiting.filter(({ id }) => id !== best.measure.id)
    if (helps(best)) steps.push(best)
    else left.push(best)
  }
  const first = steps[0] ?? [...alone.values()].find((one) => 'pair' in one)
  return {
    ...{ steps, alone, left },
    startKg: first && 'pair' in first ? first.pair.before.emissionsKg : Number.NaN,
    synthetic: [...steps, ...alone.values()].some((one) => 'pair' in one && one.pair.synthetic),
  }
}

/** Whether something is a step that avoids. */
export const helps = (one: Tried): one is Step => 'pair' in one && one.avoidedTonnesPerYear * 1000 > dustKg

/** Earning before costing before not helping; within each as {@link buildCurve} says. */
function rank(a: Tried, b: Tried): number {
  const [of, ofB] = [groupOf(a), groupOf(b)]
  if (of !== ofB) return of - ofB
  if (of === 0) return (a as Step).costPerYear - (b as Step).costPerYear
  return of === 1 ? (a as Step).costPerTonne! - (b as Step).costPerTonne! : 0
}

const groupOf = (one: Tried): number => (helps(one) ? (one.costPerYear < 0 ? 0 : 1) : 'pair' in one ? 2 : 3)

async function tryMeasure(
  before: readonly Measure[],
  measure: Measure,
  compare: CompareStates,
  discountRate: number,
): Promise<Tried> {
  let pair: StatePair
  try {
    pair = await compare(before, [...before, measure])
  } catch (error) {
    if (!isInfeasible(error)) throw error
    return { measure, text: error.problems.map(({ detail }) => detail).join('; ') }
  }
  const more = pair.after.unservedKwh - pair.before.unservedKwh
  if (more > mostUnservedKwh) {
    return { measure, text: `${Math.round(more)} kWh a year more would not be served` }
  }
  const investmentPerYear =
    pair.after.investmentPerYear + measure.capex * recovery(discountRate, measure.lifetimeYears) + measure.opexPerYear
  const costPerYear = pair.after.operationPerYear - pair.before.operationPerYear + investmentPerYear
  const avoidedTonnesPerYear = (pair.before.emissionsKg - pair.after.emissionsKg) / 1000
  return {
    ...{ measure, pair, investmentPerYear, costPerYear, avoidedTonnesPerYear },
    capex: pair.after.capex + measure.capex,
    costPerTonne: avoidedTonnesPerYear * 1000 > dustKg ? costPerYear / avoidedTonnesPerYear : null,
  }
}

/** Equal sum a year that pays back 1 with interest: i·(1 + i)^n / ((1 + i)^n − 1). */
const recovery = (rate: number, years: number): number =>
  rate === 0 ? 1 / years : rate / -Math.expm1(-years * Math.log1p(rate))
