import type { Caller } from '../caller.ts'
import type { ServerParts } from '../server-parts.ts'
import { sensorThingsErrors } from './errors.ts'
import type { View } from './view.ts'

/** What one request works with. */
export interface RequestContext {
  readonly parts: ServerParts
  readonly caller: Caller
  readonly view: View
  /** Address of the service. */
  readonly base: string
  readonly nowMs: number
  readonly spent: Spent
}

/** What a request has taken so far; expanded relations multiply. */
export interface Spent {
  entities: number
  observationReads: number
}

export const mostSpent = { entities: 20_000, observationReads: 300 } as const

/** @throws `sensorthings.too-much` */
export function spend({ spent }: RequestContext, entities: number, observationReads = 0): void {
  spent.entities += entities
  spent.observationReads += observationReads
  const over =
    spent.entities > mostSpent.entities
      ? `${mostSpent.entities} entities`
      : spent.observationReads > mostSpent.observationReads
        ? `Observations of ${mostSpent.observationReads} entities`
        : undefined
  if (over === undefined) return
  throw sensorThingsErrors.tooMuch({
    detail: 'So many relations are expanded that the answer would be too large',
    place: { path: '$expand' },
    expected: `at most ${over} in one answer; a smaller $top, or less expanded`,
  })
}
