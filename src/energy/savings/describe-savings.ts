import type { MeterSavings, SavingsInterval, SavingsOutput } from '../schema/index.ts'

/** The result of `energy.savings` as text for a terminal or a letter. */
export function describeSavings(output: SavingsOutput): string {
  const { totals, currency, confidence, verdict, acceptable } = output
  const percent = `${Math.round(confidence * 1000) / 10} %`
  const rows = [
    ['energy', amount(totals.energyKwh, 'kWh')],
    ['money', amount(totals.money, currency)],
    ['emissions', amount(totals.emissionsKgCo2e, 'kgCO2e')],
    ['standard coal', amount(totals.standardCoalT, 'tce')],
  ]
  return [
    `Savings of ${output.site}: ${verdict === 'significant' ? 'significant' : 'not significant'} at ${percent}, ${acceptable ? 'all required checks passed' : 'a required check failed'}`,
    output.method,
    '',
    ...columns(rows),
    ...output.meters.flatMap(describeMeter),
    '',
    ...output.reasons.map(({ asset, text }) => `- ${asset === undefined ? '' : `${asset}: `}${text}`),
  ].join('\n')
}

function describeMeter(meter: MeterSavings): readonly string[] {
  const { model, months, checks } = meter
  const { statistics: s } = model
  return [
    '',
    `${meter.title}: ${model.shape}, ${model.grouping}`,
    `  ${model.equation}`,
    `  R² ${s.rSquared.toFixed(3)}, CV(RMSE) ${share(s.cvRmse)}, ρ ${s.autocorrelation?.toFixed(2) ?? 'unknown'}, n ${s.observations}, n′ ${Math.round(s.effectiveObservations)}`,
    '',
    ...columns([
      ['month', 'days', 'baseline kWh', 'measured kWh', 'saved kWh', '±'],
      ...months.map((row) => [
        row.month,
        row.days.toFixed(1),
        whole(row.adjustedBaselineKwh),
        whole(row.measuredKwh),
        whole(row.savingsKwh),
        whole(row.halfWidthKwh),
      ]),
    ]),
    '',
    ...columns(
      checks.map(({ ok, required, text, found, limit, source }) => [
        ok ? 'ok' : required ? 'FAILS' : 'beware',
        text,
        found === null ? 'unknown' : String(Number(found.toPrecision(3))),
        `limit ${limit}`,
        source,
      ]),
    ),
  ]
}

const whole = (value: number): string => Math.round(value).toLocaleString('en-GB')
const share = (value: number | null): string => (value === null ? 'undefined' : `${(100 * value).toFixed(1)} %`)
const precise = (value: number): string => (Math.abs(value) < 100 ? String(Number(value.toPrecision(4))) : whole(value))
const amount = (interval: SavingsInterval | null, unit: string): string =>
  interval === null
    ? 'unknown'
    : `${precise(interval.value)} ± ${precise(interval.halfWidth)} ${unit} (${precise(interval.low)} to ${precise(interval.high)})`

/** Rows as columns of even width; numbers to the right. */
function columns(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, k) => Math.max(...rows.map((row) => row[k]!.length)))
  return rows.map((row) => {
    const cells = row.map((cell, k) =>
      /^[−-]?[\d.,]+$/.test(cell) ? cell.padStart(widths[k]!) : cell.padEnd(widths[k]!),
    )
    return `  ${cells.join('  ')}`.trimEnd()
  })
}
