import { qualityNames } from '../../kernel/index.ts'
import type { AnswerPoint, AnswerPoints } from './answer-columns.ts'

/** Values that are written in one turn: a few milliseconds of work. */
const valuesAChunk = 4096
/** Characters below which a piece waits for more. */
const minimumLength = 16_384

const numberText = (value: number): string => (Number.isFinite(value) ? `${value}` : 'null')
const qualityTexts = qualityNames.map((name) => `"${name}"`)
const qualityText = (code: number): string => qualityTexts[code] ?? '"suspect"'

/** A list of values with the text before and after it. */
interface Column {
  readonly before: string
  readonly values: ArrayLike<number>
  readonly write: (value: number) => string
  readonly after: string
}

/**
 * `{"points":{…}}` in pieces, so that who writes them out can do other things between.
 *
 * @param more fields that stand after the points
 */
export function* jsonChunks(points: AnswerPoints, more: Readonly<Record<string, unknown>> = {}): Generator<Uint8Array> {
  const encoder = new TextEncoder()
  let text = '{"points":{'
  let first = true
  for (const [name, point] of points) {
    text += `${first ? '' : ','}${JSON.stringify(name)}:{"unit":${JSON.stringify(point.unit)}`
    first = false
    for (const { before, values, write, after } of columnsOf(point)) {
      text += before
      for (let from = 0; from < values.length; from += valuesAChunk) {
        text += (from === 0 ? '' : ',') + joinedTexts(values, from, write)
        if (text.length < minimumLength) continue
        yield encoder.encode(text)
        text = ''
      }
      text += after
    }
    text += '}'
  }
  const fields = Object.entries(more).filter(([, value]) => value !== undefined)
  text += `}${fields.map(([name, value]) => `,${JSON.stringify(name)}:${JSON.stringify(value)}`).join('')}}`
  yield encoder.encode(text)
}

function columnsOf({ timestampsMs, values, quality, riseQuality, aggregates }: AnswerPoint): readonly Column[] {
  const column = (name: string, own: ArrayLike<number>, write = numberText): Column => ({
    before: `,"${name}":[`,
    values: own,
    write,
    after: ']',
  })
  const asked = [...(aggregates ?? [])].map(([name, own]) => column(name, own))
  return [
    column('timestampsMs', timestampsMs),
    column('values', values),
    column('quality', quality, qualityText),
    ...(riseQuality ? [column('riseQuality', riseQuality, qualityText)] : []),
    ...asked.map((own, at) => ({
      ...own,
      before: at === 0 ? `,"aggregates":{${own.before.slice(1)}` : own.before,
      after: at === asked.length - 1 ? ']}' : ']',
    })),
  ]
}

function joinedTexts(values: ArrayLike<number>, from: number, write: (value: number) => string): string {
  const end = Math.min(values.length, from + valuesAChunk)
  let text = write(values[from]!)
  for (let row = from + 1; row < end; row += 1) text += `,${write(values[row]!)}`
  return text
}
