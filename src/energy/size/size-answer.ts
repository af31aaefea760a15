import type { EngineContext, LinearModel } from '../../kernel/index.ts'
import { type Certificate, certify, withRows } from '../../solve/index.ts'
import type { Exclusive } from '../components/component.ts'
import { energyErrors } from '../errors.ts'
import { planHours } from '../frame.ts'
import { readOutcomes } from '../park-model.ts'
import { type AlikeDays, shareAlikeDays, valuesOfDays } from './share-days.ts'
import { type SizeModel, withTargets, yearHours } from './size-model.ts'
import type { SizeYear } from './size-year.ts'

/** What one solution of a year's model says, a year. */
export interface SizeAnswer {
  readonly sizes: ReadonlyMap<string, number>
  /** Investment and operation as the objective counts them, without the price of what was missed. */
  readonly annualCost: number
  /** Of it, operation: energy, demand, fuel and carbon, levelised. */
  readonly operation: number
  readonly emissionsKgCo2e: number
  readonly nonRenewableKwh: number
  readonly unservedKwh: number
  /** By how much a target was missed, kgCO2e and kWh. */
  readonly missedCarbonKg: number
  readonly missedRenewableKwh: number
  readonly certificate: Certificate
  readonly model: LinearModel
}

interface Targets {
  readonly carbonKg?: number
  readonly nonRenewableKwh?: number
  /** What may be paid for all that is new. */
  readonly capex?: number
  readonly sizes?: ReadonlyMap<string, number>
}

/** Relative distance to the proven bound at which a size is as good as the best. */
export const sizeGap = 1e-3
const timeLimitMs = 300_000
/** kW below which doing two contrary things at once is dust. */
const dustKw = 1e-2

/**
 * Solves a year's model with targets. Two things that exclude each other (charge and discharge, import and export) are
 * held to share their step where the optimum would do both: a row each, in place of a binary.
 *
 * @param alike days that share their hours in a quick answer; absent: every day is its own
 * @throws `energy.no-plan` when the solver has no answer, `energy.broken-certificate` when it fails its check
 */
export async function solveYear(
  { sizeModel, frame }: SizeYear,
  targets: Targets,
  investment: ReadonlyMap<string, number>,
  context: EngineContext,
  alike?: AlikeDays,
): Promise<SizeAnswer> {
  const options = {
    method: 'interior-point',
    relativeGap: sizeGap,
    timeLimitMs,
    signal: context.signal,
  } as const
  const exclusives = sizeModel.park.exclusives.filter(({ aMax, bMax }) => aMax > 0 && bMax > 0)
  // Where doing both earns money by its prices alone (export above import), the row is there from the start.
  const tempting = exclusives.filter(({ a, b }) => {
    const { cost } = sizeModel.model
    return Math.min(...a.map((column) => cost[column]!)) + Math.min(...b.map((column) => cost[column]!)) < 0
  })
  const solve = async (whole: LinearModel) => {
    const shared = alike && shareAlikeDays(whole, sizeModel.layout, alike)
    const model = shared?.model ?? whole
    const solution = await context.solver.solve(model, options)
    const { columnValues } = solution
    const values = shared && columnValues.length > 0 ? valuesOfDays(shared, columnValues) : columnValues
    return { whole, model, solution, values }
  }
  let solved = await solve(withSharedSteps(withTargets(sizeModel, targets), tempting))
  const both = solved.solution.status === 'optimal' ? exclusives.filter((one) => doesBoth(one, solved.values)) : []
  if (both.length > 0) solved = await solve(withSharedSteps(solved.whole, both))
  const { model, solution, values } = solved
  if (solution.status !== 'optimal') {
    throw energyErrors.noPlan({ detail: `The solver ended with “${solution.status}”`, found: solution.status })
  }
  const certificate = certify(model, solution)
  if (!certificate.ok) {
    throw energyErrors.brokenCertificate({
      detail: 'The sizes break a limit by more than the tolerance',
      found: certificate.maxResidual,
      expected: 'at most 1e-5',
    })
  }
  return read(sizeModel, frame, { model, values, certificate, investment })
}

const sum = (columns: readonly number[], values: Float64Array): number =>
  columns.reduce((total, column) => total + values[column]!, 0)

/** Whether a solution does two contrary things in one step by more than both could share it. */
const doesBoth = ({ a, b, aMax, bMax }: Exclusive, values: Float64Array): boolean =>
  Math.min(sum(a, values), sum(b, values)) > dustKw && sum(a, values) / aMax + sum(b, values) / bMax > 1 + 1e-4

/** The model with a row for each of these that lets them share their step: a ÷ its most + b ÷ its most ≤ 1. */
const withSharedSteps = (model: LinearModel, shared: readonly Exclusive[]): LinearModel =>
  withRows(
    model,
    shared.map(({ a, b, aMax, bMax }) => ({
      columns: [...a, ...b],
      values: [...a.map(() => 1 / aMax), ...b.map(() => 1 / bMax)],
      lower: Number.NEGATIVE_INFINITY,
      upper: 1,
    })),
  )

interface Solved {
  readonly model: LinearModel
  /** Values of all columns, of every day. */
  readonly values: Float64Array
  readonly certificate: Certificate
  readonly investment: ReadonlyMap<string, number>
}

const dot = (perUnit: Float64Array, values: Float64Array): number => {
  let total = 0
  for (let j = 0; j < perUnit.length; j += 1) total += perUnit[j]! * values[j]!
  return total
}

function read(sizeModel: SizeModel, frame: SizeYear['frame'], solved: Solved): SizeAnswer {
  const { values: columnValues } = solved
  const sizes = new Map([...sizeModel.sizeColumns].map(([id, column]) => [id, columnValues[column]!]))
  const operation = sizeModel.moneyOffset + dot(sizeModel.moneyPerUnit, columnValues)
  let invested = 0
  for (const [id, size] of sizes) {
    invested += (solved.investment.get(id) ?? 0) * Math.max(0, size - (sizeModel.existing.get(id) ?? 0))
  }
  const perYear = yearHours / planHours(frame)
  let unservedKwh = 0
  for (const { relaxed } of readOutcomes(sizeModel.park, columnValues).values()) {
    for (const { wish, amount } of relaxed) if (wish === 'serve-load' || wish === 'ev-energy') unservedKwh += amount
  }
  return {
    sizes,
    annualCost: operation + invested,
    operation,
    emissionsKgCo2e: dot(sizeModel.emissionsPerUnit, columnValues),
    nonRenewableKwh: dot(sizeModel.nonRenewablePerUnit, columnValues),
    unservedKwh: unservedKwh * perYear,
    missedCarbonKg: columnValues[sizeModel.carbonRow.missed]!,
    missedRenewableKwh: columnValues[sizeModel.renewableRow.missed]!,
    certificate: solved.certificate,
    model: solved.model,
  }
}
