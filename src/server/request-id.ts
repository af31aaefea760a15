import { randomBytes } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

/** Header that names a request, in the answer and in every line of the log about it. */
export const requestIdHeader = 'x-request-id'

/** The name that a proxy gave the request, where it is a plain one; else a new one. */
export function requestIdOf({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const given = headers[requestIdHeader]
  return typeof given === 'string' && /^[A-Za-z0-9._-]{8,64}$/.test(given)
    ? given
    : randomBytes(9).toString('base64url')
}
