import type { Amount, Block, Language, ReportDocument, Row } from '../../report/index.ts'
import type { AccountOutput } from '../account/index.ts'
import { gasFigure, scopesFigure, tceFigure } from './account-figures.ts'
import { linesBlocks, meterBlocks, viewBlocks } from './account-more.ts'
import { type AccountPage, categoryText, perTonne } from './account-page.ts'
import { amountWriter, decimalsFor, printed } from './amounts.ts'
import { factorRows, type ToldFactor } from './factor-rows.ts'
import { engineSentences, paragraphs, pedigreeSection, type ReportRun, reportOf, sectionOf } from './report-of.ts'
import { carbonWords } from './words/index.ts'

const factorsOf = ({ factors }: AccountOutput): readonly ToldFactor[] =>
  factors.map((factor, place) => ({
    ...(factor as unknown as Omit<ToldFactor, 'pointer'>),
    pointer: `/factors/${place}/value`,
  }))

/** An inventory as a document for readers: `carbon.account`. */
export function accountReport(output: AccountOutput, run: ReportRun, language: Language): ReportDocument {
  const words = carbonWords(language)
  const { sums, period, totals, gwpSet, approach } = output
  const write = amountWriter(output)
  const factors = factorRows(factorsOf(output))
  const decimals = decimalsFor(Math.max(...Object.values(sums).map(Number)) / 1000)
  const page: AccountPage = { output, words, language, write, decimals, anchorsOf: factors.anchorsOf }
  const tonnes = { decimals, times: perTonne, unit: 't CO₂e' }
  const highlight = (label: string, amount: Amount | null) => ({ label, amount })
  const { facts, sections } = words
  return reportOf({
    language,
    overline: words.inventory,
    title: output.name,
    subtitle: words.period(period.from, dayBefore(period.to)),
    run,
    highlights: [
      highlight(words.scopes[1], write('/sums/scope1KgCo2e', tonnes)),
      highlight(words.scope2.location, write('/sums/scope2LocationKgCo2e', tonnes)),
      highlight(words.scope2.market, write('/sums/scope2MarketKgCo2e', tonnes)),
      highlight(words.scopes[3], write('/sums/scope3KgCo2e', tonnes)),
      highlight(words.total.location, write(totalSources('Location'), { decimals, unit: 't CO₂e' })),
      highlight(words.total.market, write(totalSources('Market'), { decimals, unit: 't CO₂e' })),
    ],
    facts: [
      { label: facts.approach, text: words.approaches[approach] ?? approach },
      { label: facts.period, text: words.period(period.from, dayBefore(period.to)) },
      { label: facts.gwpSet, text: gwpSet },
      { label: facts.rows, text: words.count(rowsOf(totals)) },
      { label: facts.run, text: run.id },
      { label: facts.outputHash, text: run.outputSha256 },
    ],
    sections: [
      ...sectionOf('scopes', sections.scopes, [scopesFigure(page), scopeTable(page)]),
      ...sectionOf('gases', sections.gases, [...gasFigure(page), gasTable(page)]),
      ...sectionOf('energy', sections.energy, energyBlocks(page)),
      ...sectionOf('lines', sections.lines, linesBlocks(page)),
      ...sectionOf('views', sections.views, viewBlocks(page)),
      ...sectionOf('meters', sections.meters, meterBlocks(page)),
      ...sectionOf('to-know', sections.toKnow, engineSentences(output.warnings, words)),
      ...sectionOf('factors', sections.factors, factors.blocks(words)),
      ...sectionOf('method', sections.method, paragraphs(words.accountMethod)),
      ...pedigreeSection(words, run),
    ],
  })
}

/** Rows count once, though scope 2 stands twice. */
const rowsOf = (totals: AccountOutput['totals']): number =>
  totals.filter(({ method }) => method !== 'market').reduce((sum, { rows }) => sum + rows, 0)

/** The last day of a period that ends before a day. */
const dayBefore = (day: string): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10)

const totalSources = (by: 'Location' | 'Market') =>
  ['/sums/scope1KgCo2e', `/sums/scope2${by}KgCo2e`, '/sums/scope3KgCo2e'].map((pointer) => ({
    pointer,
    times: perTonne,
  }))

/** Totals by scope, with their places in the output. */
const inOrder = (totals: AccountOutput['totals']): readonly (readonly [number, AccountOutput['totals'][number]])[] =>
  [...totals.entries()].sort(([, a], [, b]) => a.scope - b.scope)

function scopeTable({ output, words, write, decimals }: AccountPage): Block {
  const { columns, scopes, scope2, total } = words
  const rows = inOrder(output.totals).map(([place, { scope, category, method, score, biogenicKgCo2 }]): Row => {
    const at = (field: string, shown: number, times = perTonne) =>
      write(`/totals/${place}/${field}`, { decimals: shown, times })
    return {
      cells: [
        method === undefined ? (scopes[scope as 1 | 2 | 3] ?? String(scope)) : scope2[method],
        categoryText(category, words) ?? '',
        at('massKgCo2e', decimals),
        biogenicKgCo2 === undefined ? '' : at('biogenicKgCo2', decimals),
        // Half a width of what nothing is known of says nothing.
        output.totals[place]?.uncertainShare === 0 ? null : at('halfWidthKg', decimals),
        at('uncertainShare', 0, '100'),
        score === null ? null : at('score', 1, '1'),
        at('rows', 0, '1'),
      ],
    }
  })
  const sum = (label: string, by: 'Location' | 'Market'): Row => ({
    role: 'total',
    cells: [label, '', write(totalSources(by), { decimals }), '', '', '', '', ''],
  })
  const number = (title: string, unit?: string) => ({
    title,
    align: 'end' as const,
    ...(unit === undefined ? {} : { unit }),
  })
  return {
    kind: 'table',
    id: 'scope-table',
    title: words.sections.scopes,
    columns: [
      { title: columns.scope, align: 'start' },
      { title: columns.category, align: 'start' },
      number(columns.emissions, 't CO₂e'),
      number(columns.biogenic, 't CO₂'),
      number(columns.halfWidth, 't CO₂e'),
      number(columns.uncertainShare, '%'),
      number(columns.score),
      number(columns.rows),
    ],
    rows: [...rows, sum(total.location, 'Location'), sum(total.market, 'Market')],
  }
}

function gasTable({ output, words, write }: AccountPage): Block {
  const rows = inOrder(output.totals).flatMap(([place, { scope, category, method, gasesKg }]) =>
    Object.keys(gasesKg).map(
      (gas): Row => ({
        cells: [
          method === undefined ? (words.scopes[scope as 1 | 2 | 3] ?? String(scope)) : words.scope2[method],
          categoryText(category, words) ?? '',
          printed(gas),
          write(`/totals/${place}/gasesKg/${gas.replaceAll('~', '~0').replaceAll('/', '~1')}`, { decimals: 3 }),
        ],
      }),
    ),
  )
  return {
    kind: 'table',
    id: 'gas-table',
    title: words.sections.gases,
    columns: [
      { title: words.columns.scope, align: 'start' },
      { title: words.columns.category, align: 'start' },
      { title: words.columns.gas, align: 'start' },
      { title: words.columns.mass, unit: 'kg', align: 'end' },
    ],
    rows,
  }
}

function energyBlocks(page: AccountPage): readonly Block[] {
  const { words, write, output } = page
  const { equivalentTce, withoutCoefficientRows } = output.energy
  return [
    ...tceFigure(page),
    {
      kind: 'table',
      id: 'energy-table',
      title: words.figures.energy,
      columns: [
        { title: words.columns.method, align: 'start' },
        { title: words.columns.energy, unit: 'tce', align: 'end' },
      ],
      rows: [
        { cells: [words.columns.calorific, write('/energy/calorificTce', { decimals: 3 })] },
        {
          cells: [
            words.columns.equivalent,
            equivalentTce === null ? null : write('/energy/equivalentTce', { decimals: 3 }),
          ],
        },
      ],
    },
    ...paragraphs([
      ...(equivalentTce === null ? [words.notEquivalent] : []),
      ...(withoutCoefficientRows > 0 ? [words.withoutCoefficient(withoutCoefficientRows)] : []),
      ...((output.outsidePeriodRows ?? 0) > 0 ? [words.outsidePeriod(output.outsidePeriodRows ?? 0)] : []),
    ]),
  ]
}
