import type { AssetKind, Site } from '../../kernel/index.ts'
import type { Caller } from '../caller.ts'
import type { ServerParts } from '../server-parts.ts'
import {
  type Datastream,
  type Entity,
  entitiesOf,
  type FixedEntity,
  observedPropertyEntity,
  readObservationId,
  type SiteEntities,
  sensorEntity,
} from './entities.ts'
import { type EntityType, navigationOf } from './shapes.ts'

/** Observations of some points: they are read when it is known which. */
export interface ObservationsOf {
  readonly kind: 'observations'
  readonly datastreams: readonly Datastream[]
}

/** Entities that are there as they are. */
export interface EntityList {
  readonly kind: 'entities'
  readonly type: Exclude<EntityType, 'Observation'>
  readonly entities: readonly (FixedEntity | Datastream)[]
}

export type Collection = ObservationsOf | EntityList

/** The entities that a caller may know of. */
export interface View {
  collection(type: EntityType): Collection
  /** An entity that is no observation. */
  find(type: EntityType, id: string): FixedEntity | Datastream | undefined
  /** The other end of a relation that leads to one entity. */
  one(entity: Entity, navigation: string): FixedEntity | Datastream | undefined
  /** The other end of one that leads to many. */
  many(entity: Entity, navigation: string): Collection
  /** Datastream and event time that an observation's id tells. */
  readId(id: string): { readonly datastream: Datastream; readonly timeMs: number } | undefined
}

const made = new WeakMap<Site, SiteEntities>()

/** Entities of the sites at which the caller has the permission. */
export function createView(
  { sites, packs }: Pick<ServerParts, 'sites' | 'packs'>,
  may: (site: string) => boolean,
): View {
  const own = sites
    .all()
    .filter(({ site }) => may(site.id))
    .map(({ site, simulated }) => {
      const found = made.get(site) ?? entitiesOf(site, sites, simulated)
      made.set(site, found)
      return found
    })
  const byId = <T extends { readonly id: string }>(entities: readonly T[]): readonly T[] =>
    [...entities].sort((a, b) => (a.id < b.id ? -1 : 1))
  const datastreams = byId(own.flatMap((one) => one.datastreams))
  const titles = new Map(
    packs.flatMap((pack) => pack.assets as readonly AssetKind[]).map(({ kind, title }) => [kind, title]),
  )
  const lists: Readonly<Record<Exclude<EntityType, 'Observation'>, readonly (FixedEntity | Datastream)[]>> = {
    Thing: byId(own.flatMap(({ things }) => things)),
    Location: byId(own.map(({ location }) => location)),
    HistoricalLocation: [],
    Datastream: datastreams,
    Sensor: byId([...new Set(datastreams.map(({ sensor }) => sensor))].map((id) => sensorEntity(id, titles))),
    ObservedProperty: byId([
      ...new Map(datastreams.map((one) => [one.observedProperty, observedPropertyEntity(one)])).values(),
    ]),
    FeatureOfInterest: byId(own.map(({ feature }) => feature)),
  }
  const indexes = new Map<EntityType, ReadonlyMap<string, FixedEntity | Datastream>>()
  const find: View['find'] = (type, id) => {
    if (type === 'Observation') return undefined
    const index = indexes.get(type) ?? new Map(lists[type].map((one) => [one.id, one]))
    indexes.set(type, index)
    return index.get(id)
  }
  const groups = new Map<string, ReadonlyMap<string, readonly Datastream[]>>()
  const datastreamsBy = (key: 'thing' | 'sensor' | 'observedProperty' | 'site', id: string): readonly Datastream[] => {
    const group = groups.get(key) ?? Map.groupBy(datastreams, (one) => one[key])
    groups.set(key, group)
    return group.get(id) ?? []
  }
  const list = (type: EntityList['type'], entities: EntityList['entities']): EntityList => ({
    kind: 'entities',
    type,
    entities,
  })

  return {
    find,
    collection: (type) => (type === 'Observation' ? { kind: 'observations', datastreams } : list(type, lists[type])),
    one(entity, navigation) {
      switch (entity.type) {
        case 'Datastream':
          if (navigation === 'Thing') return find('Thing', entity.thing)
          return navigation === 'Sensor'
            ? find('Sensor', entity.sensor)
            : find('ObservedProperty', entity.observedProperty)
        case 'Observation':
          return navigation === 'Datastream' ? entity.datastream : find('FeatureOfInterest', entity.datastream.site)
        default:
          return undefined
      }
    },
    many(entity, navigation) {
      const type = navigationOf(entity.type, navigation)?.type ?? 'HistoricalLocation'
      if (type === 'HistoricalLocation') return list(type, [])
      switch (entity.type) {
        case 'Datastream':
          return { kind: 'observations', datastreams: [entity] }
        case 'FeatureOfInterest':
          return { kind: 'observations', datastreams: datastreamsBy('site', entity.id) }
        case 'Sensor':
          return list('Datastream', datastreamsBy('sensor', entity.id))
        case 'ObservedProperty':
          return list('Datastream', datastreamsBy('observedProperty', entity.id))
        case 'Location':
          return list(
            'Thing',
            lists.Thing.filter((thing) => thing.site === entity.id),
          )
        case 'Thing':
          return type === 'Datastream'
            ? list(type, datastreamsBy('thing', entity.id))
            : list(
                'Location',
                [find('Location', entity.site ?? '')].filter((one) => one !== undefined),
              )
        default:
          return list('HistoricalLocation', [])
      }
    },
    readId(id) {
      const read = readObservationId(id)
      const datastream = read && find('Datastream', read.datastream)
      return read && datastream?.type === 'Datastream' ? { datastream, timeMs: read.timeMs } : undefined
    },
  }
}

/** What a caller may read. */
export const viewFor = (parts: Pick<ServerParts, 'sites' | 'packs'>, caller: Caller): View =>
  createView(parts, (site) => caller.may('read', site))
