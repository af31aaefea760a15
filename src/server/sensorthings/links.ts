import type { FastifyRequest } from 'fastify'
import { type Entity, idOf } from './entities.ts'
import type { QueryFields } from './query-options.ts'
import { idInPath } from './resource-path.ts'
import { shapes } from './shapes.ts'

/** Where the service stands; the version ends it (OGC 18-088, section 9.1). */
export const serviceRoot = '/api/sensorthings/v1.1'

/** Address of the service as the client knows it. */
export const baseOf = ({ protocol, host }: FastifyRequest): string => `${protocol}://${host}${serviceRoot}`

export const selfLink = (base: string, entity: Entity): string =>
  `${base}/${shapes[entity.type].set}${idInPath(idOf(entity))}`

/** An address with query fields; names stay readable. */
export function withFields(address: string, fields: QueryFields): string {
  const query = fields.map(
    ([name, value]) => `${encodeURIComponent(name).replace('%24', '$')}=${encodeURIComponent(value)}`,
  )
  return query.length === 0 ? address : `${address}?${query.join('&')}`
}
