import { type Quality, quality } from '../../kernel/index.ts'
import { gatewayErrors } from '../errors.ts'
import { defaultLimits, parseObservations } from '../formats/index.ts'
import { createPointFinder, type FileContext, type FileRow, readingOf } from './file-rows.ts'

const pieceCharacters = 256 * 1024
const mostCharactersALine = 4 * pieceCharacters

/** Reads NDJSON, one observation a line, some thousand lines at a time. */
export async function* readNdjsonFile(text: AsyncIterable<string>, context: FileContext): AsyncGenerator<FileRow> {
  const find = createPointFinder(context)
  let waiting = ''
  let lines = 0
  const readPiece = function* (piece: string): Generator<FileRow> {
    const { batch, refused, refusedCount } = parseObservations('ndjson', new TextEncoder().encode(piece), {
      ...{ site: context.site, source: 'file', receivedMs: 0 },
      limits: { ...defaultLimits, maxRows: 1_000_000 },
    })
    const { count, series, seriesOf, timestampsMs, values, quality: codes } = batch
    for (let row = 0; row < count; row += 1) {
      const { site, point, unit } = series[seriesOf[row]!]!
      const found = site === context.site ? find(point, unit) : { detail: 'The row is of another site', found: site }
      yield readingOf(found, timestampsMs[row]!, values[row]!, (codes[row] ?? quality.good) as Quality)
    }
    for (const problem of refused) yield { ...problem, place: { line: lines + (problem.place?.line ?? 0) } }
    // Those that are not told one by one still count.
    for (let rest = refused.length; rest < refusedCount; rest += 1) yield refused.at(-1)!
    for (let at = piece.indexOf('\n'); at >= 0; at = piece.indexOf('\n', at + 1)) lines += 1
  }
  for await (const chunk of text) {
    waiting += chunk
    if (waiting.length < pieceCharacters) continue
    const end = waiting.lastIndexOf('\n') + 1
    if (waiting.length - end > mostCharactersALine) {
      throw gatewayErrors.badBody({
        detail: 'A line does not end',
        expected: `at most ${mostCharactersALine} characters`,
      })
    }
    if (end === 0) continue
    yield* readPiece(waiting.slice(0, end))
    waiting = waiting.slice(end)
  }
  if (waiting.trim() !== '') yield* readPiece(waiting)
}
