import type { FastifyReply, FastifyRequest } from 'fastify'
import Type from 'typebox'
import { serverErrors } from '../errors.ts'

/** Query field of a page. */
export const cursorQuery = Type.Optional(
  Type.String({ maxLength: 1000, description: '`next` of the page before; with it, everything else as before' }),
)
export const nextSchema = Type.Optional(
  Type.String({ description: 'Cursor of the next page; absent: this is the last' }),
)

/** Where a page begins, as text that says nothing to who carries it. */
export const writeCursor = (place: readonly (string | number)[]): string =>
  Buffer.from(JSON.stringify(place)).toString('base64url')

/**
 * @param kinds of the parts
 * @throws `server.bad-input`
 */
export function readCursor(text: string, kinds: readonly ('string' | 'number')[]): readonly (string | number)[] {
  const place = parsed(text)
  if (Array.isArray(place) && place.length === kinds.length && place.every((part, at) => typeof part === kinds[at])) {
    return place
  }
  throw serverErrors.badInput({
    detail: 'The cursor is none of this address',
    place: { path: 'query.cursor' },
    found: text.slice(0, 100),
    expected: '`next` of the page before, as it was',
  })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString('utf8'))
  } catch {
    return undefined
  }
}

/** Tells the address of the next page in `Link` (RFC 8288). */
export function linkNext(request: FastifyRequest, reply: FastifyReply, cursor: string | undefined): void {
  if (cursor === undefined) return
  const [path = '', search = ''] = request.url.split('?', 2)
  const query = new URLSearchParams(search)
  query.set('cursor', cursor)
  reply.header('link', `<${path}?${query}>; rel="next"`)
}
