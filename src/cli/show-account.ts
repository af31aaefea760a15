import type { AccountOutput } from '../carbon/index.ts'
import { formatNumber, table, wrap } from './layout.ts'

type View = NonNullable<AccountOutput['views']>[number]

const tonnes = (kg: string | number | null): string => formatNumber(kg === null ? null : Number(kg) / 1000, 3)
const percent = (share: number): string => `${formatNumber(100 * share, 1)} %`
const listed = (texts: readonly string[]): readonly string[] => texts.map((text) => `  - ${wrap(text, 96, '    ')}`)

/** The last day that is in a period. */
const lastDay = (to: string): string => new Date(Date.parse(`${to}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10)

/** An inventory for a person at a terminal: scopes, energy, meters, the views that were asked for, what to know. */
export function showAccount(output: AccountOutput): string {
  const { name, period, gwpSet, approach, totals, sums, energy, metered, views = [], warnings } = output
  const inOrder = [...totals].sort((a, b) => a.scope - b.scope)
  const scopeRows = inOrder.map((total) => {
    const part = total.method ? `by ${total.method}` : (total.category ?? '')
    return [
      `scope ${total.scope}, ${total.scope === 3 ? `category ${part}` : part}`,
      tonnes(total.massKgCo2e),
      total.uncertainShare === 0 ? '–' : `± ${tonnes(total.halfWidthKg)}`,
      total.biogenicKgCo2 === undefined ? '–' : tonnes(total.biogenicKgCo2),
      String(total.rows),
    ]
  })
  const whole = (scope2: string): number => Number(sums.scope1KgCo2e) + Number(scope2) + Number(sums.scope3KgCo2e)
  return [
    `${name}: ${period.from} to ${lastDay(period.to)}, ${approach} control, GWP100 of ${gwpSet}`,
    '',
    ...table(
      ['', 't CO2e', 'half of 95 %', 'biogenic t CO2', 'rows'],
      [
        ...scopeRows,
        ['all, scope 2 by location', tonnes(whole(sums.scope2LocationKgCo2e)), '', '', ''],
        ['all, scope 2 by market', tonnes(whole(sums.scope2MarketKgCo2e)), '', '', ''],
      ],
    ),
    '',
    `Energy  ${formatNumber(Number(energy.calorificTce), 1)} tce, electricity by its heat; ${formatNumber(energy.equivalentTce === null ? null : Number(energy.equivalentTce), 1)} tce by the coal that supplies it`,
    ...(metered.length === 0 ? [] : ['', ...meterTable(metered)]),
    ...views.flatMap((view) => ['', ...viewTable(view)]),
    ...(warnings.length === 0 ? [] : ['', 'To know', ...listed(folded(warnings))]),
  ].join('\n')
}

const meterTable = (metered: AccountOutput['metered']): readonly string[] =>
  table(
    ['meters', 'amount', 'known', 'estimated', 'rule', 'quality'],
    metered.map(({ id, meter, amount, unit, coverage, estimatedShare, rule, qualityShares }) => [
      `${id}: ${meter}`,
      `${formatNumber(Number(amount), 1)} ${unit}`,
      percent(coverage),
      percent(estimatedShare),
      rule,
      Object.entries(qualityShares)
        .map(([quality, share]) => `${quality} ${percent(share)}`)
        .join(', '),
    ]),
  )

const viewTitles: Readonly<Record<View['view'], string>> = {
  'ghg-protocol': 'GHG Protocol',
  'iso-14064-1': 'ISO 14064-1:2018',
  gpc: 'City (GPC)',
}

/** What a view has values or reasons for; how many of its places have neither is said in one line. */
function viewTable({ view, entries, totals, unplaced }: View): readonly string[] {
  const told = entries.filter(({ massKgCo2e, notation }) => massKgCo2e !== null || (notation ?? 'NE') !== 'NE')
  const untold = entries.length - told.length
  return [
    ...table(
      [viewTitles[view], 't CO2e'],
      [
        ...told.map(({ code, title, massKgCo2e, notation }) => [
          `${code}  ${title}`,
          massKgCo2e === null ? (notation ?? '–') : tonnes(massKgCo2e),
        ]),
        ...unplaced.map(({ id, massKgCo2e }) => [`${id} has no place`, tonnes(massKgCo2e)]),
        ...totals.map(({ title, massKgCo2e }) => [title, tonnes(massKgCo2e)]),
      ],
    ),
    ...(untold === 0 ? [] : [`  ${untold} more are not told${view === 'gpc' ? ' (NE)' : ''}.`]),
    ...listed(unplaced.map(({ id, why }) => `${id}: ${why}`)),
  ]
}

/** Sentences that differ by a day or by a factor alone, as one. */
function folded(warnings: readonly string[]): readonly string[] {
  const kinds = new Map<string, string[]>()
  for (const warning of warnings) {
    const [, fallen, day] = /^(.+ stands in for )(\d{4}-\d{2}-\d{2})$/.exec(warning) ?? []
    const [, factor, why] = /^(\S+) is to be verified: (.+)$/.exec(warning) ?? []
    const [kind, part] =
      fallen !== undefined && day !== undefined
        ? [fallen, day]
        : factor !== undefined && why !== undefined
          ? [`To be verified (${why}): `, factor]
          : [warning, '']
    kinds.set(kind, [...(kinds.get(kind) ?? []), part])
  }
  return [...kinds].map(([kind, parts]) =>
    kind.endsWith(' stands in for ') && parts.length > 1
      ? `${kind}${parts[0]} to ${parts.at(-1)}, ${parts.length} times`
      : `${kind}${parts.join(', ')}`,
  )
}
