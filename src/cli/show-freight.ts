import type { ChainOutput, CheckFootprintOutput, ProductOutput } from '../carbon/index.ts'
import { formatNumber, table, wrap } from './layout.ts'

/** Exact text as far as it is of use on a screen; a dash where nothing is known. */
const short = (value: string | null | undefined, digits = 3): string =>
  formatNumber(value === null || value === undefined ? null : Number(value), digits)

const listed = (texts: readonly string[]): readonly string[] =>
  texts.length === 0 ? [] : ['', ...texts.map((text) => `  - ${wrap(text, 96, '    ')}`)]

/** A transport chain for a person at a terminal: a line an element, the total, what to know. */
export function showChain({
  shipment,
  boundary,
  gwpSet,
  elements,
  totals,
  quality,
  allocation,
  warnings,
}: ChainOutput): string {
  const rows = elements.map(({ id, category, kind, mode, distanceKm, distanceKind, activityTkm, ...kg }) => [
    `${id} (${category})`,
    kind === 'hub' ? 'hub' : (mode ?? ''),
    distanceKm === undefined ? '–' : `${short(distanceKm, 1)} km ${distanceKind}`,
    kind === 'hub' ? '–' : short(activityTkm),
    short(kg.ttwKgCo2e),
    short(kg.wttKgCo2e),
    short(kg.wtwKgCo2e),
  ])
  const share = quality.primaryShareOfActivityPercent
  return [
    `Shipment ${shipment}: ${(boundary === 'WTW' ? totals.wtwKgCo2e : totals.ttwKgCo2e) ?? '–'} kg CO2e (${boundary}, ${gwpSet}), ${totals.activityTkm} t·km`,
    '',
    ...table(
      ['', '', 'distance', 't·km', 'TTW', 'WTT', 'WTW kg'],
      [
        ...rows,
        [
          'all',
          '',
          '',
          short(totals.activityTkm),
          short(totals.ttwKgCo2e),
          short(totals.wttKgCo2e),
          short(totals.wtwKgCo2e),
        ],
      ],
    ),
    '',
    `  a t·km: ${short(totals.intensity.wtwKgCo2ePerTkm, 5)} kg WTW, ${short(totals.intensity.ttwKgCo2ePerTkm, 5)} kg TTW`,
    ...(share === null
      ? []
      : [
          `  primary data: ${share} % of the activity, ${quality.primaryShareOfEmissionsPercent ?? '–'} % of the emissions`,
        ]),
    ...(allocation === undefined
      ? []
      : [
          '',
          ...table(
            ['consignment', 'amount', 'TTW', 'WTT', 'WTW kg'],
            allocation.map((one) => [
              one.id,
              one.amount,
              short(one.ttwKgCo2e),
              short(one.wttKgCo2e),
              short(one.wtwKgCo2e),
            ]),
          ),
        ]),
    ...listed(warnings),
  ].join('\n')
}

/** A product footprint for a person at a terminal: what a declared unit comes to, by term and by activity. */
export function showProduct({
  footprint,
  perDeclaredUnit,
  period,
  activities,
  quality,
  findings,
  warnings,
}: ProductOutput): string {
  const pcf = footprint.pcf as Readonly<Record<string, string>>
  const name = `${pcf.declaredUnitAmount} ${pcf.declaredUnitOfMeasurement} of ${footprint.productNameCompany}`
  return [
    `${name}: ${perDeclaredUnit.excludingUptakeKgCo2e} kg CO2e without uptake, ${perDeclaredUnit.includingUptakeKgCo2e} with it`,
    '',
    ...table(
      ['of which', 'kg CO2e'],
      Object.entries(perDeclaredUnit.terms).map(([term, kg]) => [term, kg]),
    ),
    '',
    ...table(
      ['activity', 'kind', 'share', 'primary'],
      activities.map(({ id, kind, sharePercent, primaryPercent }) => [
        id,
        kind,
        sharePercent === null ? '–' : `${sharePercent} %`,
        primaryPercent === null ? '–' : `${primaryPercent} %`,
      ]),
    ),
    ...(period.allocated.length < 2
      ? []
      : [
          '',
          ...table(
            ['output', 'kg CO2e of the period'],
            period.allocated.map((one) => [one.output, short(one.excludingUptakeKgCo2e)]),
          ),
        ]),
    '',
    `  primary data: ${quality.primaryDataSharePercent ?? '–'} %; PACT ${footprint.specVersion}, ${footprint.id}`,
    ...listed([...findings.map(({ path, detail }) => `${path}: ${detail}`), ...warnings]),
  ].join('\n')
}

/** Findings for a person at a terminal, the gravest first. */
export function showFootprintCheck({ footprints }: CheckFootprintOutput): string {
  return footprints
    .map(({ path, kind, specVersion, isClean, findings, sums, shipment }) =>
      [
        `${path === '' ? '' : `${path}: `}${kind}${specVersion === null ? '' : ` (${specVersion})`}: ${isClean ? 'no breach' : 'breaches'}, ${findings.length} findings`,
        ...(sums
          ? [
              '',
              ...table(
                ['kg CO2e a declared unit', 'by the rule', 'printed'],
                [
                  ['without uptake', sums.excludingByRule ?? '–', sums.excludingPrinted ?? '–'],
                  ['with uptake', sums.includingByRule ?? '–', sums.includingPrinted ?? '–'],
                ],
              ),
            ]
          : []),
        ...(shipment
          ? [
              '',
              `  recomputed: ${shipment.activityTkm} t·km, ${shipment.wtwKgCo2e} kg WTW, ${shipment.ttwKgCo2e} kg TTW`,
            ]
          : []),
        ...listed(
          (['breach', 'doubt', 'note'] as const).flatMap((severity) =>
            findings
              .filter((finding) => finding.severity === severity)
              .map(({ code, path: at, detail, found, expected }) => {
                const sides = [
                  found === undefined ? '' : `found ${found}`,
                  expected === undefined ? '' : `expected ${expected}`,
                ]
                const told = sides.filter(Boolean).join(', ')
                return `${severity} ${code}${at === '' ? '' : ` at ${at}`}: ${detail}${told === '' ? '' : ` (${told})`}`
              }),
          ),
        ),
      ].join('\n'),
    )
    .join('\n\n')
}
