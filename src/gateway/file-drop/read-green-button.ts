import { conversion, type Quality, quality } from '../../kernel/index.ts'
import { gatewayErrors } from '../errors.ts'
import { isMapped, type MappedPoint, mapPoint } from '../link/point-map.ts'
import { badRow, type FileContext, type FileRow, readingOf } from './file-rows.ts'
import { type ReadingType, readingTypeOf } from './reading-type.ts'
import { attributeOf, readXmlEvents } from './xml-events.ts'

/** A stream of the text of a file, each time from its beginning. */
export type OpenText = () => AsyncIterable<string>

const mostEntries = 10_000

/** What the entries of a feed say of each other. */
interface Feed {
  readonly types: ReadonlyMap<string, ReadingType>
  /** Address of the reading type, by that of the meter reading. */
  readonly typeOf: ReadonlyMap<string, string>
  /** Title, by the address of the meter reading. */
  readonly titles: ReadonlyMap<string, string>
}

/**
 * Reads Green Button data (ESPI 1.1 and later, a feed of Atom): every reading of every interval block, with unit,
 * power of ten, direction and quality. The file is gone through twice: what a reading means may stand behind it.
 *
 * An amount of energy becomes the mean power of its interval where the point is a power. A reading is stamped with the
 * beginning of its interval.
 *
 * @throws `gateway.bad-body` for what is no such feed
 */
export async function* readGreenButton(open: OpenText, context: FileContext): AsyncGenerator<FileRow> {
  const feed = await readFeed(open())
  if (feed.types.size === 0)
    throw gatewayErrors.badBody({ detail: 'The feed has no ReadingType', expected: 'Green Button' })
  const known = new Map<string, Meaning>()
  let entry = emptyEntry()
  let reading = new Map<string, string>()
  let inReading = false
  let meaning: Meaning | undefined
  for await (const event of readXmlEvents(open())) {
    if (event.kind === 'open') {
      if (event.name === 'entry') entry = emptyEntry()
      if (event.name === 'link') addLink(entry, event.attributes)
      if (event.name === 'IntervalBlock') {
        const of = meterReadingOf(entry, feed)
        meaning = known.get(of) ?? meaningOf(of, feed, context)
        known.set(of, meaning)
      }
      if (event.name === 'IntervalReading') {
        inReading = true
        reading = new Map()
      }
      continue
    }
    if (event.name === 'title' && !inReading) entry.title = event.text.trim()
    if (inReading && reading.size < 20) reading.set(event.name, event.text.trim())
    if (event.name === 'IntervalReading') {
      inReading = false
      if (meaning) yield rowOf(reading, meaning)
    }
  }
}

interface Entry {
  title: string
  self: string
  up: string
  readonly related: string[]
}
const emptyEntry = (): Entry => ({ title: '', self: '', up: '', related: [] })

function addLink(entry: Entry, attributes: string): void {
  const href = attributeOf(attributes, 'href') ?? ''
  const rel = attributeOf(attributes, 'rel')
  if (rel === 'self') entry.self = href
  if (rel === 'up') entry.up = href
  if (rel === 'related' && entry.related.length < 100) entry.related.push(href)
}

async function readFeed(text: AsyncIterable<string>): Promise<Feed> {
  const types = new Map<string, ReadingType>()
  const typeOf = new Map<string, string>()
  const titles = new Map<string, string>()
  const meters: Entry[] = []
  let entry = emptyEntry()
  let fields: Map<string, string> | undefined
  for await (const event of readXmlEvents(text)) {
    if (event.kind === 'open') {
      if (event.name === 'entry') entry = emptyEntry()
      if (event.name === 'link') addLink(entry, event.attributes)
      if (event.name === 'ReadingType') fields = new Map()
      continue
    }
    if (event.name === 'title' && !fields) entry.title = event.text.trim()
    if (event.name === 'MeterReading') meters.push(entry)
    if (event.name === 'ReadingType' && fields) {
      types.set(entry.self === '' ? String(types.size) : entry.self, readingTypeOf(entry.title, fields))
      fields = undefined
    } else if (fields && fields.size < 100) fields.set(event.name, event.text.trim())
    if (types.size + meters.length > mostEntries)
      throw gatewayErrors.badBody({ detail: 'The feed has too many meters' })
  }
  // A link may name what comes only later in the feed.
  for (const { self, title, related } of meters) {
    titles.set(self, title)
    const type = related.find((href) => types.has(href))
    if (type !== undefined) typeOf.set(self, type)
  }
  return { types, typeOf, titles }
}

/** Address of the meter reading of a block: its collection stands below it. */
function meterReadingOf({ self, up }: Entry, { typeOf }: Feed): string {
  for (let address = up || self; address !== ''; address = address.slice(0, Math.max(0, address.lastIndexOf('/')))) {
    if (typeOf.has(address)) return address
  }
  return ''
}

/** How the readings of a block become those of a point, or why they do not. */
type Meaning = FileRow | { readonly point: MappedPoint; readonly type: ReadingType; readonly perHour: boolean }

function meaningOf(meter: string, { types, typeOf, titles }: Feed, { points, unitOf }: FileContext): Meaning {
  const address = typeOf.get(meter)
  const type = address === undefined ? (types.size === 1 ? [...types.values()][0] : undefined) : types.get(address)
  if (!type)
    return badRow({ detail: 'An interval block says not what it measures', expected: 'a link to its MeterReading' })
  const { unit, code, flow } = type
  if (unit === undefined || Number.isNaN(type.factor)) {
    return badRow({ detail: 'The unit of the readings is not known', found: `uom ${code}`, expected: 'such as 72, Wh' })
  }
  const name = [titles.get(meter) ?? '', type.title, flow].find((one) => one !== '' && Object.hasOwn(points, one))
  if (name === undefined) {
    return badRow({
      detail: 'No point is set for the readings',
      found: [titles.get(meter), type.title, flow].filter(Boolean).join(', '),
      expected: `points: { ${flow}: <asset>.<point> }`,
    })
  }
  const use = points[name]!
  const { ref } = typeof use === 'string' ? { ref: use } : use
  const perHour = type.isAmount && isRateOf(unitOf(ref), unit)
  const point = mapPoint(use, unitOf, perHour ? `${unit}/h` : unit)
  return isMapped(point) ? { point, type, perHour } : badRow(point)
}

/** Whether a unit is another one an hour: kW of Wh. */
function isRateOf(rate: string | undefined, amount: string): boolean {
  try {
    return rate !== undefined && conversion(`${amount}/h`, rate) !== undefined
  } catch {
    return false
  }
}

function rowOf(fields: ReadonlyMap<string, string>, meaning: Meaning): FileRow {
  if (!('type' in meaning)) return meaning
  const { point, type, perHour } = meaning
  const [start, duration, text] = [fields.get('start'), fields.get('duration'), fields.get('value')].map(readWhole)
  if (start === undefined || text === undefined) {
    return badRow({ detail: 'A reading has no start or no value', found: [...fields.values()].join(' ').slice(0, 60) })
  }
  if (perHour && !(duration !== undefined && duration > 0)) {
    return badRow({ detail: 'An amount without a duration is no power', found: fields.get('duration') ?? '' })
  }
  const value = text * type.factor * (perHour ? 3600 / duration! : 1)
  return readingOf(point, start * 1000, value, qualityOf(fields.get('quality')))
}

const readWhole = (text: string | undefined): number | undefined =>
  text !== undefined && /^-?\d{1,15}$/.test(text) ? Number(text) : undefined

/** ESPI `QualityOfReading`: 7 to 9, 11 and 12 are made or mended, 10 is questionable. */
const qualityOf = (code: string | undefined): Quality =>
  code === '10' ? quality.suspect : ['7', '8', '9', '11', '12'].includes(code ?? '') ? quality.estimated : quality.good
