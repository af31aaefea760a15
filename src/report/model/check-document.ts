import { checkValue, MangroveError } from '../../kernel/index.ts'
import { reportErrors } from '../errors.ts'
import { type Block, DocumentSchema, type ReportDocument } from './schema.ts'
import { anchorsOf, pointersOf } from './walk.ts'

/**
 * Holds a document to its form, before anything of it is drawn.
 *
 * @throws `report.bad-document`: not of the form, a row that does not fit its columns, a name that stands twice, a link to nowhere
 */
export function checkDocument(document: unknown): ReportDocument {
  const { value, problems } = checkValue(DocumentSchema, document)
  if (problems.length > 0) throw new MangroveError(problems.map((problem) => reportErrors.badDocument.problem(problem)))
  const checked = value as ReportDocument
  for (const block of checked.sections.flatMap(({ blocks }) => blocks)) checkBlock(block)
  const anchors = anchorsOf(checked)
  const twice = anchors.find((anchor, place) => anchors.indexOf(anchor) !== place)
  if (twice !== undefined) throw reportErrors.badDocument({ detail: 'Two places have this name', found: twice })
  const known = new Set(anchors)
  const astray = pointersOf(checked).find((anchor) => !known.has(anchor))
  if (astray !== undefined) throw reportErrors.badDocument({ detail: 'A link leads nowhere', found: astray })
  return checked
}

function checkBlock(block: Block): void {
  if (block.kind === 'table') {
    const { columns, rows, id } = block
    const place = rows.findIndex(({ cells }) => cells.length !== columns.length)
    if (place >= 0) {
      throw reportErrors.badDocument({
        detail: 'A row does not fit its columns',
        place: { path: `${id}.rows.${place}` },
        found: rows[place]?.cells.length,
        expected: `${columns.length} cells`,
      })
    }
  }
  if (block.kind !== 'figure') return
  const { chart, id } = block
  const fits =
    chart.kind === 'stacked'
      ? chart.bars.every(({ parts }) => parts.length === chart.series.length)
      : chart.kind !== 'line' || chart.series.every(({ amounts }) => amounts.length === chart.places.length)
  if (!fits) throw reportErrors.badDocument({ detail: 'The parts do not fit their names', place: { path: id } })
}
