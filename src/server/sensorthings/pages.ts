import { MangroveError } from '../../kernel/index.ts'
import { readCursor, writeCursor } from '../query/pages.ts'
import { type RequestContext, spend } from './context.ts'
import { countObservations } from './count-observations.ts'
import type { Entity, ObservationEntity } from './entities.ts'
import { sensorThingsErrors } from './errors.ts'
import { type CompileContext, type Compiled, compile, isTrue } from './filter/compile.ts'
import { rank, type Value } from './filter/values.ts'
import { type FoundRange, rangeOf } from './observation-range.ts'
import { badOption, type OrderKey, type QueryOptions } from './query-options.ts'
import { type Place, type ReadOrder, readObservations, readPage } from './read-observations.ts'
import type { EntityType } from './shapes.ts'
import type { Collection, EntityList, ObservationsOf } from './view.ts'

export interface Page {
  readonly entities: readonly Entity[]
  readonly count?: number
  /** Query fields that the next page begins with, in place of `$skip` and `$skiptoken`; absent: this was the last. */
  readonly next?: readonly (readonly [string, string])[]
}

/** Entities of a collection as the options want them. */
export const readCollection = (
  context: RequestContext,
  collection: Collection,
  options: QueryOptions,
): Promise<Page> | Page =>
  collection.kind === 'entities'
    ? pageOfEntities(context, collection, options)
    : pageOfObservations(context, collection, options)

const compileContext = ({ view, nowMs }: RequestContext, option: string): CompileContext => ({ view, nowMs, option })

function pageOfEntities(context: RequestContext, { type, entities }: EntityList, options: QueryOptions): Page {
  const { filter, skip, top, count } = options
  if (options.skipToken !== undefined) throw badOption('$skiptoken', 'Only pages of Observations have it')
  const holds = filter && compile(filter, type, compileContext(context, '$filter'))
  const found = holds ? entities.filter((entity) => isTrue(holds(entity))) : entities
  const sorted = sortBy(found, keysOf(context, options.orderby, type))
  const page = sorted.slice(skip, skip + top)
  spend(context, page.length)
  return {
    entities: page,
    ...(count ? { count: found.length } : {}),
    ...(top > 0 && sorted.length > skip + top ? { next: [['$skip', String(skip + top)]] } : {}),
  }
}

interface CompiledKey {
  readonly of: Compiled
  readonly descending: boolean
}

const keysOf = (context: RequestContext, keys: readonly OrderKey[], type: EntityType): readonly CompiledKey[] =>
  keys.map(({ of, descending }) => ({ of: compile(of, type, compileContext(context, '$orderby')), descending }))

/** Sorted by the keys; what is equal by all of them stays in its order. */
function sortBy<T extends Entity>(entities: readonly T[], keys: readonly CompiledKey[]): readonly T[] {
  if (keys.length === 0) return entities
  const rows = entities.map((entity) => ({ entity, values: keys.map(({ of }): Value => of(entity)) }))
  rows.sort((a, b) => {
    for (const [place, { descending }] of keys.entries()) {
      const found = rank(a.values[place] ?? null, b.values[place] ?? null)
      if (found !== 0) return descending ? -found : found
    }
    return 0
  })
  return rows.map(({ entity }) => entity)
}

/** Observations that are put in an order that the store does not have. */
const maxSorted = 20_000

async function pageOfObservations(
  context: RequestContext,
  { datastreams }: ObservationsOf,
  options: QueryOptions,
): Promise<Page> {
  const { filter, top, orderby } = options
  spend(context, 0, 1)
  const filterContext = compileContext(context, '$filter')
  const compiled = filter && compile(filter, 'Observation', filterContext)
  const range = rangeOf(filter, datastreams, filterContext)
  const holds = compiled && !range.exact ? (row: ObservationEntity) => isTrue(compiled(row)) : undefined
  const count = options.count ? { count: await countObservations(context.parts, range, holds) } : {}
  const order = orderOf(orderby, range.datastreams.length)
  if (order === undefined) return { ...(await sortedPage(context, range, options, holds)), ...count }
  const begin = options.skipToken === undefined ? { skip: options.skip } : readToken(options.skipToken)
  const { rows, next } = await readPage(context.parts, { range, order, top, ...begin, ...(holds ? { holds } : {}) })
  spend(context, rows.length)
  return {
    entities: rows,
    ...count,
    ...(next ? { next: [['$skiptoken', writeCursor([next.after.datastream, next.after.timeMs, next.skip])]] } : {}),
  }
}

function readToken(token: string): { readonly after: Place; readonly skip: number } {
  try {
    const [datastream, timeMs, skip] = readCursor(token, ['string', 'number', 'number'])
    if (Number.isSafeInteger(timeMs) && Number.isSafeInteger(skip)) {
      return { after: { datastream: String(datastream), timeMs: Number(timeMs) }, skip: Math.max(0, Number(skip)) }
    }
  } catch (error) {
    if (!(error instanceof MangroveError)) throw error
  }
  throw badOption('$skiptoken', 'This is no place in a collection', token.slice(0, 100), 'as `@iot.nextLink` has it')
}

/** The order in which the store can be read for keys; undefined: none, so that all has to be read and sorted. */
function orderOf(keys: readonly OrderKey[], datastreams: number): ReadOrder | undefined {
  // It is null of every observation.
  const telling = keys.filter(({ of }) => !(of.kind === 'path' && of.path.length === 1 && of.path[0] === 'resultTime'))
  const [first] = telling
  if (!first) return 'datastream'
  const byTime = first.of.kind === 'path' && first.of.path.length === 1 && first.of.path[0] === 'phenomenonTime'
  // A datastream has one observation of a moment, so that nothing is left to the other keys.
  if (!byTime || (telling.length > 1 && datastreams > 1)) return undefined
  return first.descending ? 'falling' : 'rising'
}

async function sortedPage(
  context: RequestContext,
  range: FoundRange,
  { orderby, skip, top }: QueryOptions,
  holds: ((row: ObservationEntity) => boolean) | undefined,
): Promise<Page> {
  const keys = keysOf(context, orderby, 'Observation')
  const found: ObservationEntity[] = []
  let scanned = 0
  for await (const rows of readObservations(context.parts, { range, order: 'datastream', hint: 5000 })) {
    scanned += rows.length
    if (scanned > maxSorted) {
      throw sensorThingsErrors.tooMuch({
        detail: 'In this order all observations have to be read first, and they are too many',
        place: { path: '$orderby' },
        expected: `phenomenonTime asc or desc, or a $filter by phenomenonTime that leaves ${maxSorted} or fewer`,
      })
    }
    for (const row of rows) if (!holds || holds(row)) found.push(row)
  }
  const page = sortBy(found, keys).slice(skip, skip + top)
  spend(context, page.length)
  return {
    entities: page,
    ...(top > 0 && found.length > skip + top ? { next: [['$skip', String(skip + top)]] } : {}),
  }
}
