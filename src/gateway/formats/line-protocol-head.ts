import type { Problem } from '../../kernel/index.ts'
import type { BatchSeries } from '../../store/index.ts'
import { gatewayErrors } from '../errors.ts'
import { tooMany } from './batch-builder.ts'
import { type BodyMemory, type Remembered, remember } from './body-memory.ts'
import { createByteDictionary } from './byte-dictionary.ts'
import { byte, excerpt } from './byte-text.ts'
import { shown } from './check-name.ts'
import { carrierTags, type ParseContext } from './observation-format.ts'
import { qualityCode, qualityProblem } from './quality-word.ts'
import { unescapeKey } from './unescape-key.ts'

/** Measurement and tags of a line, which many lines have in common. */
export interface Head {
  readonly site: string
  readonly asset: string
  /** Name of the point of a field `value`. */
  readonly valueName: string
  readonly unit: string | undefined
  /** Absent: that of the value. */
  readonly quality: number | undefined
  readonly source: Remembered<string>
  /** Number of the first field's name, and its series: most heads have one field, and need no map. */
  firstField: number
  firstSeries: Remembered<BatchSeries> | undefined
  /** Series of each other field, by the number of its name. */
  seriesOf: Map<number, Remembered<BatchSeries>> | undefined
  /** Why no line with this head can be kept. */
  readonly problem?: Problem
}

/** Heads and fields that lines begin with, in one body after another. */
export interface Heads {
  at(start: number, end: number): Head
  /** Series of the field whose name stands from `start` to `end`. */
  seriesOf(head: Head, start: number, end: number): Remembered<BatchSeries>
}

const createKnownHeads = () => ({
  dictionary: createByteDictionary(),
  heads: [] as Head[],
  fields: createByteDictionary(),
})

/** @returns the heads of a body, with what is remembered of those before it */
export function createHeads(bytes: Buffer, memory: BodyMemory, context: ParseContext): Heads {
  const { site, source, ignoredTags = [], limits } = context
  const known = memory.own(JSON.stringify(['line protocol', site, source, ...ignoredTags]), createKnownHeads)
  const { dictionary, heads, fields } = known
  // Several heads may lead to one series, by their quality or the order of their tags.
  const most = 2 * limits.maxSeries
  const mostHeads = heads.length + most
  const mostFields = fields.size + most
  const ignored = new Set([...carrierTags, ...ignoredTags])
  const beyond = refusedHead(tooMany('measurements with tags', most))
  const beyondFields = remember<BatchSeries>({ site: '', point: '' }, tooMany('fields', most))
  let kept = 0

  /** Remembers the series of a field, as long as there is room. */
  const keep = (head: Head, fieldId: number, series: Remembered<BatchSeries>): void => {
    if (head.firstField < 0) {
      head.firstField = fieldId
      head.firstSeries = series
    }
    if (head.firstField === fieldId || kept >= most) return
    kept += 1
    memory.grow(1)
    head.seriesOf ??= new Map()
    head.seriesOf.set(fieldId, series)
  }
  const find = (head: Head, fieldId: number, start: number, end: number): Remembered<BatchSeries> => {
    const field = unescapeKey(bytes, start, end)
    const series =
      typeof field === 'string'
        ? memory.series(head.site, `${head.asset}.${field === 'value' ? head.valueName : field}`, head.unit)
        : remember<BatchSeries>({ site: '', point: '' }, field)
    keep(head, fieldId, series)
    return series
  }

  return {
    at(start, end) {
      const id = dictionary.idOf(bytes, start, end, mostHeads)
      if (id < 0) return beyond
      if (id === heads.length) {
        heads.push(readHead(bytes, start, end, { memory, context, ignored }))
        memory.grow(1)
      }
      return heads[id]!
    },
    seriesOf(head, start, end) {
      const id = fields.idOf(bytes, start, end, mostFields)
      if (id < 0) return beyondFields
      if (head.firstField === id) return head.firstSeries!
      return head.seriesOf?.get(id) ?? find(head, id, start, end)
    },
  }
}

interface ReadingHead {
  readonly memory: BodyMemory
  readonly context: ParseContext
  readonly ignored: ReadonlySet<string>
}

const understood = ['asset', 'site', 'source', 'unit', 'quality'] as const

function readHead(bytes: Buffer, start: number, end: number, { memory, context, ignored }: ReadingHead): Head {
  const [name, ...pairs] = splitAt(bytes, start, end, byte.comma)
  const measurement = unescapeKey(bytes, name!.start, name!.end)
  if (typeof measurement !== 'string') return refusedHead(measurement)
  if (measurement === '') return refusedHead(badTag('The line has no measurement', '', 'measurement[,tag=value…]'))
  const tags = pairs.length === 0 ? noTags : new Map<string, string>()
  for (const pair of pairs) {
    const problem = readTag(bytes, pair, tags as Map<string, string>, ignored)
    if (problem) return refusedHead(problem)
  }
  const told = tags.get('quality')
  const quality = told === undefined ? undefined : qualityCode(told)
  if (told !== undefined && quality === undefined) return refusedHead(qualityProblem(told))
  const source = memory.source(tags.get('source') ?? context.source)
  if (source.problem) return refusedHead(source.problem)
  const asset = tags.get('asset')
  return {
    site: tags.get('site') ?? context.site,
    asset: asset ?? measurement,
    valueName: asset === undefined ? 'value' : measurement,
    unit: tags.get('unit'),
    quality,
    source,
    firstField: -1,
    firstSeries: undefined,
    seriesOf: undefined,
  }
}

const noTags: ReadonlyMap<string, string> = new Map()

/** Adds a tag to those of its line, or says why it cannot be there. */
function readTag(
  bytes: Buffer,
  { start, end }: Part,
  tags: Map<string, string>,
  ignored: ReadonlySet<string>,
): Problem | undefined {
  let equals = -1
  let more = false
  for (let at = start; at < end; at += 1) {
    if (bytes[at] !== byte.equals || (at > start && bytes[at - 1] === byte.backslash)) continue
    if (equals >= 0) more = true
    else equals = at
  }
  if (equals <= start || equals + 1 >= end || more) {
    return badTag('A tag has no name or no value', excerpt(bytes, start, end), 'tag=value')
  }
  const tag = unescapeKey(bytes, start, equals)
  const told = unescapeKey(bytes, equals + 1, end)
  if (typeof tag === 'object') return tag
  if (typeof told === 'object') return told
  if (tags.has(tag)) return badTag('A tag stands twice', tag, 'each tag once')
  tags.set(tag, told)
  const isKnown = (understood as readonly string[]).includes(tag) || ignored.has(tag)
  return isKnown ? undefined : otherTag('tag', tag)
}

interface Part {
  readonly start: number
  readonly end: number
}

/** Parts of a stretch between the separators that no backslash stands before. */
function splitAt(bytes: Buffer, start: number, end: number, separator: number): readonly Part[] {
  const parts: Part[] = []
  let first = start
  for (let at = start; at < end; at += 1) {
    if (bytes[at] !== separator || (at > start && bytes[at - 1] === byte.backslash)) continue
    parts.push({ start: first, end: at })
    first = at + 1
  }
  parts.push({ start: first, end })
  return parts
}

const refusedHead = (problem: Problem): Head => ({
  site: '',
  asset: '',
  valueName: '',
  unit: undefined,
  quality: undefined,
  source: remember('', problem),
  firstField: -1,
  firstSeries: undefined,
  seriesOf: undefined,
  problem,
})

const badTag = (detail: string, found: string, expected: string): Problem =>
  gatewayErrors.badRow.problem({ detail, found: shown(found), expected })

/** Refuses a tag (or label) that may tell two series apart which would become one without it. */
export const otherTag = (what: 'tag' | 'label', found: string): Problem =>
  gatewayErrors.unknownField.problem({
    detail: `The ${what} is not understood, and without it two series could become one`,
    found: shown(found),
    expected: `${what}s ${understood.join(', ')}; leave it out, put it into the asset, or tell that it may be ignored`,
  })
