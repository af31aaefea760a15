import { MangroveError } from '../../kernel/index.ts'
import type { ObservationBatch } from '../../store/index.ts'
import { writablePoints } from '../accounts/principal.ts'
import { serverErrors } from '../errors.ts'
import type { RequestContext } from './context.ts'
import type { Datastream, ObservationEntity } from './entities.ts'
import { sensorThingsErrors } from './errors.ts'
import { selfLink } from './links.ts'
import { asBody, type Body, bad, linkedId, readObservationBody } from './read-observation-body.ts'
import type { View } from './view.ts'

/** Who says so, of observations that come in here. */
export const source = 'sensorthings'

/** Observations of one `CreateObservations`. */
export const maxWritten = 100_000

/** What a caller may write to; the view need not be what they may read. */
export interface WriteContext extends Omit<RequestContext, 'view'> {
  readonly view: View
}

/** @throws `sensorthings.unknown-entity`, `accounts.forbidden`, `server.computed-point`, `server.point-refused` */
export function demandDatastream({ view, caller }: WriteContext, id: string, path: string): Datastream {
  const datastream = view.find('Datastream', id)
  if (datastream?.type !== 'Datastream') {
    throw sensorThingsErrors.unknownEntity({
      detail: 'There is no Datastream of that id',
      place: { path },
      found: id.slice(0, 200),
    })
  }
  caller.demand('ingest', datastream.site)
  const { ref, expression } = datastream.point
  if (expression !== undefined) {
    throw serverErrors.computedPoint({
      detail: 'The point is computed from others; it is not written',
      place: { path },
      found: expression,
    })
  }
  const owned = { site: datastream.site, organisation: caller.ownerOf(datastream.site) }
  const writable = writablePoints(caller.principal, owned)
  if (writable !== '*' && !writable.has(ref)) {
    throw serverErrors.pointRefused({ detail: 'This credential may not write the point', place: { path }, found: ref })
  }
  return datastream
}

/** Reads one observation of a datastream. @throws what is wrong with it */
export function readObservation(
  context: WriteContext,
  datastream: Datastream,
  body: Body,
  path: string,
): ObservationEntity {
  const feature = linkedId(body, 'FeatureOfInterest', path)
  if (feature !== undefined && feature !== datastream.site) {
    throw sensorThingsErrors.notKept({
      detail: 'The feature of interest of an observation is its site',
      place: { path: `${path}.FeatureOfInterest` },
      found: feature.slice(0, 200),
      expected: datastream.site,
    })
  }
  const { timeMs, value, quality } = readObservationBody(body, path, context.nowMs)
  return { type: 'Observation', datastream, timeMs, value, quality }
}

/** Stores observations; on the disk when it returns. */
export async function store({ parts }: WriteContext, rows: readonly ObservationEntity[], bytes: number): Promise<void> {
  if (rows.length === 0) return
  const batch = batchOf(rows)
  await parts.arrivals.keep(batch)
  parts.metrics.ingested({ stored: rows.length, bytes, refusedCount: 0, refused: [] })
}

function batchOf(rows: readonly ObservationEntity[]): ObservationBatch {
  const places = new Map([...new Set(rows.map(({ datastream }) => datastream))].map((one, at) => [one, at]))
  return {
    count: rows.length,
    series: [...places.keys()].map(({ site, point }) => ({ site, point: point.ref, unit: point.unit })),
    sources: [source],
    seriesOf: Uint32Array.from(rows, ({ datastream }) => places.get(datastream) ?? 0),
    sourceOf: new Uint16Array(rows.length),
    timestampsMs: Float64Array.from(rows, ({ timeMs }) => timeMs),
    values: Float64Array.from(rows, ({ value }) => value),
    quality: Uint8Array.from(rows, ({ quality }) => quality),
  }
}

/** @param known the datastream of the address; absent: the body links to it */
export async function createObservation(
  context: WriteContext,
  body: unknown,
  known: Datastream | undefined,
): Promise<ObservationEntity> {
  const own = asBody(body, 'body')
  const linked = linkedId(own, 'Datastream', 'body')
  if (known && linked !== undefined && linked !== known.id) {
    throw bad('body.Datastream', 'The address names another Datastream', linked.slice(0, 200), known.id)
  }
  const id = known?.id ?? linked
  if (id === undefined) throw bad('body.Datastream', 'The Datastream is missing', undefined, '{ "@iot.id": "…" }')
  const datastream = demandDatastream(context, id, 'body.Datastream')
  const row = readObservation(context, datastream, own, 'body')
  await store(context, [row], JSON.stringify(body).length)
  return row
}

/**
 * The data array extension (OGC 18-088, section 12.2): for each row the address of the observation, or `error` with the reason.
 * What can be stored is stored, all at once.
 */
export async function createObservations(context: WriteContext, body: unknown): Promise<readonly string[]> {
  if (!Array.isArray(body))
    throw bad('body', 'This is no list of data arrays', typeof body, '[{ "Datastream", "components", "dataArray" }]')
  const rows: ObservationEntity[] = []
  const told: string[] = []
  for (const [place, group] of body.entries()) readGroup(context, group, `body[${place}]`, { rows, told })
  await store(context, rows, JSON.stringify(body).length)
  return told
}

interface Collected {
  readonly rows: ObservationEntity[]
  readonly told: string[]
}

function readGroup(context: WriteContext, group: unknown, path: string, { rows, told }: Collected): void {
  const own = asBody(group, path)
  const id = linkedId(own, 'Datastream', path)
  if (id === undefined) throw bad(`${path}.Datastream`, 'The Datastream is missing', undefined, '{ "@iot.id": "…" }')
  const datastream = demandDatastream(context, id, `${path}.Datastream`)
  const { components, dataArray } = own
  if (!Array.isArray(components) || !components.every((name) => typeof name === 'string') || components.length > 20) {
    throw bad(`${path}.components`, 'The names of the columns are missing', undefined, '["phenomenonTime", "result"]')
  }
  if (!Array.isArray(dataArray))
    throw bad(`${path}.dataArray`, 'The rows are missing', undefined, '[["2026-07-06T00:00:00Z", 1]]')
  if (told.length + dataArray.length > maxWritten) {
    throw sensorThingsErrors.tooMuch({
      detail: 'There are too many observations',
      place: { path },
      expected: `${maxWritten} or fewer`,
    })
  }
  for (const [place, cells] of dataArray.entries()) {
    try {
      const row = readObservation(
        context,
        datastream,
        rowOf(components, cells, `${path}.dataArray[${place}]`),
        `${path}.dataArray[${place}]`,
      )
      rows.push(row)
      told.push(selfLink(context.base, row))
    } catch (error) {
      if (!(error instanceof MangroveError)) throw error
      told.push(`error: ${error.message}`)
    }
  }
}

function rowOf(components: readonly string[], cells: unknown, path: string): Body {
  if (!Array.isArray(cells) || cells.length !== components.length) {
    throw bad(
      path,
      'The row has another number of cells',
      Array.isArray(cells) ? cells.length : typeof cells,
      `${components.length} cells`,
    )
  }
  return Object.fromEntries(
    components.map((name, at): readonly [string, unknown] =>
      name === 'FeatureOfInterest/id' || name === 'FeatureOfInterest/@iot.id'
        ? ['FeatureOfInterest', { '@iot.id': cells[at] }]
        : [name, cells[at]],
    ),
  )
}
