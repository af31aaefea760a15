import { sensorThingsErrors } from './errors.ts'
import { type Expression, parseExpression } from './filter/expression.ts'
import { type EntityType, isId, navigationOf, shapes } from './shapes.ts'

export interface OrderKey {
  readonly of: Expression
  readonly descending: boolean
}

export interface Expand {
  readonly navigation: string
  readonly options: QueryOptions
}

/** The query options of OGC 18-088, section 9.3.3, read and bounded. */
export interface QueryOptions {
  readonly filter?: Expression
  /** Properties and relations that are told; absent: all. */
  readonly select?: readonly string[]
  readonly expand: readonly Expand[]
  readonly orderby: readonly OrderKey[]
  readonly top: number
  readonly skip: number
  readonly count: boolean
  /** Where the page begins, from `@iot.nextLink`. */
  readonly skipToken?: string
  /** `$resultFormat=dataArray` (section 12.1). */
  readonly dataArray: boolean
  /** As they were written, for the address of the next page. */
  readonly fields: QueryFields
}

export const limits = { top: 100, mostTop: 1000, expandDepth: 3, expands: 20, orderKeys: 5 } as const

/** Name and value of each query field, decoded. */
export type QueryFields = readonly (readonly [name: string, value: string])[]

/** @throws `sensorthings.bad-option` for what is no text */
export function readFields(search: string): QueryFields {
  return search
    .split('&')
    .filter((part) => part !== '')
    .map((part) => {
      const cut = part.indexOf('=')
      const [name, value] = cut === -1 ? [part, ''] : [part.slice(0, cut), part.slice(cut + 1)]
      return [decode(name), decode(value)] as const
    })
}

/** A plus is a space, but for that of an offset from UTC, which few who write it encode. */
function decode(text: string): string {
  const spaced = text.replaceAll(/(T[\d:.]+|T\d\d%3A[\d%A:.]+)?\+/gi, (all, time?: string) => (time ? all : ' '))
  try {
    return decodeURIComponent(spaced)
  } catch {
    throw badOption(text.slice(0, 60), 'The query is no percent-encoded UTF-8')
  }
}

/**
 * Reads the options of a request for entities of a type.
 *
 * @throws `sensorthings.bad-option`, `sensorthings.bad-filter`, `sensorthings.too-deep`
 */
export function readOptions(fields: QueryFields, type: EntityType): QueryOptions {
  const budget = { expands: 0 }
  return readLevel(fields, type, 0, budget)
}

const known = ['$filter', '$select', '$expand', '$orderby', '$top', '$skip', '$count', '$skiptoken', '$resultFormat']

function readLevel(fields: QueryFields, type: EntityType, depth: number, budget: { expands: number }): QueryOptions {
  const values = new Map<string, string>()
  for (const [name, value] of fields) {
    if (!known.includes(name))
      throw badOption(name.slice(0, 60), 'There is no query option of that name', name.slice(0, 60), known.join(', '))
    if (values.has(name)) throw badOption(name, 'The query option is given twice')
    values.set(name, value)
  }
  const text = (name: string): string | undefined => {
    const value = values.get(name)
    return value === undefined || value.trim() === '' ? undefined : value.trim()
  }
  const [filter, select, skipToken, format] = [
    text('$filter'),
    text('$select'),
    text('$skiptoken'),
    text('$resultFormat'),
  ]
  if (format !== undefined && (format !== 'dataArray' || type !== 'Observation' || depth > 0)) {
    throw badOption('$resultFormat', 'The format is not known here', format.slice(0, 60), 'dataArray, of Observations')
  }
  return {
    ...(filter === undefined ? {} : { filter: parseExpression(filter, '$filter') }),
    ...(select === undefined ? {} : { select: readSelect(select, type) }),
    ...(skipToken === undefined ? {} : { skipToken }),
    expand: readExpand(text('$expand') ?? '', type, depth + 1, budget),
    orderby: readOrder(text('$orderby') ?? ''),
    top: Math.min(limits.mostTop, readWhole('$top', text('$top'), limits.top)),
    skip: readWhole('$skip', text('$skip'), 0),
    count: readBoolean('$count', text('$count')),
    dataArray: format !== undefined,
    fields,
  }
}

function readWhole(name: string, text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise
  if (/^\d{1,12}$/.test(text)) return Number(text)
  throw badOption(name, 'This is no whole number from 0 on', text.slice(0, 60), '0, 1, 2 …')
}

function readBoolean(name: string, text: string | undefined): boolean {
  if (text === undefined || text === 'false') return false
  if (text === 'true') return true
  throw badOption(name, 'This is neither true nor false', text.slice(0, 60), 'true or false')
}

function readSelect(text: string, type: EntityType): readonly string[] {
  const names = text.split(',').map((name) => name.trim())
  for (const name of names) {
    if (!isId(name) && !shapes[type].properties.includes(name) && !navigationOf(type, name)) {
      const expected = ['id', ...shapes[type].properties, ...Object.keys(shapes[type].navigation)].join(', ')
      throw badOption('$select', `${type} has no such property`, name.slice(0, 60), expected)
    }
  }
  return names
}

function readOrder(text: string): readonly OrderKey[] {
  const keys = splitOutside(text, ',', '$orderby')
  if (keys.length > limits.orderKeys)
    throw badOption('$orderby', 'There are too many keys', keys.length, `${limits.orderKeys} or fewer`)
  return keys.map((key) => {
    const [, direction] = /\s(asc|desc)$/.exec(key) ?? []
    const of = direction === undefined ? key : key.slice(0, -direction.length)
    return { of: parseExpression(of, '$orderby'), descending: direction === 'desc' }
  })
}

function readExpand(text: string, type: EntityType, depth: number, budget: { expands: number }): readonly Expand[] {
  const items = splitOutside(text, ',', '$expand')
  if (items.length > 0 && depth > limits.expandDepth) {
    throw sensorThingsErrors.tooDeep({
      detail: 'Relations are expanded too deep',
      place: { path: '$expand' },
      expected: `at most ${limits.expandDepth} levels`,
    })
  }
  const found = new Map<string, Expand>()
  for (const item of items) {
    const one = readExpandItem(item, type, depth, budget)
    const before = found.get(one.navigation)
    // `Datastreams/Sensor,Datastreams/Thing` expands both.
    found.set(
      one.navigation,
      before ? { ...one, options: { ...one.options, expand: [...before.options.expand, ...one.options.expand] } } : one,
    )
  }
  return [...found.values()]
}

function readExpandItem(item: string, type: EntityType, depth: number, budget: { expands: number }): Expand {
  budget.expands += 1
  if (budget.expands > limits.expands) {
    throw badOption('$expand', 'Too many relations are expanded', undefined, `at most ${limits.expands}`)
  }
  const [, name = '', rest = '', inner] = /^(\w+)((?:\/\w+)*)\s*(?:\((.*)\))?$/s.exec(item) ?? []
  const navigation = navigationOf(type, name)
  if (!navigation) {
    throw badOption(
      '$expand',
      `${type} has no such relation`,
      item.slice(0, 60),
      Object.keys(shapes[type].navigation).join(', '),
    )
  }
  if (rest !== '') {
    const deeper = `${rest.slice(1)}${inner === undefined ? '' : `(${inner})`}`
    return { navigation: name, options: readLevel([['$expand', deeper]], navigation.type, depth, budget) }
  }
  const fields = splitOutside(inner ?? '', ';', '$expand').map((part): readonly [string, string] => {
    const cut = part.indexOf('=')
    return cut === -1 ? [part, ''] : [part.slice(0, cut).trim(), part.slice(cut + 1)]
  })
  const options = readLevel(fields, navigation.type, depth, budget)
  if (options.skipToken !== undefined)
    throw badOption('$skiptoken', 'A page of what is expanded begins at its own address')
  return { navigation: name, options }
}

/** Parts between separators that stand in no bracket and no text. */
function splitOutside(text: string, separator: string, option: string): readonly string[] {
  const parts: string[] = []
  let depth = 0
  let quoted = false
  let start = 0
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at]
    if (sign === "'") quoted = !quoted
    if (quoted) continue
    if (sign === '(') depth += 1
    else if (sign === ')') depth -= 1
    else if (sign === separator && depth === 0) {
      parts.push(text.slice(start, at))
      start = at + 1
    }
    if (depth < 0) break
  }
  if (depth !== 0 || quoted) throw badOption(option, 'Brackets or quotes are not closed', text.slice(0, 60))
  parts.push(text.slice(start))
  const trimmed = parts.map((part) => part.trim())
  if (trimmed.length === 1 && trimmed[0] === '') return []
  if (trimmed.includes('')) throw badOption(option, 'There is nothing between two separators', text.slice(0, 60))
  return trimmed
}

export const badOption = (option: string, detail: string, found?: unknown, expected?: string) =>
  sensorThingsErrors.badOption({
    detail,
    place: { path: option },
    ...(found === undefined ? {} : { found }),
    ...(expected === undefined ? {} : { expected }),
  })
