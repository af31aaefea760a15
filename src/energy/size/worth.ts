import {
  abatementCost,
  annualRow,
  appraise,
  builtOf,
  builtRows,
  type CashFlow,
  createCashFlow,
  financeCashFlow,
  internalRateOfReturn,
  isCapitalRow,
  levelisedCost,
  quantityOverYears,
  type RateOfReturn,
  sumRows,
} from '../economics/index.ts'
import type { SizeOutput } from '../schema/index.ts'
import type { SizeTask } from './size-year.ts'

/** What a year costs and emits in the prices of the first year. */
export interface YearFigures {
  /** Energy, demand, fuel, export: all but carbon. */
  readonly energyCost: number
  readonly carbonCost: number
  readonly emissionsKgCo2e: number
}

/** Operation as the objective counts it, taken apart into what the first year pays. */
export function firstYear(
  { weights }: SizeTask,
  { operation, emissionsKgCo2e }: { readonly operation: number; readonly emissionsKgCo2e: number },
  carbonPricePerKg: number,
): YearFigures {
  const carbonCost = emissionsKgCo2e * carbonPricePerKg
  return { energyCost: (operation - carbonCost * weights.carbon) / weights.operation, carbonCost, emissionsKgCo2e }
}

/** The cash-flow table of going from `today` to the new sizes. */
export function cashFlowOf(
  task: SizeTask,
  sizes: ReadonlyMap<string, number>,
  today: YearFigures,
  then: YearFigures,
): CashFlow {
  const { terms, decisions, investment } = task
  const { energyEscalation, carbonEscalation, opexEscalation } = investment
  const built = decisions.flatMap(({ id, option }) => {
    const added = Math.max(0, (sizes.get(id) ?? 0) - option.existing)
    return builtRows(terms, builtOf(id, { ...option, opexEscalation }, added))
  })
  return createCashFlow(terms, [
    ...built,
    annualRow(terms, {
      item: 'energy',
      kind: 'energy',
      perYear: today.energyCost - then.energyCost,
      escalation: energyEscalation,
    }),
    annualRow(terms, {
      item: 'carbon',
      kind: 'carbon',
      perYear: today.carbonCost - then.carbonCost,
      escalation: carbonEscalation,
    }),
  ])
}

const only = (rate: RateOfReturn): number | null => (rate.kind === 'one' ? rate.rate : null)

/** Years over which what is built is written off, straight line. */
const depreciationYears = 10

/** Every figure of the investment, each from the one table. */
export function economicsOf(
  task: SizeTask,
  cashFlow: CashFlow,
  today: YearFigures,
  then: YearFigures,
  usedKwh: number,
): SizeOutput['economics'] {
  const { terms, investment } = task
  const { netPresentValue, rateOfReturn, payback, discountedPayback } = appraise(cashFlow)
  const { financing, taxRate } = investment
  const financed = financeCashFlow(cashFlow, {
    ...(taxRate > 0
      ? {
          tax: {
            rate: taxRate,
            depreciation: { method: 'straight-line', years: Math.min(depreciationYears, terms.years) },
          },
        }
      : {}),
    ...(financing
      ? {
          debt: {
            share: financing.debtShare,
            rate: financing.interestRate,
            termYears: Math.min(financing.termYears, terms.years),
          },
        }
      : {}),
  })
  const capital = cashFlow.rows.filter((row) => isCapitalRow(row) || row.kind === 'opex')
  const paid = sumRows(terms, [
    ...capital,
    annualRow(terms, {
      item: 'energy',
      kind: 'energy',
      perYear: -then.energyCost,
      escalation: investment.energyEscalation,
    }),
    annualRow(terms, {
      item: 'carbon',
      kind: 'carbon',
      perYear: -then.carbonCost,
      escalation: investment.carbonEscalation,
    }),
  ])
  const avoided = quantityOverYears(terms, (today.emissionsKgCo2e - then.emissionsKgCo2e) / 1000)
  const years = (found: typeof payback): number | null =>
    found.kind === 'after' ? found.years : found.kind === 'at-once' ? 0 : null
  const upfront = cashFlow.rows
    .filter(({ kind }) => kind === 'capex' || kind === 'subsidy')
    .reduce((sum, { amounts }) => sum - amounts[0]!, 0)
  return {
    capex: upfront,
    netPresentValue,
    internalRateOfReturn: only(rateOfReturn),
    equityRateOfReturn:
      financing || taxRate > 0 ? only(internalRateOfReturn(financed.equity.total)) : only(rateOfReturn),
    paybackYears: years(payback),
    discountedPaybackYears: years(discountedPayback),
    levelisedCostPerKwh: levelisedCost(terms, paid, quantityOverYears(terms, usedKwh))?.real ?? null,
    abatementCostPerTonne: abatementCost(cashFlow, avoided) ?? null,
    cashFlow: Array.from({ length: terms.years + 1 }, (_, year) => ({
      year,
      ...Object.fromEntries(financed.equity.rows.map(({ item, kind, amounts }) => [`${item}.${kind}`, amounts[year]!])),
      total: financed.equity.total[year]!,
    })),
  }
}
