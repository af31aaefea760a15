import type { RequestContext } from './context.ts'
import type { Entity } from './entities.ts'
import { fieldsOf } from './entities.ts'
import { sensorThingsErrors } from './errors.ts'
import { readOne } from './read-observations.ts'
import type { PathStep, ResourcePath } from './resource-path.ts'
import { type EntityType, navigationOf, shapes, typeOfSet } from './shapes.ts'
import type { Collection } from './view.ts'

/** What an address stands for. */
export type Target =
  | { readonly kind: 'collection'; readonly type: EntityType; readonly collection: Collection }
  | { readonly kind: 'entity'; readonly entity: Entity }
  | { readonly kind: 'property'; readonly name: string; readonly value: unknown }

/**
 * Follows an address from entity set to entity to relation (OGC 18-088, section 9.2).
 *
 * @throws `sensorthings.unknown-entity` for what is not there and for what is of others: the answers are the same
 */
export async function resolve(context: RequestContext, { steps }: ResourcePath): Promise<Target> {
  const [first, ...rest] = steps
  if (!first) throw unknown('There is nothing at this address', '')
  const type = typeOfSet(first.name)
  let target = await pick(context, type, context.view.collection(type), first)
  for (const step of rest) target = await follow(context, target, step)
  return target
}

async function follow(context: RequestContext, target: Target, step: PathStep): Promise<Target> {
  if (target.kind !== 'entity') {
    throw unknown(
      target.kind === 'property' ? 'A property leads nowhere' : 'Name an entity of the collection by its id',
      step.name,
      "Things('<id>')/Datastreams",
    )
  }
  const { entity } = target
  const navigation = navigationOf(entity.type, step.name)
  if (navigation?.many) return pick(context, navigation.type, context.view.many(entity, step.name), step)
  if (navigation && step.id === undefined) {
    const one = context.view.one(entity, step.name)
    if (!one) throw unknown('There is no such entity', step.name)
    return { kind: 'entity', entity: one }
  }
  const { properties, navigation: relations } = shapes[entity.type]
  if (step.id === undefined && properties.includes(step.name)) {
    return { kind: 'property', name: step.name, value: fieldsOf(entity)[step.name] ?? null }
  }
  throw unknown(
    `${entity.type} has no such property or relation`,
    step.name,
    [...properties, ...Object.keys(relations)].join(', '),
  )
}

async function pick(
  context: RequestContext,
  type: EntityType,
  collection: Collection,
  { id }: PathStep,
): Promise<Target> {
  if (id === undefined) return { kind: 'collection', type, collection }
  const entity = collection.kind === 'entities' ? collection.entities.find((one) => one.id === id) : await observation()
  if (!entity) throw unknown(`There is no ${type} of that id`, id)
  return { kind: 'entity', entity }

  async function observation(): Promise<Entity | undefined> {
    const read = context.view.readId(id ?? '')
    if (!read || collection.kind !== 'observations' || !collection.datastreams.includes(read.datastream))
      return undefined
    return readOne(context.parts, read.datastream, read.timeMs)
  }
}

const unknown = (detail: string, found: string, expected?: string) =>
  sensorThingsErrors.unknownEntity({
    detail,
    found: found.slice(0, 200),
    ...(expected === undefined ? {} : { expected }),
  })
