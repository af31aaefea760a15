import { defineEngine, type EngineContext } from '../../kernel/index.ts'
import { carbonErrors } from '../errors.ts'
import { factorBookWith, pedigreeOf, readFactorSet } from '../factors/index.ts'
import { createExactSum, timesScaled } from '../quantity/index.ts'
import type { RowPlan } from './contributions.ts'
import { createAccount, publish, type RowGroup, tally, tidy } from './create-account.ts'
import { matchInstruments } from './match-instruments.ts'
import { type AccountInput, AccountInputSchema, type AccountOutput, AccountOutputSchema } from './schema.ts'

/** Turns activities into an inventory, each number with its pedigree. */
export const accountEngine = defineEngine({
  id: 'carbon.account',
  title: 'Account the greenhouse gases and the energy of activities',
  description:
    'Turns rows of activities into an inventory by the GHG Protocol: scopes 1, 2 (by location and by market, side by side) and 3, each gas by itself and as CO2e of one pinned set of GWPs, the energy in tonnes of coal equivalent, the uncertainty, and the pedigree of every factor. A row that does not fit is an error, never a zero.',
  version: '0.1.0',
  input: AccountInputSchema,
  output: AccountOutputSchema,
  positional: 'site',
  run: account,
})

async function account(input: AccountInput, context: EngineContext): Promise<AccountOutput> {
  const { period, gwpSet, fallback, region } = input
  if (!(period.from < period.to)) {
    throw carbonErrors.badActivity({
      detail: 'The period ends before it begins',
      place: { path: 'period' },
      found: period.to,
    })
  }
  const name = input.name ?? (input.site === undefined ? undefined : (await context.data.site(input.site)).name)
  if (name === undefined) {
    throw carbonErrors.badActivity({
      detail: 'An inventory is of somebody',
      place: { path: 'name' },
      expected: 'name, or site',
    })
  }
  context.progress(0.1, 'reading factors')
  const book = factorBookWith(input.factorSets.map((set) => readFactorSet(set)))
  const rows = createAccount({ book, gwpSet, fallback, period, ...(region === undefined ? {} : { region }) })
  context.progress(0.2, 'adding up activities')
  const ids = new Set<string>()
  for (const row of input.activities) {
    if (ids.has(row.id)) {
      throw carbonErrors.badActivity({
        detail: 'Two rows have this id',
        place: { path: `activities.${row.id}` },
        found: row.id,
      })
    }
    ids.add(row.id)
    rows.add(row)
  }
  const groups = rows.groups()
  context.progress(0.8, 'multiplying')
  const matched = matchInstruments(groups, input.instruments, region)
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
  return {
    ...{ name, approach: input.approach, period, gwpSet },
    totals: tallies.map(publish),
    sums: {
      scope1KgCo2e: sumOf(1),
      scope2LocationKgCo2e: sumOf(2, 'location'),
      scope2MarketKgCo2e: sumOf(2, 'market'),
      scope3KgCo2e: sumOf(3),
    },
    energy: energyOf(groups),
    factors: [...factors.values()].map((factor) => ({ ...pedigreeOf(factor) })),
    warnings: [...warnings],
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
