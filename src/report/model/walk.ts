import type { Amount, Block, Cell, Chart, ReportDocument, Text } from './schema.ts'
import { isAmount } from './text.ts'

const isThere = (amount: Amount | null): amount is Amount => amount !== null

/** Every number of a chart. */
export function amountsOfChart(chart: Chart): readonly Amount[] {
  switch (chart.kind) {
    case 'bars':
      return chart.bars.map(({ amount }) => amount)
    case 'stacked':
      return chart.bars.flatMap(({ total, parts }) => [total, ...parts.filter(isThere)])
    case 'line':
      return chart.series.flatMap(({ amounts }) => amounts.filter(isThere))
    case 'dial': {
      const { amount, limit, interval } = chart
      return [amount, limit, ...(interval ? [interval.low, interval.high] : [])]
    }
  }
}

/** Every word of a chart. */
function wordsOfChart(chart: Chart): readonly string[] {
  switch (chart.kind) {
    case 'bars':
      return [chart.unit, ...chart.bars.map(({ label }) => label)]
    case 'stacked':
      return [chart.unit, ...chart.series, ...chart.bars.map(({ label }) => label)]
    case 'line':
      return [chart.unit, ...chart.places, ...chart.series.map(({ label }) => label)]
    case 'dial':
      return [chart.unit, chart.limitLabel, chart.caption, ...(chart.interval ? [chart.interval.label] : [])]
  }
}

const cellsOf = (block: Block): readonly Cell[] =>
  block.kind === 'table' ? block.rows.flatMap(({ cells }) => cells) : []

const textsOfBlock = (block: Block): readonly Text[] => {
  switch (block.kind) {
    case 'paragraph':
      return [block.text]
    case 'list':
      return block.items
    case 'note':
      return [block.title, block.text]
    case 'figure':
      return [block.title, block.description, ...wordsOfChart(block.chart)]
    case 'table':
      return [
        block.title,
        ...block.columns.flatMap(({ title, unit = '' }) => [title, unit]),
        ...cellsOf(block).filter((cell): cell is Text => cell !== null && !isAmount(cell)),
        ...(block.note === undefined ? [] : [block.note]),
      ]
  }
}

const blocksOf = ({ sections }: ReportDocument): readonly Block[] => sections.flatMap(({ blocks }) => blocks)

/** Every number of a document, in its order. */
export const amountsOf = (document: ReportDocument): readonly Amount[] => [
  ...document.highlights.map(({ amount }) => amount).filter(isThere),
  ...blocksOf(document).flatMap((block) =>
    block.kind === 'figure' ? amountsOfChart(block.chart) : cellsOf(block).filter(isAmount),
  ),
]

/** Every text of a document, units too. */
export const textsOf = (document: ReportDocument): readonly Text[] => [
  ...[document.overline, document.title, document.subtitle, document.badge?.text ?? ''],
  ...document.highlights.flatMap(({ label, note = '' }) => [label, note]),
  ...document.facts.flatMap(({ label, text }) => [label, text]),
  ...document.sections.flatMap(({ title, blocks }) => [title, ...blocks.flatMap(textsOfBlock)]),
  ...amountsOf(document).map(({ unit = '' }) => unit),
]

/** The names of all places of a document that a link may lead to. */
export const anchorsOf = ({ sections }: ReportDocument): readonly string[] =>
  sections.flatMap(({ id, blocks }) => [
    id,
    ...blocks.flatMap((block) => [
      ...('id' in block ? [block.id] : []),
      ...(block.kind === 'table' ? block.rows.flatMap((row) => row.id ?? []) : []),
    ]),
  ])

/** Where the links of a document lead. */
export const pointersOf = (document: ReportDocument): readonly string[] => [
  ...textsOf(document).flatMap((text) => (typeof text === 'string' ? [] : text.flatMap(({ to }) => to ?? []))),
  ...amountsOf(document).flatMap(({ factors = [] }) => factors),
]
