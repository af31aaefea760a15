import writeXlsx, { type Sheet, type Cell as SheetCell } from 'write-excel-file/node'
import { exactText } from '../model/format-amount.ts'
import type { Amount, Block, Cell, Chart, ReportDocument, Table } from '../model/schema.ts'
import { cleanText, isAmount, plainText, referenceText } from '../model/text.ts'
import { amountsOfChart } from '../model/walk.ts'
import { momentText, renderingWords } from '../words/index.ts'
import { stampZip } from './stamp-zip.ts'

/** A workbook takes texts of at most so many characters in a cell (ECMA-376 leaves it open; Excel does not). */
const mostCharacters = 32_767
const widest = 60

/** A text is text, whatever it begins with: no cell of a report is a formula. */
const textCell = (text: string, more: object = {}): SheetCell => ({
  value: cleanText(text).slice(0, mostCharacters),
  type: String,
  alignVertical: 'top',
  ...more,
})

const formatOf = (decimals: number): string => (decimals === 0 ? '#,##0' : `#,##0.${'0'.repeat(decimals)}`)

/** A number is a number, as near as a double comes to it; the machine form has all digits. */
const numberCell = (amount: Amount, more: object = {}): SheetCell => ({
  ...{ value: Number(exactText(amount)), type: Number, format: formatOf(amount.decimals), align: 'right' },
  alignVertical: 'top',
  ...more,
})

const isPresent = (text: string | undefined): text is string => text !== undefined && text !== ''

/** Which columns of a table have amounts with units or factors of their own: those get columns beside them. */
interface SheetColumn {
  readonly place: number
  readonly title: string
  readonly of: 'cell' | 'unit' | 'factors'
}

function columnsOf({ columns, rows }: Table, language: ReportDocument['language']): readonly SheetColumn[] {
  const words = renderingWords(language)
  return columns.flatMap(({ title, unit }, place): readonly SheetColumn[] => {
    const amounts = rows.map(({ cells }) => cells[place] ?? null).filter(isAmount)
    return [
      { place, title: unit === undefined ? title : `${title} (${unit})`, of: 'cell' },
      ...(amounts.some((amount) => isPresent(amount.unit)) ? [{ place, title: words.unit, of: 'unit' } as const] : []),
      ...(amounts.some(({ factors = [] }) => factors.length > 0)
        ? [{ place, title: words.factors, of: 'factors' } as const]
        : []),
    ]
  })
}

function cellOf(cell: Cell, of: SheetColumn['of'], isTotal: boolean): SheetCell {
  const more = isTotal ? { fontWeight: 'bold', topBorderStyle: 'thin' } : {}
  if (cell === null) return of === 'cell' ? textCell('–', { ...more, align: 'right' }) : null
  if (!isAmount(cell)) return of === 'cell' ? textCell(plainText(cell), { ...more, wrap: true }) : null
  if (of === 'unit') return cell.unit === undefined ? null : textCell(cell.unit, more)
  if (of === 'factors') return textCell((cell.factors ?? []).map(referenceText).join(' '), more)
  return numberCell(cell, more)
}

const headCell = (title: string): SheetCell =>
  textCell(title, { fontWeight: 'bold', bottomBorderStyle: 'medium', wrap: true, alignVertical: 'bottom' })

const titleRow = (title: string): SheetCell[] => [textCell(title, { fontWeight: 'bold', fontSize: 14 })]

type NamelessSheet = Omit<Sheet<never>, 'sheet'> & { readonly title: string }

function tableSheet(table: Table, language: ReportDocument['language']): NamelessSheet {
  const columns = columnsOf(table, language)
  const rows = table.rows.map(({ cells, role }) =>
    columns.map(({ place, of }) => cellOf(cells[place] ?? null, of, role === 'total')),
  )
  return {
    title: table.title,
    data: [
      titleRow(table.title),
      columns.map(({ title }) => headCell(title)),
      ...rows,
      ...(table.note === undefined ? [] : [[], [textCell(plainText(table.note))]]),
    ],
    columns: columns.map(({ title }, k) => ({ width: widthOf([title, ...rows.map((row) => row[k] ?? null)]) })),
    stickyRowsCount: 2,
  }
}

/** Characters; Chinese takes two. */
const lengthOf = (text: string): number => [...text].reduce((sum, letter) => sum + (letter > '\u2e7f' ? 2 : 1), 0)

const widthOf = (cells: readonly (string | SheetCell)[]): number => {
  const texts = cells.map((cell) =>
    typeof cell === 'object' && cell !== null && 'value' in cell ? String(cell.value ?? '') : String(cell ?? ''),
  )
  return Math.min(widest, Math.max(9, ...texts.map(lengthOf)) + 3)
}

/** What a figure shows as rows: names and numbers. */
function figureRows(chart: Chart): readonly (readonly [string, Amount | null])[] {
  switch (chart.kind) {
    case 'bars':
      return chart.bars.map(({ label, amount }) => [label, amount])
    case 'stacked':
      return chart.bars.flatMap(({ label, total, parts }) => [
        [label, total] as const,
        ...parts.map((part, k) => [`${label}: ${chart.series[k]}`, part] as const),
      ])
    case 'line':
      return chart.series.flatMap(({ label, amounts }) =>
        amounts.map((amount, k) => [`${label}: ${chart.places[k]}`, amount] as const),
      )
    case 'dial':
      return [
        [chart.caption, chart.amount],
        [chart.limitLabel, chart.limit],
        ...(chart.interval
          ? ([
              [chart.interval.label, chart.interval.low],
              [chart.interval.label, chart.interval.high],
            ] as const)
          : []),
      ]
  }
}

function figureSheet(block: Block & { readonly kind: 'figure' }, language: ReportDocument['language']): NamelessSheet {
  const words = renderingWords(language)
  const { chart, title, description } = block
  const rows = figureRows(chart)
  return {
    title,
    data: [
      titleRow(title),
      [headCell(words.figure), headCell(`${words.value} (${chart.unit})`)],
      ...rows.map(([label, amount]) => [
        textCell(label),
        amount === null ? textCell('–', { align: 'right' }) : numberCell(amount),
      ]),
      [],
      [textCell(description)],
    ],
    columns: [{ width: widthOf(rows.map(([label]) => label)) }, { width: widthOf([`${words.value} (${chart.unit})`]) }],
    stickyRowsCount: 2,
  }
}

function overviewSheet(document: ReportDocument): NamelessSheet {
  const { language, run, highlights, facts, sections } = document
  const words = renderingWords(language)
  const pair = (label: string, text: string): SheetCell[] => [textCell(label), textCell(text)]
  const sentences = sections.flatMap(({ title, blocks }) => {
    const texts = blocks.flatMap((block): readonly string[] => {
      if (block.kind === 'paragraph') return [plainText(block.text)]
      if (block.kind === 'list') return block.items.map(plainText)
      return block.kind === 'note' ? [`${block.title}${words.colon}${plainText(block.text)}`] : []
    })
    return texts.map((text, k) => pair(k === 0 ? title : '', text))
  })
  return {
    title: words.overview,
    data: [
      titleRow(document.title),
      [textCell(document.overline)],
      [textCell(document.subtitle)],
      ...(document.badge === undefined ? [] : [[textCell(document.badge.text, { fontWeight: 'bold' })]]),
      [],
      ...highlights.map(({ label, amount, note = '' }) => [
        textCell(label),
        amount === null ? textCell('–', { align: 'right' }) : numberCell(amount, { fontWeight: 'bold' }),
        textCell([amount?.unit, note].filter(isPresent).join('; ')),
      ]),
      [],
      ...facts.map(({ label, text }) => pair(label, plainText(text))),
      [],
      ...sentences,
      [],
      [textCell(words.runBy(run.engine, run.engineVersion, momentText(run.clockMs)))],
      pair(words.evidence, run.id),
    ],
    columns: [{ width: 38 }, { width: 26 }, { width: 40 }],
  }
}

/** Names of sheets as workbooks take them: at most 31 characters, none of []:*?/\, each once whatever its case. */
function nameSheets(sheets: readonly NamelessSheet[]): Sheet<never>[] {
  const taken = new Set<string>()
  return sheets.map(({ title, ...sheet }) => {
    const clean =
      cleanText(title)
        .replace(/[[\]:*?/\\]/g, ' ')
        .replace(/^[\s']+|[\s']+$/g, '') || '–'
    for (let number = 1; ; number += 1) {
      const end = number === 1 ? '' : ` ${number}`
      // Some characters take two places.
      const fitting =
        clean
          .slice(0, 31 - end.length)
          .toWellFormed()
          .trim() + end
      if (taken.has(fitting.toLowerCase())) continue
      taken.add(fitting.toLowerCase())
      return { ...sheet, sheet: fitting }
    }
  })
}

/** A document as a workbook: an overview, and a sheet for each table and figure. The same document gives the same bytes. */
export async function renderXlsx(document: ReportDocument): Promise<Buffer> {
  const { language, sections, run } = document
  const sheets = sections
    .flatMap(({ blocks }) => blocks)
    .flatMap((block): readonly NamelessSheet[] => {
      if (block.kind === 'table') return [tableSheet(block, language)]
      return block.kind === 'figure' && amountsOfChart(block.chart).length > 0 ? [figureSheet(block, language)] : []
    })
  const bytes = await writeXlsx(nameSheets([overviewSheet(document), ...sheets]), {
    fontFamily: 'Calibri',
    fontSize: 11,
  }).toBuffer()
  return stampZip(bytes, run.clockMs)
}
