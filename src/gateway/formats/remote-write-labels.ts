import type { Problem } from '../../kernel/index.ts'
import { gatewayErrors } from '../errors.ts'
import type { BatchBuilder } from './batch-builder.ts'
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
  readonly series: number
  readonly source: number
  readonly quality: number | undefined
  /** Why no sample of the series can be kept. */
  readonly problem?: Problem
}

const understood: ReadonlySet<string> = new Set(['__name__', 'point', 'asset', 'site', 'source', 'unit', 'quality'])

/** Turns labels into a series: label `point` is the point, else it is `<asset>.<__name__>`. */
export function createLabelledSeries(
  builder: BatchBuilder,
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
    const series = builder.seriesIndex(value('site') ?? context.site, point, value('unit'))
    if (typeof series !== 'number') return refusedSeries(series)
    const source = builder.sourceIndex(value('source') ?? context.source)
    if (typeof source !== 'number') return refusedSeries(source)
    return { series, source, quality }
  }
}

export const refusedSeries = (problem: Problem): LabelledSeries => ({
  series: 0,
  source: 0,
  quality: undefined,
  problem,
})

const badLabels = (detail: string, expected: string): Problem => gatewayErrors.badRow.problem({ detail, expected })
