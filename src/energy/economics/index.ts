export { type Appraisal, appraise } from './appraise.ts'
export {
  type AnnualItem,
  annualRow,
  type BuiltItem,
  builtRows,
  type CashFlow,
  type CashRow,
  createCashFlow,
  isAnnualRow,
  isCapitalRow,
  netPresentValue,
  quantityOverYears,
  type RowKind,
  sumRows,
} from './cash-flow.ts'
export type { DebtTerms } from './debt.ts'
export type { Depreciation } from './depreciation.ts'
export {
  annualised,
  annuityFactor,
  type Course,
  capitalRecoveryFactor,
  levelisationFactor,
  presentWorthFactor,
} from './factors.ts'
export { type DebtCover, type Financed, type Financing, financeCashFlow } from './financing.ts'
export { abatementCost, type LevelisedCost, levelisedCost, levelisedCostOfStorage } from './levelised.ts'
export { type Payback, paybackOf } from './payback.ts'
export { internalRateOfReturn, modifiedRateOfReturn, type RateOfReturn } from './rate-of-return.ts'
export type { Subsidy } from './subsidy.ts'
export type { TaxTerms } from './tax.ts'
export { createTerms, type Terms, type TermsInput } from './terms.ts'
export { annualCostOf, annualUnitCosts, builtOf, type CostPiece, type UnitCosts } from './unit-cost.ts'
