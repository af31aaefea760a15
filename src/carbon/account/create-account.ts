import { MangroveError, type Problem } from '../../kernel/index.ts'
import { carbonErrors } from '../errors.ts'
import type { Factor } from '../factors/index.ts'
import {
  createExactSum,
  type ExactSum,
  parseScaled,
  type Scaled,
  scaledText,
  timesScaled,
  totalQuality,
} from '../quantity/index.ts'
import { type PlanSettings, planRow, type RowPlan } from './contributions.ts'
import type { Activity } from './schema.ts'

/** Rows of one kind: their amounts added up, for what they come to is in proportion. */
export interface RowGroup {
  /** The first of them: all that a plan reads of it is the same in the others. */
  readonly sample: Activity
  readonly amount: ExactSum
  rows: number
  /** Σ (amount · relative)² of rows with an uncertainty, and the amounts of those. */
  squares: number
  uncertain: number
  /** Σ amount · relative of rows that err together, by what they err with. */
  readonly together: Map<string, number>
  /** Σ |amount| · score and Σ |amount| of rows with a score. */
  scoreWeight: number
  scored: number
  absolute: number
}

/** Rows taken so far, by kind. */
export interface Account {
  /** Takes a row; what is wrong with it is kept, and told all together by {@link Account.groups}. */
  add(row: Activity): void
  /** @throws the problems of all rows, fifty at most, each with its row */
  groups(): readonly (RowGroup & { readonly plan: RowPlan })[]
}

export interface AccountSettings extends PlanSettings {
  readonly period: { readonly from: string; readonly to: string }
}

const maxProblems = 50

/**
 * Accounts rows. What differs between rows of one kind is their amount alone, so amounts are added up exactly and multiplied once:
 * the sum is the sum of the rows to the last digit, and a changed factor is a few products.
 */
export function createAccount(settings: AccountSettings): Account {
  const groups = new Map<string, RowGroup>()
  const plans = new Map<string, RowPlan>()
  const problems: Problem[] = []
  const refuse = (row: Activity, all: readonly Problem[]): void => {
    for (const problem of all) {
      if (problems.length >= maxProblems) return
      problems.push({
        ...problem,
        detail: `${row.id}: ${problem.detail}`,
        place: { ...problem.place, path: `activities.${row.id}` },
      })
    }
  }
  const take = (row: Activity): void => {
    checkDays(row, settings.period)
    const amount = parseScaled(typeof row.amount === 'number' ? plainText(row.amount) : row.amount)
    if (amount.digits < 0n) {
      throw carbonErrors.badActivity({
        detail: 'An activity is not negative; what was wrong is corrected in its row',
        found: row.amount,
      })
    }
    const key = keyOf(row)
    let group = groups.get(key)
    if (!group) {
      plans.set(key, planRow(row, settings))
      group = {
        sample: row,
        amount: createExactSum(),
        rows: 0,
        squares: 0,
        uncertain: 0,
        together: new Map(),
        scoreWeight: 0,
        scored: 0,
        absolute: 0,
      }
      groups.set(key, group)
    }
    group.amount.add(amount.digits, amount.decimals)
    group.rows += 1
    if (row.relative === undefined && row.score === undefined) return
    const value = Number(amount.digits) / 10 ** amount.decimals
    if (row.relative !== undefined) {
      const error = value * row.relative
      if (row.errsWith === undefined) group.squares += error ** 2
      else group.together.set(row.errsWith, (group.together.get(row.errsWith) ?? 0) + error)
      group.uncertain += value
    }
    if (row.score !== undefined) {
      group.scoreWeight += value * row.score
      group.scored += value
    }
  }
  return {
    add(row) {
      if (problems.length >= maxProblems) return
      try {
        take(row)
      } catch (error) {
        if (!(error instanceof MangroveError)) throw error
        refuse(row, error.problems)
      }
    },
    groups() {
      if (problems.length > 0) throw new MangroveError(problems)
      return [...groups].map(([key, group]) => ({ ...group, plan: plans.get(key)! }))
    },
  }
}

/** The same rows by other factors: kinds are planned anew, rows are not read again. @throws as {@link planRow} */
export const replan = (
  groups: readonly RowGroup[],
  settings: PlanSettings,
): readonly (RowGroup & { readonly plan: RowPlan })[] =>
  groups.map((group) => ({ ...group, plan: planRow(group.sample, settings) }))

const keyOf = ({
  activity,
  subject,
  unit,
  from,
  region,
  use,
  heatingValue,
  boundary,
  treatment,
  factor,
  scope,
  category,
  gpc,
}: Activity): string =>
  `${activity}|${subject}|${unit}|${from}|${region}|${use}|${heatingValue}|${boundary}|${treatment}|${factor}|${scope}|${category}|${gpc}`

/** A JSON number without an exponent. */
const plainText = (value: number): string => {
  const text = String(value)
  return /e/.test(text) ? value.toFixed(20).replace(/\.?0+$/, '') : text
}

function checkDays({ from, to }: Activity, period: AccountSettings['period']): void {
  const bad = (detail: string, found: string, expected: string) => carbonErrors.badActivity({ detail, found, expected })
  if (!(from < to)) throw bad('It ends before it begins', `${from} to ${to}`, 'the first day, and the first day after')
  if (from < period.from || to > period.to) {
    throw bad(
      'It lies outside the period of the inventory',
      `${from} to ${to}`,
      `within ${period.from} to ${period.to}`,
    )
  }
  const nextYear = `${Number(from.slice(0, 4)) + 1}-01-01`
  if (to > nextYear)
    throw bad('It goes over the end of a year, and factors are by the year', `${from} to ${to}`, 'two rows')
}

/** A sum over contributions of one scope, category and method. */
export interface Tally {
  readonly scope: number
  readonly category?: string
  readonly method?: 'location' | 'market'
  readonly kgCo2e: ExactSum
  readonly gases: Map<string, ExactSum>
  readonly biogenic: ExactSum
  rows: number
  readonly byFactor: Map<string, number>
  /** Errors of amounts that err together. */
  readonly byMeter: Map<string, number>
  squares: number
  covered: number
  scoreTerms: { value: number; score?: number }[]
}

export interface Tallied {
  readonly tallies: readonly Tally[]
  readonly factors: ReadonlyMap<string, Factor>
  readonly warnings: readonly string[]
}

/** Multiplies the groups with their plans. `marketShare` takes electricity by market that instruments do not cover. */
export function tally(
  groups: readonly (RowGroup & { readonly plan: RowPlan })[],
  uncovered: (group: RowGroup, total: Scaled) => Scaled = (_, total) => total,
): Tallied {
  const tallies = new Map<string, Tally>()
  const factors = new Map<string, Factor>()
  const warnings = new Set<string>()
  for (const group of groups) {
    const total = group.amount.total()
    const amount = toNumber(total)
    for (const warning of group.plan.warnings) warnings.add(warning)
    for (const { kg, kgCo2e, gas, factors: used, relative, ...where } of group.plan.contributions) {
      const own = tallyOf(tallies, where)
      for (const factor of used) factors.set(factor.id, factor)
      const taken = where.method === 'market' && group.plan.isElectricity ? uncovered(group, total) : total
      const mass = timesScaled(taken, kg)
      if (!kgCo2e) {
        own.biogenic.add(mass.digits, mass.decimals)
        continue
      }
      const sum = own.gases.get(gas) ?? createExactSum()
      own.gases.set(gas, sum)
      sum.add(mass.digits, mass.decimals)
      const weighed = timesScaled(taken, kgCo2e)
      own.kgCo2e.add(weighed.digits, weighed.decimals)
      const value = toNumber(weighed)
      const perUnit = toNumber(kgCo2e)
      const share = amount === 0 ? 0 : toNumber(taken) / amount
      own.squares += group.squares * (perUnit * share) ** 2
      for (const [meter, error] of group.together) {
        own.byMeter.set(meter, (own.byMeter.get(meter) ?? 0) + error * perUnit * share)
      }
      if (relative !== undefined) own.byFactor.set(used[0]!.id, (own.byFactor.get(used[0]!.id) ?? 0) + value * relative)
      own.covered += relative !== undefined ? value : group.uncertain * perUnit * share
      if (group.scored > 0) {
        own.scoreTerms.push({ value: group.scored * perUnit * share, score: group.scoreWeight / group.scored })
      }
      own.scoreTerms.push({ value: value - group.scored * perUnit * share })
    }
    for (const own of new Set(group.plan.contributions.map((where) => tallyOf(tallies, where)))) own.rows += group.rows
  }
  return { tallies: [...tallies.values()], factors, warnings: [...warnings] }
}

type Where = Pick<Tally, 'scope' | 'category' | 'method'>

export function tallyOf(tallies: Map<string, Tally>, { scope, category, method }: Where): Tally {
  const key = `${scope}|${category}|${method}`
  const known = tallies.get(key)
  if (known) return known
  const made: Tally = {
    ...{ scope, ...(category === undefined ? {} : { category }), ...(method === undefined ? {} : { method }) },
    ...{ kgCo2e: createExactSum(), gases: new Map(), biogenic: createExactSum(), rows: 0 },
    ...{ byFactor: new Map(), byMeter: new Map(), squares: 0, covered: 0, scoreTerms: [] },
  }
  tallies.set(key, made)
  return made
}

export const toNumber = ({ digits, decimals }: Scaled): number => Number(digits) / 10 ** decimals

/**
 * A tally as it is published. Errors of activities are independent but for those of one meter; those of one factor are the same in
 * all of its rows.
 */
export function publish(own: Tally) {
  const total = own.kgCo2e.total()
  const value = toNumber(total)
  const shared = [...own.byFactor.values(), ...own.byMeter.values()].reduce((sum, error) => sum + error * error, 0)
  const { score } = totalQuality(own.scoreTerms)
  const biogenic = own.biogenic.total()
  return {
    ...{ scope: own.scope, ...(own.category === undefined ? {} : { category: own.category }) },
    ...(own.method === undefined ? {} : { method: own.method }),
    massKgCo2e: tidy(total),
    gasesKg: Object.fromEntries([...own.gases].map(([gas, sum]) => [gas, tidy(sum.total())])),
    ...(biogenic.digits === 0n ? {} : { biogenicKgCo2: tidy(biogenic) }),
    rows: own.rows,
    halfWidthKg: Math.sqrt(own.squares + shared),
    uncertainShare: value === 0 ? 0 : Math.min(1, own.covered / value),
    score,
  }
}

/** Exact text without zeros at its end. */
export const tidy = (value: Scaled): string => {
  const text = scaledText(value)
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text
}
