import { formatIso, type Site, stepStartMs } from '../../kernel/index.ts'
import type { BillOutput, Reason, Tariff, TariffWindow } from '../schema/index.ts'
import type { Statement } from '../tariff/index.ts'
import { adjustmentFor } from '../tariff/power-factor.ts'
import { boundariesOf } from '../tariff/window.ts'
import type { BillPeriod } from './bill-period.ts'

const reason = (code: string, text: string, values: Reason['values'] = {}): Reason => ({ code, text, values })

export interface ExplainedBill {
  readonly site: Site
  readonly tariff: Tariff
  readonly period: BillPeriod
  readonly statements: readonly Statement[]
  readonly hasReactive: boolean
  /** First step that the evaluation knows of; before it nothing is. */
  readonly knownFromMs: number
  readonly compared?: NonNullable<BillOutput['compared']>
}

/** What to know about a bill: what drove it, what it leaves out. */
export function billReasons(bill: ExplainedBill): Reason[] {
  return [
    ...comparedReason(bill),
    ...demandReasons(bill),
    ...powerFactorReasons(bill),
    ...gapReasons(bill),
    ...partialReasons(bill),
    ...stepReasons(bill),
    ...creditReasons(bill),
    ...carbonReasons(bill),
  ]
}

function comparedReason({ site, compared }: ExplainedBill): Reason[] {
  if (!compared) return []
  const { difference } = compared
  const amount = `${Math.abs(difference).toFixed(2)} ${site.currency}`
  const text =
    difference <= 0
      ? `With the changes the same meter costs ${amount} less.`
      : `With the changes the same meter costs ${amount} more.`
  return [reason(difference <= 0 ? 'bill.cheaper' : 'bill.dearer', text, { difference })]
}

function demandReasons({ site, statements }: ExplainedBill): Reason[] {
  return statements.flatMap(({ month, peaks, byKind, total }) => {
    const highest = peaks.toSorted((a, b) => b.peakKw - a.peakKw)[0]
    if (highest?.atMs === undefined || byKind.demand <= 0) return []
    const { name, peakKw, billedKw, atMs } = highest
    const share = total > 0 ? ` (${((100 * byKind.demand) / total).toFixed(0)} % of the bill)` : ''
    const text = `${month}: demand charges come to ${byKind.demand.toFixed(2)} ${site.currency}${share}; the highest interval, ${peakKw.toFixed(1)} kW in “${name}”, began at ${formatIso(atMs, site.zone)}.`
    return [reason('bill.peak', text, { month, peakKw, billedKw, cost: byKind.demand, atMs })]
  })
}

function powerFactorReasons({ site, tariff, statements, hasReactive }: ExplainedBill): Reason[] {
  const { powerFactor } = tariff
  if (!powerFactor) return []
  if (!hasReactive) {
    return [
      reason(
        'bill.no-reactive',
        'The tariff adjusts by the power factor, but no reactive power was given: the bill is without the adjustment.',
      ),
    ]
  }
  return statements.flatMap(({ month, powerFactor: found, byKind }) => {
    if (found === undefined) return []
    const cost = byKind['power-factor']
    const share = adjustmentFor(powerFactor, found)
    const text = `${month}: the power factor of ${found.toFixed(2)} ${share > 0 ? 'adds' : 'takes off'} ${(100 * Math.abs(share)).toFixed(2)} %, ${Math.abs(cost).toFixed(2)} ${site.currency}.`
    return [reason('bill.power-factor', text, { month, powerFactor: found, share, cost })]
  })
}

const gapReasons = ({ statements }: ExplainedBill): Reason[] =>
  statements
    .filter(({ missingSteps }) => missingSteps > 0)
    .map(({ month, missingSteps }) =>
      reason(
        'bill.gaps',
        `${month}: ${missingSteps} steps have no value; their energy and peaks are not in the bill, which is too low by that.`,
        { month, steps: missingSteps },
      ),
    )

const partialReasons = ({ statements }: ExplainedBill): Reason[] =>
  statements
    .filter(({ covered }) => covered < 1)
    .map(({ month, covered }) =>
      reason(
        'bill.partial-month',
        `${month}: the period covers ${(100 * covered).toFixed(0)} % of the billing month; monthly charges are for that part, the demand is that of the part.`,
        { month, share: covered },
      ),
    )

/** Steps of the meter that a change of price cuts are billed at the price of their start. */
function stepReasons({ tariff, period }: ExplainedBill): Reason[] {
  const stepMinutes = period.stepMs / 60_000
  const windows: readonly TariffWindow[] = [
    ...(tariff.import.timeOfUse?.periods ?? []),
    ...(tariff.export?.timeOfUse?.periods ?? []),
    ...tariff.import.tiers,
    ...tariff.demand,
  ]
  const cut = windows.flatMap(boundariesOf).find((minute) => minute % stepMinutes !== 0)
  if (cut === undefined) return []
  const clock = `${String(Math.floor(cut / 60)).padStart(2, '0')}:${String(cut % 60).padStart(2, '0')}`
  return [
    reason(
      'bill.step-cut',
      `The tariff changes at ${clock}, within a step of the meter; such steps are billed as they begin.`,
      { clock, stepMinutes },
    ),
  ]
}

function creditReasons({ tariff, statements, period, site, knownFromMs }: ExplainedBill): Reason[] {
  if (tariff.netMetering?.surplus !== 'carried' || statements.length === 0) return []
  const first = Number(formatIso(knownFromMs, site.zone).slice(5, 7))
  if (first === tariff.netMetering.yearBegins) return []
  return [
    reason(
      'bill.credit-unknown',
      `The meter is known from ${formatIso(knownFromMs, site.zone)} on, within the netting year: credit from before is not in the bill.`,
      { atMs: stepStartMs({ startMs: knownFromMs, stepMs: period.stepMs, count: 1 }, 0) },
    ),
  ]
}

const carbonReasons = ({ tariff }: ExplainedBill): Reason[] =>
  tariff.carbonIntensity === undefined && tariff.carbonPricePerKg > 0
    ? [
        reason(
          'bill.no-carbon-intensity',
          'The tariff names a carbon price and no carbon intensity: imported electricity counts without emissions.',
        ),
      ]
    : []
