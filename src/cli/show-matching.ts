import type { MatchHoursOutput } from '../carbon/index.ts'
import { formatNumber, padEnd, table, wrap } from './layout.ts'

const percent = (share: number | null): string => (share === null ? '–' : `${formatNumber(100 * share, 1)} %`)
/** Five shades, from nothing to all. */
const shades = ['·', '░', '▒', '▓', '█'] as const

/** An hourly match for a person at a terminal: scores, energies, emissions, and the map of month by hour. */
export function showMatching(output: MatchHoursOutput): string {
  const { site, period, score, energy, battery, emissions, heatMap, leftOut, plants, warnings } = output
  const kwh = (value: number): string => formatNumber(value)
  return [
    `${site}: ${period.from} to the day before ${period.to}, ${formatNumber(output.hourCount - leftOut.hours)} hours`,
    ...(leftOut.hours === 0 ? [] : [`  ${leftOut.hours} hours are left out, the first at ${leftOut.first}`]),
    '',
    `  matched hour by hour  ${percent(score.hourly)}; all of the load in ${percent(score.hoursFullyMatched)} of the hours`,
    ...(score.hourlyWithGrid === null ? [] : [`  with the grid’s own   ${percent(score.hourlyWithGrid)}`]),
    `  matched by the year   ${percent(score.yearly)}`,
    '',
    ...table(
      ['kWh', ''],
      [
        ['load', kwh(energy.loadKwh)],
        ['  on-site generation', kwh(energy.onSiteKwh)],
        ['  clean energy that was stored', kwh(energy.batteryKwh)],
        ['  contracts', kwh(energy.contractsKwh)],
        ['  unmatched', kwh(energy.unmatchedKwh)],
        ['export', kwh(energy.exportKwh)],
        ['contracts in excess', kwh(energy.excessContractsKwh)],
        ...(battery ? [['lost in the battery', kwh(battery.lostKwh)]] : []),
        ...plants.map(({ id, generatedKwh, usedKwh }) => [`${id}: used of ${kwh(generatedKwh)}`, kwh(usedKwh)]),
      ],
    ),
    '',
    ...table(
      ['kg CO2e', ''],
      [
        ['import by the factor of its hour', formatNumber(emissions.importKg)],
        ['  without what contracts of the hour cover', formatNumber(emissions.unmatchedImportKg)],
        ['import by the mean factor', formatNumber(emissions.yearlyFactorKg)],
        ['load that the year does not cover, by the mean factor', formatNumber(emissions.yearlyMatchedKg)],
      ],
    ),
    '',
    `${padEnd('', 9)}0     6     12    18       ${shades.map((shade, k) => `${shade} ${k === 4 ? 'all' : k === 0 ? 'none' : `${k * 25} %`}`).join('  ')}`,
    ...heatMap.map(({ month, shares, all }) => `${month}  ${shares.map(shadeOf).join('')}  ${percent(all)}`),
    ...(warnings.length === 0 ? [] : ['', ...warnings.map((text) => `  - ${wrap(text, 96, '    ')}`)]),
  ].join('\n')
}

/** Only all of it is all, and only nothing is nothing. */
function shadeOf(share: number | null): string {
  if (share === null) return ' '
  if (share <= 0) return shades[0]
  if (share >= 1) return shades[4]
  return shades[Math.min(3, 1 + Math.floor(share * 3))] ?? shades[3]
}
