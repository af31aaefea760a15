import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { serverErrors } from '../errors.ts'

/** An entity tag from what an answer depends on. */
export function tagOf(...parts: readonly (string | number | Uint8Array)[]): string {
  const hash = createHash('sha256')
  for (const part of parts) {
    hash.update(typeof part === 'object' ? part : `${part}`)
    hash.update('\0')
  }
  return `"${hash.digest('base64url')}"`
}

/** The tag of a thing with versions. */
export const versionTag = (version: number): string => `"${version}"`

const tagsIn = (header: string | undefined): readonly string[] =>
  (header ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''))

/**
 * Tells the tag of an answer, and whether the caller has it already (304, RFC 9110, 13.1.2): then nothing more is sent. It may be
 * kept by the caller alone, who asks again before using it.
 */
export function isKnown(request: FastifyRequest, reply: FastifyReply, tag: string): boolean {
  reply.header('etag', tag).header('cache-control', 'private, no-cache')
  const asked = tagsIn(request.headers['if-none-match'])
  if (!asked.includes(tag) && !asked.includes('*')) return false
  reply.code(304)
  return true
}

/**
 * The version that a change expects: that of `If-Match: "3"`, 0 for `If-None-Match: *` and where neither is sent.
 *
 * @throws `server.bad-input` for a tag that is no version
 */
export function expectedVersion({ headers }: FastifyRequest): number {
  const asked = headers['if-match']
  if (asked === undefined) return 0
  const version = /^"([1-9]\d{0,8})"$/.exec(asked.trim())?.[1]
  if (version !== undefined) return Number(version)
  throw serverErrors.badInput({
    detail: 'If-Match does not name a version',
    place: { path: 'header.if-match' },
    found: asked.slice(0, 100),
    expected: 'the ETag of what is to be changed, such as "3"',
  })
}

/** Somebody else changed it, or it is there already. */
export const preconditionFailed = (found: number, expected: number) =>
  serverErrors.preconditionFailed({
    detail:
      expected === 0
        ? 'There is one already; send its ETag in If-Match to change it'
        : 'Another version is there; read it again',
    found: found === 0 ? 'none' : versionTag(found),
    expected: expected === 0 ? 'none' : versionTag(expected),
  })
