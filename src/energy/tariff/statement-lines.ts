import type { DemandCharge, Tariff } from '../schema/index.ts'
import { blocksBetween } from './curve.ts'
import { curveOf, type DemandOutcome } from './demand.ts'
import { adjustmentFor } from './power-factor.ts'

/** What a line of a bill is for. */
export const lineKinds = [
  'energy',
  'demand',
  'capacity',
  'fixed',
  'power-factor',
  'surcharge',
  'tax',
  'minimum',
  'export',
] as const
export type LineKind = (typeof lineKinds)[number]

/** One line of a bill: amount = quantity × rate, then rounded. */
export interface BillLine {
  readonly kind: LineKind
  /** Which sentence it is: `energy.time-of-use`, `demand.excess`; for translation. */
  readonly code: string
  /** As the tariff names it; empty where it does not. */
  readonly name: string
  /** Time-of-use period or block; empty where there is none. */
  readonly period: string
  readonly quantity: number
  readonly unit: string
  readonly rate: number
  readonly amount: number
}

export const line = (
  kind: LineKind,
  code: string,
  {
    name = '',
    period = '',
    quantity,
    unit,
    rate,
  }: Pick<BillLine, 'quantity' | 'unit' | 'rate'> & {
    readonly name?: string
    readonly period?: string
  },
): BillLine => ({ kind, code, name, period, quantity, unit, rate, amount: quantity * rate })

/** `0–2300`, or `2300–` of the last block. */
export const blockName = (from: number, end: number | undefined): string => `${from}–${end ?? ''}`

/** The lines of one demand charge: its blocks, or what its contract says. */
export function demandLines(charge: DemandCharge, { billedKw }: DemandOutcome): readonly BillLine[] {
  const { name, pricePerKwMonth: price, contract, blocks } = charge
  const curve = curveOf(charge)
  if (contract) {
    const leastKw = contract.leastShare * contract.demandKw
    return [
      line('demand', 'demand.contract', { name, quantity: leastKw, unit: 'kW', rate: price }),
      ...blocksBetween(curve, 0, billedKw)
        .filter((block) => block.price !== 0)
        .map((block) => {
          const code = block.price > price || contract.billed === 'contract' ? 'demand.excess' : 'demand.measured'
          return line('demand', code, { name, quantity: block.width, unit: 'kW', rate: block.price })
        }),
    ]
  }
  if (blocks.length === 0) return [line('demand', 'demand', { name, quantity: billedKw, unit: 'kW', rate: price })]
  return blocksBetween(curve, 0, billedKw).map((block) =>
    line('demand', 'demand.block', {
      name,
      period: blockName(block.from, curve.knots.find(({ from }) => from > block.from)?.from),
      quantity: block.width,
      unit: 'kW',
      rate: block.price,
    }),
  )
}

const sumOf = (lines: readonly BillLine[]): number => lines.reduce((sum, { amount }) => sum + amount, 0)

/** Kinds that the power factor adjusts: the energy and the basic charge of a two-part tariff. */
const adjusted: ReadonlySet<LineKind> = new Set(['energy', 'demand', 'capacity'])

/** The power-factor line of a month: a share of its energy, demand and capacity charges. */
export function powerFactorLines(
  { powerFactor }: Tariff,
  lines: readonly BillLine[],
  found: number | undefined,
  currency: string,
): readonly BillLine[] {
  if (!powerFactor || found === undefined) return []
  return [
    line('power-factor', 'power-factor', {
      period: (Math.round(found * 100 + 1e-9) / 100).toFixed(2),
      quantity: sumOf(lines.filter(({ kind }) => adjusted.has(kind))),
      unit: currency,
      rate: adjustmentFor(powerFactor, found),
    }),
  ]
}

/** Taxes on all charges so far. */
export const taxLines = ({ taxes }: Tariff, lines: readonly BillLine[], currency: string): readonly BillLine[] =>
  taxes.map(({ name, share }) => line('tax', 'tax', { name, quantity: sumOf(lines), unit: currency, rate: share }))

/** What is added to charges that stay below the least a month costs. */
export function minimumLines(
  { minimumBill }: Tariff,
  lines: readonly BillLine[],
  covered: number,
  currency: string,
): readonly BillLine[] {
  if (minimumBill === undefined) return []
  const short = minimumBill * covered - sumOf(lines)
  return short > 0 ? [line('minimum', 'minimum', { quantity: short, unit: currency, rate: 1 })] : []
}
