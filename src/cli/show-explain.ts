import type { ExplainOutput, WhatIfOutput } from '../energy/index.ts'
import { formatNumber, table, wrap } from './layout.ts'

const width = 96

const clockOf =
  ({ zone }: Pick<ExplainOutput, 'zone'>) =>
  (timestampMs: number): string =>
    new Date(timestampMs).toLocaleTimeString('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit' })

const section = (title: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  - ${wrap(line, width, '    ')}`)]

/** An explanation for a person at a terminal: what a kWh is worth and why, machines, limits, what collides. */
export function showExplain(output: ExplainOutput): string {
  const clock = clockOf(output)
  const when = output.atMs === null ? '' : `, at ${clock(output.atMs)}`
  const peaks = output.peaks.flatMap(({ name, steps }) => {
    const sum = steps.reduce((total, { worthPerKw }) => total + worthPerKw, 0)
    const dearest = [...steps].sort((a, b) => b.worthPerKw - a.worthPerKw)
    const shown = dearest.slice(0, 6).map(({ atMs, worthPerKw }) => `${clock(atMs)} (${worthPerKw.toFixed(2)})`)
    const more = steps.length > shown.length ? ` and ${steps.length - shown.length} more` : ''
    return steps.length === 0
      ? []
      : [
          `${name}: one kW less in all intervals that set the peak saves ${sum.toFixed(2)} ${output.currency}: ${shown.join(', ')}${more}.`,
        ]
  })
  return [
    `Plan of ${output.site} from ${output.start}${when}: ${output.status}, cost ${formatNumber(output.cost)} ${output.currency}`,
    ...section(
      'What one more kWh is worth',
      output.worths.map(({ text }) => text),
    ),
    ...(output.exact ? [] : ['', 'The parts of some worths do not add up to them: the solver told no corner.']),
    ...section(
      'Machines',
      output.machines.map(
        ({ powerKw, text, carrier }) =>
          `${text} Now ${formatNumber(powerKw)} kW${carrier === 'electricity' ? '' : ` of ${carrier}`}.`,
      ),
    ),
    ...section(
      'What one unit more of a limit is worth, over the whole plan',
      output.limits.slice(0, 12).map(({ text }) => text),
    ),
    ...section('Demand charges that are raised', peaks),
    ...section(
      'Wishes that gave way',
      output.relaxed.map(({ wish, asset, reason }) => `${wish}, ${asset}: ${reason}`),
    ),
    ...section(
      'What collides',
      output.conflicts.map(({ text }) => text),
    ),
  ].join('\n')
}

/** Variants beside each other for a person at a terminal. */
export function showWhatIf(output: WhatIfOutput): string {
  const clock = clockOf(output)
  const rows = [output.base, ...output.variants]
  const differenceOf = new Map(output.variants.map(({ name, difference }) => [name, difference]))
  const parts = (Object.keys(output.base.cost) as (keyof WhatIfOutput['base']['cost'])[]).filter(
    (part) => part !== 'total' && rows.some(({ cost }) => Math.abs(cost[part]) >= 0.5),
  )
  const change = (value: number | undefined): string =>
    value === undefined ? '' : `${value > 0 ? '+' : ''}${formatNumber(value)}`
  return [
    `What if, ${output.site} from ${output.start}, in ${output.currency}`,
    '',
    ...table(
      ['variant', 'cost', 'change', 'kgCO2e', 'change', ...parts, 'status'],
      rows.map((row) => [
        row.name,
        formatNumber(row.cost.total),
        change(differenceOf.get(row.name)?.cost.total),
        formatNumber(row.emissionsKgCo2e),
        change(differenceOf.get(row.name)?.emissionsKgCo2e),
        ...parts.map((part) => formatNumber(row.cost[part])),
        row.status,
      ]),
    ),
    ...output.variants.flatMap((variant) =>
      section(
        `${variant.name}: what is first done otherwise`,
        variant.first
          .slice(0, 5)
          .map(
            ({ asset, point, unit, atMs, base, variant: is }) =>
              `${clock(atMs)} ${asset}.${point} ${formatNumber(is, 1)} ${unit} instead of ${formatNumber(base, 1)} ${unit}`,
          ),
      ),
    ),
    ...rows.flatMap(({ name, relaxed }) =>
      section(
        `${name}: wishes that gave way`,
        relaxed.map(({ wish, asset, reason }) => `${wish}, ${asset}: ${reason}`),
      ),
    ),
  ].join('\n')
}
