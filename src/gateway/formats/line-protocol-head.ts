import type { Problem } from '../../kernel/index.ts'
import { gatewayErrors } from '../errors.ts'
import { type BatchBuilder, type Index, tooMany } from './batch-builder.ts'
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
  readonly source: number
  /** Number of the first field's name, and its series: most heads have one field, and need no map. */
  firstField: number
  firstSeries: Index
  /** Series of each other field, by the number of its name. */
  seriesOf: Map<number, Index> | undefined
  /** Why no line with this head can be kept. */
  readonly problem?: Problem
}

export interface Heads {
  at(start: number, end: number): Head
  seriesOf(head: Head, field: string): Index
  /** Remembers the series of a field, as long as there is room. */
  keep(head: Head, fieldId: number, series: Index): void
}

export function createHeads(bytes: Buffer, builder: BatchBuilder, context: ParseContext): Heads {
  // Several heads may lead to one series, by their quality or the order of their tags.
  const most = 2 * context.limits.maxSeries
  const dictionary = createByteDictionary(bytes, most)
  const heads: Head[] = []
  const ignored = new Set([...carrierTags, ...(context.ignoredTags ?? [])])
  const beyond = refusedHead(tooMany('measurements with tags', most))
  let kept = 0
  return {
    at(start, end) {
      const id = dictionary.idOf(start, end)
      if (id < 0) return beyond
      if (id === heads.length) heads.push(readHead(bytes, start, end, { builder, context, ignored }))
      return heads[id]!
    },
    seriesOf: ({ site, asset, valueName, unit }, field) =>
      builder.seriesIndex(site, `${asset}.${field === 'value' ? valueName : field}`, unit),
    keep(head, fieldId, series) {
      if (head.firstField < 0) {
        head.firstField = fieldId
        head.firstSeries = series
      }
      if (head.firstField === fieldId || kept >= most) return
      kept += 1
      head.seriesOf ??= new Map()
      head.seriesOf.set(fieldId, series)
    },
  }
}

interface ReadingHead {
  readonly builder: BatchBuilder
  readonly context: ParseContext
  readonly ignored: ReadonlySet<string>
}

const understood = ['asset', 'site', 'source', 'unit', 'quality'] as const

function readHead(bytes: Buffer, start: number, end: number, { builder, context, ignored }: ReadingHead): Head {
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
  const source = builder.sourceIndex(tags.get('source') ?? context.source)
  if (typeof source !== 'number') return refusedHead(source)
  const asset = tags.get('asset')
  return {
    site: tags.get('site') ?? context.site,
    asset: asset ?? measurement,
    valueName: asset === undefined ? 'value' : measurement,
    unit: tags.get('unit'),
    quality,
    source,
    firstField: -1,
    firstSeries: 0,
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
  source: 0,
  firstField: -1,
  firstSeries: 0,
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
