import type { RequestContext } from './context.ts'
import { type Datastream, type Entity, fieldsOf, idOf, type ObservationEntity } from './entities.ts'
import { selfLink, withFields } from './links.ts'
import { type Page, readCollection } from './pages.ts'
import type { Expand, QueryOptions } from './query-options.ts'
import { isId, navigationOf, shapes } from './shapes.ts'
import type { Collection } from './view.ts'

type Json = Record<string, unknown>

/** A collection with its count and the address of its next page (OGC 18-088, section 9.3.3). */
export async function tellCollection(
  context: RequestContext,
  collection: Collection,
  options: QueryOptions,
  address: string,
): Promise<Json> {
  const page = await readCollection(context, collection, options)
  return {
    ...aboutPage(page, options, address),
    value: options.dataArray ? tellArrays(context, page, options) : await tellAll(context, page.entities, options),
  }
}

/** How many there are, where that was asked, and the address of the next page. */
const aboutPage = (page: Page, options: QueryOptions, address: string): Json => ({
  ...(page.count === undefined ? {} : { '@iot.count': page.count }),
  ...nextLink('', page, options, address),
})

/** Addresses of the entities alone. */
export async function tellLinks(
  context: RequestContext,
  collection: Collection,
  options: QueryOptions,
  address: string,
): Promise<Json> {
  const page = await readCollection(context, collection, options)
  return {
    ...aboutPage(page, options, address),
    value: page.entities.map((entity) => ({ '@iot.selfLink': selfLink(context.base, entity) })),
  }
}

function nextLink(before: string, { next }: Page, { fields }: QueryOptions, address: string): Json {
  if (!next) return {}
  const kept = fields.filter(([name]) => name !== '$skip' && name !== '$skiptoken')
  return { [`${before}@iot.nextLink`]: withFields(address, [...kept, ...next]) }
}

async function tellAll(context: RequestContext, entities: readonly Entity[], options: QueryOptions): Promise<Json[]> {
  const told: Json[] = []
  // One after another: an answer takes no more of the store than its turn.
  for (const entity of entities) told.push(await tellEntity(context, entity, options))
  return told
}

/** An entity with its control information, what is selected of it, and what is expanded. */
export async function tellEntity(
  context: RequestContext,
  entity: Entity,
  { select, expand }: Pick<QueryOptions, 'select' | 'expand'>,
): Promise<Json> {
  const self = selfLink(context.base, entity)
  const told: Json = {}
  if (!select || select.some(isId)) {
    told['@iot.id'] = idOf(entity)
    told['@iot.selfLink'] = self
  }
  for (const [name, value] of Object.entries(fieldsOf(entity))) if (!select || select.includes(name)) told[name] = value
  const expanded = new Map(expand.map((one) => [one.navigation, one]))
  for (const name of Object.keys(shapes[entity.type].navigation)) {
    const own = expanded.get(name)
    if (own) await tellExpanded(context, entity, own, { told, address: `${self}/${name}` })
    else if (!select || select.includes(name)) told[`${name}@iot.navigationLink`] = `${self}/${name}`
  }
  return told
}

async function tellExpanded(
  context: RequestContext,
  entity: Entity,
  { navigation, options }: Expand,
  { told, address }: { readonly told: Json; readonly address: string },
): Promise<void> {
  if (!navigationOf(entity.type, navigation)?.many) {
    const one = context.view.one(entity, navigation)
    told[navigation] = one ? await tellEntity(context, one, options) : null
    return
  }
  const page = await readCollection(context, context.view.many(entity, navigation), options)
  if (page.count !== undefined) told[`${navigation}@iot.count`] = page.count
  told[navigation] = await tellAll(context, page.entities, options)
  Object.assign(told, nextLink(navigation, page, options, address))
}

const usualComponents = ['id', 'phenomenonTime', 'resultTime', 'result']

/** Observations as arrays, datastream by datastream (OGC 18-088, section 12.1). */
function tellArrays({ base }: RequestContext, { entities }: Page, { select }: QueryOptions): readonly Json[] {
  const components = (select ?? usualComponents).filter((name) => !navigationOf('Observation', name))
  const rows = entities as readonly ObservationEntity[]
  return [...Map.groupBy(rows, ({ datastream }): Datastream => datastream)].map(([datastream, own]) => ({
    'Datastream@iot.navigationLink': selfLink(base, datastream),
    components,
    'dataArray@iot.count': own.length,
    dataArray: own.map((row) => {
      const fields = fieldsOf(row)
      return components.map((name) => (isId(name) ? idOf(row) : fields[name]))
    }),
  }))
}
