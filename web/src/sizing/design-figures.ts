import { formatNumber, type Shown, show, showMoney } from '../format/numbers.ts'
import type { Design } from './designs.ts'

export type FigureName =
  | 'capex'
  | 'netPresentValue'
  | 'annualCost'
  | 'levelisedCost'
  | 'rateOfReturn'
  | 'payback'
  | 'emissions'
  | 'renewableShare'
  | 'unserved'
  | 'abatementCost'

export interface DesignFigure {
  readonly id: FigureName
  readonly value: number | null
  /** Undefined where there is none: a payback that never comes. */
  readonly shown: Shown | undefined
  /** Said under it. */
  readonly note?: 'sizing.never' | 'sizing.noRate'
  /** Where it stands in the answer: of a point of the front, or of the answer itself. */
  readonly path: { readonly front: readonly string[]; readonly whole: readonly string[] }
  /** Whether less of it is better. */
  readonly lessIsBetter: boolean
}

/** Money with its large units: 1 234 567 CNY stays whole, for a reader compares it. */
export function figuresOf({ economics, ...design }: Design, currency: string): readonly DesignFigure[] {
  const money = (value: number | null): Shown | undefined => (value === null ? undefined : showMoney(value, currency))
  const of = (name: string) => ({ front: ['economics', name], whole: ['economics', name] })
  const { internalRateOfReturn, paybackYears, levelisedCostPerKwh, abatementCostPerTonne } = economics
  const figure = (
    id: FigureName,
    value: number | null,
    shown: Shown | undefined,
    more: Omit<DesignFigure, 'id' | 'value' | 'shown'>,
  ): DesignFigure => ({ id, value, shown, ...more })
  return [
    figure('capex', economics.capex, money(economics.capex), { path: of('capex'), lessIsBetter: true }),
    figure('netPresentValue', economics.netPresentValue, money(economics.netPresentValue), {
      ...{ path: of('netPresentValue'), lessIsBetter: false },
    }),
    figure('annualCost', design.annualCost, money(design.annualCost), {
      ...{ path: { front: ['annualCost'], whole: ['annual', 'cost'] }, lessIsBetter: true },
    }),
    figure('levelisedCost', levelisedCostPerKwh, perKwh(levelisedCostPerKwh, currency), {
      ...{ path: of('levelisedCostPerKwh'), lessIsBetter: true },
    }),
    figure('rateOfReturn', internalRateOfReturn, shareOf(internalRateOfReturn), {
      ...{ path: of('internalRateOfReturn'), lessIsBetter: false },
      ...(internalRateOfReturn === null ? { note: 'sizing.noRate' as const } : {}),
    }),
    figure('payback', paybackYears, yearsOf(paybackYears), {
      ...{ path: of('paybackYears'), lessIsBetter: true },
      ...(paybackYears === null ? { note: 'sizing.never' as const } : {}),
    }),
    figure('emissions', design.emissionsKgCo2e, tonnes(design.emissionsKgCo2e), {
      path: { front: ['emissionsKgCo2ePerYear'], whole: ['annual', 'emissionsKgCo2e'] },
      lessIsBetter: true,
    }),
    figure('renewableShare', design.renewableShare, show(design.renewableShare, '1'), {
      ...{ path: { front: ['renewableShare'], whole: ['annual', 'renewableShare'] }, lessIsBetter: false },
    }),
    figure('unserved', design.unservedKwh, show(Math.round(design.unservedKwh), 'kWh'), {
      ...{ path: { front: ['unservedKwh'], whole: ['annual', 'unservedKwh'] }, lessIsBetter: true },
    }),
    figure('abatementCost', abatementCostPerTonne, perTonne(abatementCostPerTonne, currency), {
      ...{ path: of('abatementCostPerTonne'), lessIsBetter: true },
    }),
  ]
}

const shareOf = (value: number | null): Shown | undefined => (value === null ? undefined : show(value, '1'))
const yearsOf = (value: number | null): Shown | undefined =>
  value === null ? undefined : { text: formatNumber(value, 3), unit: 'a' }
const perKwh = (value: number | null, currency: string): Shown | undefined =>
  value === null ? undefined : { text: formatNumber(value, 3), unit: `${currency}/kWh` }
const perTonne = (value: number | null, currency: string): Shown | undefined =>
  value === null ? undefined : showMoney(value, `${currency}/t`)
const tonnes = (kg: number): Shown => ({ text: formatNumber(kg / 1000, 3), unit: 't CO₂e' })
