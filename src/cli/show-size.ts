import type { SizeOutput } from '../energy/index.ts'
import { formatNumber, table, wrap } from './layout.ts'

const percent = (share: number, digits = 1): string => `${formatNumber(100 * share, digits)} %`
const orNone = (value: number | null, text: (value: number) => string): string => (value === null ? '–' : text(value))

/** Sizes, what they are worth, how they were tried, and how sure it is. */
export function showSize(output: SizeOutput): string {
  const { currency, annual, today, economics, certificate, proof, preview } = output
  const money = (value: number): string => `${formatNumber(value)} ${currency}`
  const head = `${output.site} · ${output.hours} h optimised together, ${output.years} years · ${output.status}`
  const sizes = table(
    ['', 'size', 'stands', 'at most', 'capex', 'a year'],
    output.sizes.map(({ id, size, unit, existing, max, capex, annualCost }) => [
      id,
      `${formatNumber(size)} ${unit}`,
      formatNumber(existing),
      formatNumber(max),
      formatNumber(capex),
      formatNumber(annualCost),
    ]),
  )
  const years = table(
    ['a year', 'today', 'with it'],
    [
      ['operation', money(today.cost), money(annual.operation)],
      ['investment', '–', money(annual.investment)],
      [
        'emissions',
        `${formatNumber(today.emissionsKgCo2e / 1000)} t`,
        `${formatNumber(annual.emissionsKgCo2e / 1000)} t`,
      ],
      ['renewable share', percent(today.renewableShare), percent(annual.renewableShare)],
      ['unserved', `${formatNumber(today.unservedKwh)} kWh`, `${formatNumber(annual.unservedKwh)} kWh`],
    ],
  )
  const worth = table(
    ['worth', ''],
    [
      ['capex after subsidy', money(economics.capex)],
      ['net present value', money(economics.netPresentValue)],
      ['rate of return', orNone(economics.internalRateOfReturn, percent)],
      ['for the owner, after debt and tax', orNone(economics.equityRateOfReturn, percent)],
      [
        'payback, simple / discounted',
        `${orNone(economics.paybackYears, (y) => formatNumber(y, 1))} / ${orNone(economics.discountedPaybackYears, (y) => `${formatNumber(y, 1)} years`)}`,
      ],
      ['levelised cost', orNone(economics.levelisedCostPerKwh, (c) => `${formatNumber(c, 3)} ${currency}/kWh`)],
      ['a tonne CO2e avoided', orNone(economics.abatementCostPerTonne, (c) => `${formatNumber(c)} ${currency}`)],
    ],
  )
  const tried = proof
    ? [
        '',
        `Tried with the live controller (${proof.span}): ${money(proof.cost)}; perfect foresight ${money(proof.perfectCost)}` +
          `${proof.ruleCost === null ? '' : `; by rule ${money(proof.ruleCost)}`}. Net present value with it: ${money(proof.netPresentValue)}.`,
      ]
    : []
  const front =
    output.front.length === 0
      ? []
      : [
          '',
          ...table(
            ['t CO2e a year', 'cost a year', 'net present value', 'capex', 'renewable'],
            output.front.map((point) => [
              formatNumber(point.emissionsKgCo2ePerYear / 1000),
              formatNumber(point.annualCost),
              formatNumber(point.netPresentValue),
              formatNumber(point.capex),
              percent(point.renewableShare),
            ]),
          ),
        ]
  return [
    head,
    '',
    ...sizes,
    '',
    ...years,
    '',
    ...worth,
    ...tried,
    ...front,
    '',
    ...output.reasons.map(({ text }) => wrap(`- ${text}`, 100, '  ')),
    '',
    `Certificate: gap ${(100 * certificate.boundGap).toFixed(4)} % to the proven bound, residual ${certificate.maxResidual.toExponential(1)}, ${certificate.ok ? 'holds' : 'does not hold'}; ${formatNumber(certificate.columns)} columns, ${formatNumber(certificate.rows)} rows.`,
    ...(preview
      ? [
          `The quick answer on ${preview.typicalDays} typical days had a net present value of ${money(preview.netPresentValue)}.`,
        ]
      : []),
    ...(output.synthetic ? ['The weather is made up from normals.'] : []),
  ].join('\n')
}
