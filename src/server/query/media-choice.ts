import { arrowMediaType } from '../../gateway/index.ts'
import { serverErrors } from '../errors.ts'

/** Forms of an answer of observations, the one that is given by default first. */
export const answerMediaTypes = ['application/json', 'text/csv', 'application/x-ndjson', arrowMediaType] as const
export type AnswerMediaType = (typeof answerMediaTypes)[number]

/** A range of media types and how much it is wanted. */
interface Wish {
  readonly range: string
  readonly weight: number
}

/**
 * The form that `Accept` wants most (RFC 9110, 12.5.1). A page of a browser, which takes anything in the end, gets JSON.
 *
 * @throws `server.not-acceptable`
 */
export function chooseMediaType(accept: string | undefined): AnswerMediaType {
  if (accept === undefined || accept.trim() === '') return 'application/json'
  const wishes = accept.toLowerCase().split(',').map(readWish)
  let best: AnswerMediaType | undefined
  let most = 0
  for (const mediaType of answerMediaTypes) {
    const weight = weightOf(mediaType, wishes)
    if (weight > most) {
      most = weight
      best = mediaType
    }
  }
  // HTML is what somebody at a browser asks for; JSON is the form that it shows.
  if (best === undefined && wishes.some(({ range }) => range === 'text/html')) return 'application/json'
  if (best !== undefined) return best
  throw serverErrors.notAcceptable({
    detail: 'Observations are not told in any of these forms',
    found: accept.slice(0, 200),
    expected: answerMediaTypes.join(', '),
  })
}

function readWish(text: string): Wish {
  const [range = '', ...parameters] = text.split(';').map((part) => part.trim())
  const told = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2)
  const weight = told === undefined ? 1 : Number(told)
  const known = range === 'application/ndjson' || range === 'application/jsonl' ? 'application/x-ndjson' : range
  return { range: known, weight: weight >= 0 && weight <= 1 ? weight : 0 }
}

/** The wish that names it most exactly counts. */
function weightOf(mediaType: string, wishes: readonly Wish[]): number {
  const group = `${mediaType.split('/')[0]}/*`
  for (const range of [mediaType, group, '*/*']) {
    const own = wishes.filter((wish) => wish.range === range)
    if (own.length > 0) return Math.max(...own.map(({ weight }) => weight))
  }
  return 0
}
