import { isPointRef, MangroveError, parseUnit } from '../../kernel/index.ts'
import { type Datastream, datastreamId, declaredSensor, measurement, observedPropertyId } from './entities.ts'
import { sensorThingsErrors } from './errors.ts'
import { asBody, type Body, bad, linkedId, readObservationBody } from './read-observation-body.ts'
import { fromUcum } from './ucum.ts'
import { createView, type View } from './view.ts'
import { readObservation, store, type WriteContext } from './write-observations.ts'

/**
 * A Datastream is a point that is declared at run time, at an asset or in a group of the site. Its Sensor and ObservedProperty
 * follow from it, so that they are left out, or linked to as they will be.
 *
 * @param known the Thing of the address; absent: the body links to it
 * @throws `sensorthings.*` for what the body says, and what {@link DeclaredPoints.declare} throws
 */
export async function createDatastream(
  context: WriteContext,
  body: unknown,
  known: string | undefined,
): Promise<Datastream> {
  const own = asBody(body, 'body')
  const { parts, caller } = context
  const thing = known ?? linkedId(own, 'Thing', 'body')
  const found = thing === undefined ? undefined : context.view.find('Thing', thing)
  if (thing === undefined) throw bad('body.Thing', 'The Thing is missing', undefined, '{ "@iot.id": "…" }')
  if (found?.site === undefined) {
    throw sensorThingsErrors.unknownEntity({
      detail: 'There is no Thing of that id',
      place: { path: 'body.Thing' },
      found: thing.slice(0, 200),
    })
  }
  const { site } = found
  caller.demand('configure', site)
  const ref = refOf(own, thing === site ? undefined : thing.slice(site.length + 1))
  const unit = unitOf(own)
  checkKept(own, observedPropertyId(unit, ref.slice(ref.indexOf('.') + 1)))
  const observations = own.Observations
  if (observations !== undefined) caller.demand('ingest', site)
  // What is wrong with them is found before anything is made.
  if (Array.isArray(observations)) {
    for (const [at, one] of observations.entries()) {
      const path = `body.Observations[${at}]`
      readObservationBody(asBody(one, path), path, context.nowMs)
    }
  }
  const title = own.name
  caller.about(`point ${ref.slice(0, 127)}`)
  await parts.declared.declare(site, { ref, unit, ...(typeof title === 'string' ? { title: title.trim() } : {}) }, 0)
  const view = createView(parts, (other) => other === site)
  const made = madeOf(view, datastreamId(site, ref))
  if (Array.isArray(observations)) {
    const rows = observations.map((one, at) =>
      readObservation({ ...context, view }, made, asBody(one, `body.Observations[${at}]`), `body.Observations[${at}]`),
    )
    await store(context, rows, 0)
  }
  return made
}

function madeOf(view: View, id: string): Datastream {
  const made = view.find('Datastream', id)
  if (made?.type !== 'Datastream') throw new Error(`The point ${id} was declared and is not there`)
  return made
}

/** `<asset>.<point>`: the point is told by `properties.point`, else by a name that is one. */
function refOf(body: Body, asset: string | undefined): string {
  const { name } = body
  if (typeof name !== 'string' || name.trim() === '' || name.length > 200) {
    throw bad(
      'body.name',
      'The name is missing',
      typeof name === 'string' ? name.slice(0, 100) : typeof name,
      'text of 1 to 200 characters',
    )
  }
  const properties = body.properties === undefined ? {} : asBody(body.properties, 'body.properties')
  const other = Object.keys(properties).find((key) => key !== 'point')
  if (other !== undefined)
    throw notKept(
      `body.properties.${other.slice(0, 60)}`,
      'Of the properties of a Datastream only `point` is kept',
      'point',
    )
  const told = properties.point ?? name
  const ref =
    asset === undefined || (typeof told === 'string' && told.startsWith(`${asset}.`)) ? told : `${asset}.${told}`
  if (typeof ref === 'string' && isPointRef(ref)) return ref
  throw bad(
    'body.properties.point',
    'It is not told what the point is called',
    typeof told === 'string' ? told.slice(0, 100) : typeof told,
    asset === undefined ? 'a group and a point: office.useKwh' : 'a point: useKwh',
  )
}

/** The unit, by its symbol in the house or in UCUM, or by its name. */
function unitOf(body: Body): string {
  const { name, symbol } = asBody(body.unitOfMeasurement, 'body.unitOfMeasurement')
  const texts = [symbol, typeof symbol === 'string' ? fromUcum(symbol) : undefined, name]
  const unit = texts.find((text): text is string => typeof text === 'string' && isUnit(text))
  if (unit !== undefined) return unit
  throw bad(
    'body.unitOfMeasurement.symbol',
    'This is no unit',
    typeof symbol === 'string' ? symbol.slice(0, 60) : typeof symbol,
    'kW, kW.h, Cel, m3, 1 …',
  )
}

function isUnit(text: string): boolean {
  try {
    parseUnit(text)
    return true
  } catch (error) {
    if (error instanceof MangroveError) return false
    throw error
  }
}

/** What is told of a Datastream and would be lost without a word is refused. */
function checkKept(body: Body, derived: string): void {
  if (body.observationType !== undefined && body.observationType !== measurement) {
    throw notKept('body.observationType', 'A Datastream holds numbers with a unit', measurement)
  }
  const sensor = linkedId(body, 'Sensor', 'body')
  if (sensor !== undefined && sensor !== declaredSensor) {
    throw notKept('body.Sensor', 'A point that is declared here has the Sensor "declared"', declaredSensor)
  }
  const observed = linkedId(body, 'ObservedProperty', 'body')
  if (observed !== undefined && observed !== derived) {
    throw notKept('body.ObservedProperty', 'It follows from the unit and the name of the point', derived)
  }
  if (body.Observations !== undefined && !Array.isArray(body.Observations)) {
    throw bad('body.Observations', 'This is no list', typeof body.Observations, 'a list of observations')
  }
}

const notKept = (path: string, detail: string, expected: string) =>
  sensorThingsErrors.notKept({ detail, place: { path }, expected })
