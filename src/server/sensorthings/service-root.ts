import { limits } from './query-options.ts'
import { entityTypes, shapes } from './shapes.ts'

const requirement = (name: string): string => `http://www.opengis.net/spec/iot_sensing/1.1/req/${name}`

/** Requirements of OGC 18-088 that are met in full; what is not in this list is not claimed. */
export const conformance: readonly string[] = [
  'datamodel/entity-control-information/common-control-information',
  'datamodel/thing/properties',
  'datamodel/thing/relations',
  'datamodel/location/properties',
  'datamodel/location/relations',
  'datamodel/historical-location/properties',
  'datamodel/historical-location/relations',
  'datamodel/datastream/properties',
  'datamodel/datastream/relations',
  'datamodel/sensor/properties',
  'datamodel/sensor/relations',
  'datamodel/observed-property/properties',
  'datamodel/observed-property/relations',
  'datamodel/observation/properties',
  'datamodel/observation/relations',
  'datamodel/feature-of-interest/properties',
  'datamodel/feature-of-interest/relations',
  'resource-path/resource-path-to-entities',
  'request-data/status-code',
  'request-data/query-status-code',
  'request-data/order',
  'request-data/expand',
  'request-data/select',
  'request-data/orderby',
  'request-data/top',
  'request-data/skip',
  'request-data/filter',
  'request-data/built-in-filter-operations',
  'request-data/pagination',
  'data-array/data-array',
].map(requirement)

/** What is there in part, and what is missing of it. */
const inPart: Readonly<Record<string, string>> = {
  [requirement('request-data/count')]:
    'Above 200,000 observations those with a null result are not counted; a count that would take long is refused (422)',
  [requirement('request-data/built-in-query-functions')]:
    'All but geo.length, st_touches, st_overlaps, st_crosses and st_relate; st_ functions know points and polygons without holes',
  [requirement('create-update-delete/create-entity')]:
    'Observations, and Datastreams at Things that are there; everything else comes from the site file',
  [requirement('create-update-delete/link-to-existing-entities')]: 'Of Observations and Datastreams',
  [requirement('create-update-delete/deep-insert')]: 'Observations inside a Datastream',
  [requirement('create-update-delete/delete-entity')]: 'Datastreams that were made here; what was stored of them stays',
}

/** The document at the root of the service (OGC 18-088, section 9.2.1). */
export const rootDocument = (base: string) => ({
  value: entityTypes.map((type) => ({ name: shapes[type].set, url: `${base}/${shapes[type].set}` })),
  serverSettings: {
    conformance: [...conformance],
    inPart,
    limits: { ...limits },
  },
})
