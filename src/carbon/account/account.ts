import { defineEngine, type EngineContext, MangroveError } from '../../kernel/index.ts'
import { carbonErrors } from '../errors.ts'
import { factorBookWith, pedigreeOf, readFactorSet } from '../factors/index.ts'
import { createExactSum, timesScaled } from '../quantity/index.ts'
import type { RowPlan } from './contributions.ts'
import { type Account, createAccount, publish, type RowGroup, tally, tidy } from './create-account.ts'
import { isDay } from './inventory/period.ts'
import { type Inventory, readInventory } from './inventory/read-inventory.ts'
import { matchInstruments } from './match-instruments.ts'
import { readMetered } from './metered/read-metered.ts'
import {
  type AccountInput,
  AccountInputSchema,
  type AccountOutput,
  AccountOutputSchema,
  type Activity,
} from './schema.ts'
import { linesOf, publishLine, type RowOrigin } from './views/lines.ts'
import { viewOf } from './views/view-of.ts'

/** Turns activities into an inventory, each number with its pedigree. */
export const accountEngine = defineEngine({
  id: 'carbon.account',
  title: 'Account the greenhouse gases and the energy of activities',
  description:
    'Turns rows of activities, stated, from tables, or read from meters, into an inventory by the GHG Protocol: scopes 1, 2 (by location and by market, side by side) and 3, each gas by itself and as CO2e of one pinned set of GWPs, the energy in tonnes of coal equivalent, the uncertainty, and the pedigree of every factor. Views sort the same rows by ISO 14064-1 and, for a city, by the GPC. A row that does not fit is an error, never a zero.',
  version: '0.2.0',
  input: AccountInputSchema,
  output: AccountOutputSchema,
  positional: 'site',
  run: account,
})

async function account(input: AccountInput, context: EngineContext): Promise<AccountOutput> {
  const { period } = input
  if (!(period.from < period.to)) {
    throw carbonErrors.badActivity({
      detail: 'The period ends before it begins',
      place: { path: 'period' },
      found: period.to,
    })
  }
  for (const day of [period.from, period.to]) {
    if (isDay(day)) continue
    throw carbonErrors.badActivity({
      detail: 'This is no day',
      place: { path: 'period' },
      found: day,
      expected: '2025-03-01',
    })
  }
  const site = input.site === undefined ? undefined : await context.data.site(input.site)
  const inventory = await readInventory(input, site, context.data)
  const { gwpSet, fallback, region } = inventory
  context.progress(0.1, 'reading meters')
  const metered = site ? await placed(inventory, () => readMetered(site, inventory.metered, context.data)) : []
  context.progress(0.2, 'reading factors')
  const book = factorBookWith(inventory.factorSets.map((set) => readFactorSet(set)))
  const rows = createAccount({ book, gwpSet, fallback, period, ...(region === undefined ? {} : { region }) })
  context.progress(0.3, 'adding up activities')
  addAll(rows, [...inventory.activities, ...metered.map(({ row }) => row)])
  const groups = await placed(inventory, async () => rows.groups())
  context.progress(0.8, 'multiplying')
  const matched = matchInstruments(groups, inventory.instruments, region)
  const { tallies, factors, warnings } = tally(groups, matched.uncovered)
  const market = tallies.find(({ scope, method }) => scope === 2 && method === 'market')
  if (market && matched.coveredKwh.total().digits > 0n) {
    const { digits, decimals } = matched.kgCo2.total()
    market.kgCo2e.add(digits, decimals)
    const gas = market.gases.get('CO2') ?? createExactSum()
    market.gases.set('CO2', gas)
    gas.add(digits, decimals)
  }
  const sumOf = (scope: number, method?: 'location' | 'market'): string => {
    const sum = createExactSum()
    for (const own of tallies) {
      if (own.scope !== scope || own.method !== method) continue
      const { digits, decimals } = own.kgCo2e.total()
      sum.add(digits, decimals)
    }
    return tidy(sum.total())
  }
  const sums = {
    scope1KgCo2e: sumOf(1),
    scope2LocationKgCo2e: sumOf(2, 'location'),
    scope2MarketKgCo2e: sumOf(2, 'market'),
    scope3KgCo2e: sumOf(3),
  }
  const meters = new Map(metered.map(({ result: { id, meter } }) => [id, meter]))
  const originOf = (id: string): RowOrigin => {
    const { file, line } = inventory.placeOf(id) ?? {}
    const meter = meters.get(id)
    return {
      ...(file === undefined ? {} : { file }),
      ...(line === undefined ? {} : { line }),
      ...(meter === undefined ? {} : { meter }),
    }
  }
  const lines = inventory.views.length === 0 ? undefined : linesOf(groups, matched)
  return {
    ...{ name: inventory.name, approach: inventory.approach, period, gwpSet, sums },
    totals: tallies.map(publish),
    energy: energyOf(groups),
    factors: [...factors.values()].map((factor) => ({ ...pedigreeOf(factor) })),
    warnings: [...warnings],
    metered: metered.map(({ result }) => result),
    outsidePeriodRows: inventory.outsidePeriodRows,
    ...(lines
      ? {
          lines: lines.map((line) => publishLine(line, originOf(line.id))),
          views: inventory.views.map((view) => viewOf(view, lines, inventory.gpc)),
        }
      : {}),
  }
}

function addAll(account: Account, rows: readonly Activity[]): void {
  const ids = new Set<string>()
  for (const row of rows) {
    if (ids.has(row.id)) {
      throw carbonErrors.badActivity({
        detail: 'Two rows have this id',
        place: { path: `activities.${row.id}` },
        found: row.id,
      })
    }
    ids.add(row.id)
    account.add(row)
  }
}

/** Problems of rows with the file and line they stand in. */
async function placed<Value>(inventory: Inventory, work: () => Promise<Value>): Promise<Value> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof MangroveError)) throw error
    throw new MangroveError(
      error.problems.map((problem) => {
        const place = inventory.placeOf(problem.place?.path?.replace(/^activities\./, '') ?? '')
        return place ? { ...problem, place: { ...place, path: problem.place?.path ?? '' } } : problem
      }),
      { cause: error },
    )
  }
}

function energyOf(groups: readonly (RowGroup & { readonly plan: RowPlan })[]): AccountOutput['energy'] {
  const calorific = createExactSum()
  const equivalent = createExactSum()
  let isWhole = true
  let without = 0
  for (const { amount, plan, rows } of groups) {
    if (!plan.isEnergy) continue
    if (!plan.tce) {
      without += rows
      continue
    }
    const heat = timesScaled(amount.total(), plan.tce.calorific)
    calorific.add(heat.digits, heat.decimals)
    if (!plan.tce.equivalent) isWhole = false
    else {
      const coal = timesScaled(amount.total(), plan.tce.equivalent)
      equivalent.add(coal.digits, coal.decimals)
    }
  }
  return {
    calorificTce: tidy(calorific.total()),
    equivalentTce: isWhole ? tidy(equivalent.total()) : null,
    withoutCoefficientRows: without,
  }
}
