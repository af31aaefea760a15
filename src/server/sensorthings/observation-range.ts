import { earliestMs, latestMs } from '../../kernel/index.ts'
import type { Datastream, ObservationEntity } from './entities.ts'
import { type CompileContext, compile, isTrue } from './filter/compile.ts'
import { type Comparison, type Expression, pathsOf } from './filter/expression.ts'
import { isId } from './shapes.ts'

/** Where observations that a filter lets through can be. */
export interface Range {
  /** Inclusive. */
  readonly fromMs: number
  /** Exclusive. */
  readonly toMs: number
  readonly datastreams: readonly Datastream[]
}

/** Times that the store keeps. */
export const always = { fromMs: earliestMs, toMs: latestMs } as const

/** Range of a filter, and whether it says all that the filter says. */
export interface FoundRange extends Range {
  readonly exact: boolean
}

/**
 * What a filter says of times, ids and datastreams becomes a range to read, so that no more is read than can be an answer. The
 * filter is held against what is read all the same, unless the range is exact.
 */
export function rangeOf(
  filter: Expression | undefined,
  datastreams: readonly Datastream[],
  context: CompileContext,
): FoundRange {
  const all: FoundRange = { ...always, datastreams, exact: true }
  if (!filter) return all
  const found = narrow(filter, datastreams, context)
  return found.toMs > found.fromMs ? found : { ...found, toMs: found.fromMs, datastreams: [] }
}

function narrow(filter: Expression, datastreams: readonly Datastream[], context: CompileContext): FoundRange {
  const anything: FoundRange = { ...always, datastreams, exact: false }
  const nothing: FoundRange = { fromMs: 0, toMs: 0, datastreams: [], exact: true }
  if (filter.kind === 'and') {
    const left = narrow(filter.left, datastreams, context)
    const right = narrow(filter.right, left.datastreams, context)
    return {
      fromMs: Math.max(left.fromMs, right.fromMs),
      toMs: Math.min(left.toMs, right.toMs),
      datastreams: right.datastreams,
      exact: left.exact && right.exact,
    }
  }
  if (filter.kind === 'or')
    return hull(narrow(filter.left, datastreams, context), narrow(filter.right, datastreams, context))
  const paths = pathsOf(filter)
  if (paths.length === 0) {
    return isTrue(compile(filter, 'Observation', context)(nobody)) ? { ...anything, exact: true } : nothing
  }
  // The same for all observations of a datastream.
  if (paths.every(([first]) => first === 'Datastream' || first === 'FeatureOfInterest')) {
    const holds = compile(filter, 'Observation', context)
    return {
      ...always,
      datastreams: datastreams.filter((datastream) => isTrue(holds({ ...nobody, datastream }))),
      exact: true,
    }
  }
  return (filter.kind === 'compare' && ofComparison(filter, datastreams, context)) || anything
}

/** Smallest range that holds two. */
function hull(left: FoundRange, right: FoundRange): FoundRange {
  if (left.datastreams.length === 0 || left.toMs <= left.fromMs) return right
  if (right.datastreams.length === 0 || right.toMs <= right.fromMs) return left
  const both = new Set([...left.datastreams, ...right.datastreams])
  const sameTime = left.fromMs === right.fromMs && left.toMs === right.toMs
  return {
    fromMs: Math.min(left.fromMs, right.fromMs),
    toMs: Math.max(left.toMs, right.toMs),
    datastreams: [...both].sort((a, b) => (a.id < b.id ? -1 : 1)),
    exact: left.exact && right.exact && sameTime,
  }
}

const turned: Readonly<Record<Comparison, Comparison>> = { eq: 'eq', ne: 'ne', gt: 'lt', ge: 'le', lt: 'gt', le: 'ge' }

function ofComparison(
  { sign, left, right }: Extract<Expression, { kind: 'compare' }>,
  datastreams: readonly Datastream[],
  context: CompileContext,
): FoundRange | undefined {
  const [path, other, way] = left.kind === 'path' ? [left, right, sign] : [right, left, turned[sign]]
  if (path.kind !== 'path' || path.path.length !== 1 || pathsOf(other).length > 0) return undefined
  const [name = ''] = path.path
  const value = compile(other, 'Observation', context)(nobody)
  if (isId(name)) {
    if (way !== 'eq' || typeof value !== 'string') return undefined
    const read = context.view.readId(value)
    const found = read && datastreams.filter(({ id }) => id === read.datastream.id)
    return read && found && found.length > 0
      ? { fromMs: read.timeMs, toMs: read.timeMs + 1, datastreams: found, exact: true }
      : { fromMs: 0, toMs: 0, datastreams: [], exact: true }
  }
  if (name !== 'phenomenonTime' || typeof value !== 'object' || value?.kind !== 'moment') return undefined
  const bounds = boundsOf(way, value.ms)
  if (!bounds) return undefined
  return {
    fromMs: Math.max(always.fromMs, bounds.fromMs),
    toMs: Math.min(always.toMs, bounds.toMs),
    datastreams,
    exact: true,
  }
}

/** Event times are whole milliseconds. */
function boundsOf(way: Comparison, ms: number): { readonly fromMs: number; readonly toMs: number } | undefined {
  switch (way) {
    case 'eq':
      return { fromMs: Math.ceil(ms), toMs: Math.floor(ms) + 1 }
    case 'gt':
      return { fromMs: Math.floor(ms) + 1, toMs: always.toMs }
    case 'ge':
      return { fromMs: Math.ceil(ms), toMs: always.toMs }
    case 'lt':
      return { fromMs: always.fromMs, toMs: Math.ceil(ms) }
    case 'le':
      return { fromMs: always.fromMs, toMs: Math.floor(ms) + 1 }
    case 'ne':
      return undefined
  }
}

/** Stands where an expression needs an observation and looks at none, or at its datastream alone. */
const nobody: ObservationEntity = {
  type: 'Observation',
  datastream: undefined as unknown as Datastream,
  timeMs: 0,
  value: Number.NaN,
  quality: 4,
}
