import type { Problem } from '../../kernel/index.ts'
import { gatewayErrors } from '../errors.ts'
import type { BatchBuilder, Index } from './batch-builder.ts'
import { createByteDictionary } from './byte-dictionary.ts'
import { byte } from './byte-text.ts'
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
  /** Series of each field, by the number of its name. */
  readonly seriesOf: Map<number, Index>
  /** Why no line with this head can be kept. */
  readonly problem?: Problem
}

export interface Heads {
  at(start: number, end: number): Head
  seriesOf(head: Head, field: string): Index
  /** Remembers the series of a field, as long as there is room. */
  keep(head: Head, fieldId: number, series: Index): void
}

/** Heads that are remembered; a body with more is hostile, and slow. */
const mostHeads = 200_000

export function createHeads(bytes: Buffer, builder: BatchBuilder, context: ParseContext): Heads {
  const dictionary = createByteDictionary(bytes)
  const heads: Head[] = []
  const ignored = new Set([...carrierTags, ...(context.ignoredTags ?? [])])
  let kept = 0
  return {
    at(start, end) {
      const id = dictionary.size < mostHeads ? dictionary.idOf(start, end) : heads.length
      const found = heads[id]
      if (found) return found
      const head = readHead(bytes, start, end, { builder, context, ignored })
      if (id === heads.length && id < mostHeads) heads.push(head)
      return head
    },
    seriesOf: ({ site, asset, valueName, unit }, field) =>
      builder.seriesIndex(site, `${asset}.${field === 'value' ? valueName : field}`, unit),
    keep({ seriesOf }, fieldId, series) {
      if (kept >= 2 * context.limits.maxSeries) return
      kept += 1
      seriesOf.set(fieldId, series)
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
  const tags = new Map<string, string>()
  for (const pair of pairs) {
    const [key, value, more] = splitAt(bytes, pair.start, pair.end, byte.equals)
    const tag = key && unescapeKey(bytes, key.start, key.end)
    const told = value && unescapeKey(bytes, value.start, value.end)
    if (typeof tag === 'object') return refusedHead(tag)
    if (typeof told === 'object') return refusedHead(told)
    if (!tag || !told || more) return refusedHead(badTag('A tag has no name or no value', tag ?? '', 'tag=value'))
    if (tags.has(tag)) return refusedHead(badTag('A tag stands twice', tag, 'each tag once'))
    tags.set(tag, told)
    if (!(understood as readonly string[]).includes(tag) && !ignored.has(tag)) return refusedHead(otherTag('tag', tag))
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
    seriesOf: new Map(),
  }
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
  seriesOf: new Map(),
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
