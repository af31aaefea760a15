import type { Problem } from '../../kernel/index.ts'
import type { BatchSeries } from '../../store/index.ts'
import { gatewayErrors } from '../errors.ts'
import { type BodyMemory, type Remembered, remember } from './body-memory.ts'
import { otherTag } from './line-protocol-head.ts'
import { carrierTags, type ParseContext } from './observation-format.ts'
import { qualityCode, qualityProblem } from './quality-word.ts'

export interface Label {
  readonly name: string
  readonly value: string
}

/** In place of a text that is not UTF-8: no name may hold it. */
export const notUtf8 = '\u0000'

/** What the labels of a series say. */
export interface LabelledSeries {
  readonly series: Remembered<BatchSeries>
  readonly source: Remembered<string>
  readonly quality: number | undefined
  /** Why no sample of the series can be kept. */
  readonly problem?: Problem
}

const understood: ReadonlySet<string> = new Set(['__name__', 'point', 'asset', 'site', 'source', 'unit', 'quality'])

/** Turns labels into a series: label `point` is the point, else it is `<asset>.<__name__>`. */
export function createLabelledSeries(
  memory: BodyMemory,
  context: ParseContext,
): (labels: readonly Label[]) => LabelledSeries {
  const ignored = new Set([...carrierTags, ...(context.ignoredTags ?? [])])
  return (labels) => {
    const told = new Map(labels.map(({ name, value }) => [name, value]))
    if (told.size < labels.length) return refusedSeries(badLabels('A label stands twice', 'each label once'))
    for (const name of told.keys()) {
      if (!understood.has(name) && !ignored.has(name)) return refusedSeries(otherTag('label', name))
    }
    // An empty label is the same as none (remote write 1.0, Labels).
    const value = (name: string): string | undefined => told.get(name) || undefined
    const asset = value('asset')
    const name = value('__name__')
    const point = value('point') ?? (asset && name ? `${asset}.${name}` : undefined)
    if (point === undefined) {
      return refusedSeries(badLabels('The labels name no point', 'a label point, or asset beside __name__'))
    }
    const word = value('quality')
    const quality = word === undefined ? undefined : qualityCode(word)
    if (word !== undefined && quality === undefined) return refusedSeries(qualityProblem(word))
    const series = memory.series(value('site') ?? context.site, point, value('unit'))
    const source = memory.source(value('source') ?? context.source)
    const problem = series.problem ?? source.problem
    if (problem) return refusedSeries(problem)
    return { series, source, quality }
  }
}

export const refusedSeries = (problem: Problem): LabelledSeries => ({
  series: remember({ site: '', point: '' }, problem),
  source: remember('', problem),
  quality: undefined,
  problem,
})

const badLabels = (detail: string, expected: string): Problem => gatewayErrors.badRow.problem({ detail, expected })
