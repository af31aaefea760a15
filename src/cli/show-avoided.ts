import type { AvoidedOutput, BatteryCarbonOutput } from '../carbon/index.ts'
import { formatNumber, table, wrap } from './layout.ts'

const listed = (reasons: readonly { readonly text: string }[]): readonly string[] =>
  reasons.map(({ text }) => `  - ${wrap(text, 96, '    ')}`)

/** Avoided emissions for a person at a terminal: every product, and what they come to. */
export function showAvoided(output: AvoidedOutput): string {
  const { gas, gwpSet, boundary, terms, additionality, halfWidthKg } = output
  const values = new Map(output.factors.map(({ factor, value, unit }) => [factor, `${value} ${unit}`]))
  const rows = terms.map(({ part, title, amount, unit, factor, massKg }) => [
    `${part}: ${title}`,
    `${formatNumber(Number(amount))} ${unit}`,
    values.get(factor) ?? factor,
    formatNumber(Number(massKg)),
  ])
  const basis = [gas, gwpSet, boundary].filter(Boolean).join(', ')
  return [
    `${output.name}, ${output.period.from} to ${output.period.to}: ${formatNumber(Number(output.avoidedKg))} kg avoided (${basis}; ${output.electricity} factors)`,
    '',
    ...table(['', 'amount', 'factor', 'kg'], rows),
    '',
    `  baseline ${output.baselineKg} − project ${output.projectKg} − leakage ${output.leakageKg} = ${output.avoidedKg} kg`,
    `  additional ${additionality.share} of it: ${output.additionalKg} kg`,
    ...(halfWidthKg === null ? [] : [`  ± ${formatNumber(halfWidthKg)} kg (95 %)`]),
    '',
    ...listed(output.reasons),
  ].join('\n')
}

/** Carbon of a battery for a person at a terminal: a line a kind of factors. */
export function showBattery(output: BatteryCarbonOutput): string {
  const rows = output.books.map(({ kind, chargeKgPerKwh, dischargeKgPerKwh, storedKg, comparison }) => [
    kind,
    formatNumber(chargeKgPerKwh, 3),
    formatNumber(dischargeKgPerKwh, 3),
    formatNumber(Number(storedKg), 1),
    formatNumber(Number(comparison.withKg), 1),
    formatNumber(Number(comparison.withoutKg), 1),
    formatNumber(Number(comparison.savedKg), 1),
  ])
  const head = ['', 'kg/kWh in', 'kg/kWh out', 'kg stored', 'kg with', 'kg without', 'kg saved']
  return [
    `${output.battery ?? 'Battery'}: ${formatNumber(output.chargedKwh)} kWh charged, ${formatNumber(output.dischargedKwh)} kWh given, ${formatNumber(output.lostKwh)} kWh lost, ${formatNumber(output.storedKwh)} kWh stored (${output.rule})`,
    '',
    ...table(head, rows),
    ...(output.embodied
      ? ['', `  embodied ${formatNumber(output.embodied.kgCo2ePerDischargedKwh, 4)} kg a kWh given, beside it`]
      : []),
    '',
    ...listed(output.reasons),
  ].join('\n')
}
