import type { Block, Row } from '../../report/index.ts'
import { type AccountPage, categoryText, perTonne } from './account-page.ts'
import { printed } from './amounts.ts'

/** Rows of the inventory by kind, each with its factors; where the run sorted them. */
export function linesBlocks({ output, words, write, decimals, anchorsOf }: AccountPage): readonly Block[] {
  const { lines = [] } = output
  if (lines.length === 0) return []
  const { columns } = words
  return [
    {
      kind: 'table',
      id: 'line-table',
      title: words.sections.lines,
      columns: [
        { title: columns.scope, align: 'start' },
        { title: columns.category, align: 'start' },
        { title: columns.activity, align: 'start' },
        { title: columns.rows, align: 'end' },
        { title: columns.emissions, unit: 't CO₂e', align: 'end' },
      ],
      rows: lines.map(({ scope, category, method, activity, subject, id, factors }, place): Row => {
        const isMethod = method === 'location' || method === 'market'
        return {
          cells: [
            isMethod ? words.scope2[method] : (words.scopes[scope as 1 | 2 | 3] ?? String(scope)),
            categoryText(category, words) ?? '',
            [activity, subject ?? '', `(${id})`].filter((part) => part !== '').join(' '),
            write(`/lines/${place}/rows`, { decimals: 0 }),
            write(`/lines/${place}/massKgCo2e`, { decimals, times: perTonne, factors: anchorsOf(factors) }),
          ],
        }
      }),
    },
  ]
}

/** Standards by their own names, in every language. */
const viewNames: Readonly<Record<string, string>> = {
  'ghg-protocol': 'GHG Protocol',
  'iso-14064-1': 'ISO 14064-1',
  gpc: 'GPC',
}

/** The same rows in the order of standards. */
export function viewBlocks({ output, words, write, decimals }: AccountPage): readonly Block[] {
  const { columns } = words
  const english = words.foreign === undefined ? {} : { lang: words.foreign }
  return (output.views ?? []).map(
    ({ view, source, entries, totals }, k): Block => ({
      kind: 'table',
      id: `view-${k + 1}`,
      title: viewNames[view] ?? view,
      columns: [
        { title: columns.code, align: 'start' },
        { title: columns.place, align: 'start' },
        { title: columns.emissions, unit: 't CO₂e', align: 'end' },
        { title: columns.why, align: 'start' },
      ],
      rows: [
        ...entries.map(
          ({ code, title, massKgCo2e, notation, why }, place): Row => ({
            cells: [
              code,
              [{ text: printed(title), ...english }],
              massKgCo2e === null
                ? null
                : write(`/views/${k}/entries/${place}/massKgCo2e`, { decimals, times: perTonne }),
              notation === undefined && why === undefined
                ? ''
                : [{ text: [notation, why].filter((part) => part !== undefined).join(': '), ...english }],
            ],
          }),
        ),
        ...totals.map(
          ({ code, title }, place): Row => ({
            role: 'total',
            cells: [
              code,
              [{ text: printed(title), ...english }],
              write(`/views/${k}/totals/${place}/massKgCo2e`, { decimals, times: perTonne }),
              '',
            ],
          }),
        ),
      ],
      note: [{ text: source, ...english }],
    }),
  )
}

/** What meters told, and how much of it was filled in. */
export function meterBlocks({ output, words, write }: AccountPage): readonly Block[] {
  const metered = output.metered ?? []
  if (metered.length === 0) return []
  const { columns } = words
  return [
    {
      kind: 'table',
      id: 'meter-table',
      title: words.sections.meters,
      columns: [
        { title: columns.meter, align: 'start' },
        { title: columns.amount, align: 'end' },
        { title: columns.coverage, unit: '%', align: 'end' },
        { title: columns.rule, align: 'start' },
        { title: columns.estimated, unit: '%', align: 'end' },
      ],
      rows: metered.map(({ meter, unit, rule }, place): Row => {
        const at = (field: string, decimals: number, times = '1', own?: string) =>
          write(`/metered/${place}/${field}`, { decimals, times, ...(own === undefined ? {} : { unit: own }) })
        return {
          cells: [meter, at('amount', 1, '1', unit), at('coverage', 2, '100'), rule, at('estimatedShare', 2, '100')],
        }
      }),
    },
  ]
}
