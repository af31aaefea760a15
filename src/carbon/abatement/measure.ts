import { componentOf } from '../../energy/index.ts'
import type { Place, Site } from '../../kernel/index.ts'
import { carbonErrors } from '../errors.ts'
import type { MeasureSize, StatedMeasure } from './schema.ts'

/** What a unit of a size costs, as `energy.size` takes it. */
export interface SizeCosts {
  readonly asset: string
  readonly size: string
  readonly existing: number
  readonly capexPerUnit: number
  readonly opexPerUnitYear?: number
  readonly lifetimeYears?: number
  readonly replacementPerUnit?: number
  readonly subsidyShare?: number
}

/** A measure with everything that it needs. */
export interface Measure {
  readonly id: string
  readonly title: string
  /** Sizes that it brings, by `<asset>.<size>`. */
  readonly sizes: Readonly<Record<string, number>>
  readonly changes?: unknown
  readonly capex: number
  readonly opexPerYear: number
  readonly lifetimeYears: number
}

/** All measures, and every size that any of them changes. */
export interface Measures {
  readonly measures: readonly Measure[]
  readonly sizes: ReadonlyMap<string, SizeCosts>
}

interface Investment {
  readonly options?: readonly (SizeCosts & { readonly max: number })[]
}

/**
 * Measures that were stated, or those that the section `investment` of the site knows: each of its assets at its largest size.
 *
 * @throws `carbon.bad-measure`
 */
export function readMeasures(site: Site, stated: readonly StatedMeasure[]): Measures {
  const options = (site.sections.investment as Investment | undefined)?.options ?? []
  const wanted = stated.length > 0 ? stated : ofInvestment(site, options)
  const sizes = new Map<string, SizeCosts>()
  const ids = new Set<string>()
  const measures = wanted.map((measure, k): Measure => {
    const place = { path: `measures.${k}` }
    const { id, title = id, changes, capex, opexPerYear, lifetimeYears } = measure
    if (ids.has(id)) throw carbonErrors.badMeasure({ detail: 'Two measures have this id', place, found: id })
    ids.add(id)
    if (measure.sizes.length === 0 && changes === undefined) {
      throw carbonErrors.badMeasure({ detail: `${title} changes nothing`, place, expected: 'sizes, or changes' })
    }
    const own = measure.sizes.map((size) => readSize(size, site, options, place))
    for (const { costs, key, to } of own) {
      const known = sizes.get(key)
      if (to < costs.existing) {
        const expected = `${costs.existing} or more: what stands`
        throw carbonErrors.badMeasure({ detail: `${title} makes ${key} smaller`, place, found: to, expected })
      }
      if (known && known.existing !== costs.existing) {
        const expected = `${known.existing}, as another measure says`
        const detail = `What stands of ${key} is told in two ways`
        throw carbonErrors.badMeasure({ detail, place, found: costs.existing, expected })
      }
      sizes.set(key, known ?? costs)
    }
    return {
      ...{ id, title, sizes: Object.fromEntries(own.map(({ key, to }) => [key, to])) },
      ...(changes === undefined ? {} : { changes }),
      ...{ capex, opexPerYear, lifetimeYears },
    }
  })
  return { measures, sizes }
}

function ofInvestment(site: Site, options: NonNullable<Investment['options']>): readonly StatedMeasure[] {
  const growing = options.filter(({ max, existing }) => max > existing)
  if (growing.length === 0) {
    throw carbonErrors.badMeasure({
      detail: 'Nothing is known that the site could do',
      place: { file: site.source.file, path: 'investment' },
      expected: 'measures, or a section investment whose options may grow',
    })
  }
  return [...Map.groupBy(growing, ({ asset }) => asset)].map(([asset, own]) => ({
    ...{ id: asset, title: site.assets.find(({ id }) => id === asset)?.title ?? asset },
    sizes: own.map(({ size, max }) => ({ asset, size, to: max })),
    ...{ capex: 0, opexPerYear: 0, lifetimeYears: 20 },
  }))
}

function readSize(
  { asset: id, size, to, ...told }: MeasureSize,
  site: Site,
  options: NonNullable<Investment['options']>,
  place: Place,
): { readonly key: string; readonly to: number; readonly costs: SizeCosts } {
  const asset = site.assets.find((one) => one.id === id)
  const known = asset && componentOf(asset.kind)?.sizes?.[size]
  if (!asset || !known) {
    throw carbonErrors.badMeasure({
      detail: asset ? `A ${asset.kind} has no such size` : 'The site has no such asset',
      ...{
        place,
        found: `${id}.${size}`,
        expected: asset
          ? Object.keys(componentOf(asset.kind)?.sizes ?? {}).join(', ') || 'another asset'
          : 'the id of an asset',
      },
    })
  }
  const option = options.find((one) => one.asset === id && one.size === size)
  const stands = Number(asset[known.fields[0] ?? ''])
  const existing = told.existing ?? option?.existing ?? (Number.isFinite(stands) ? stands : undefined)
  const capexPerUnit = told.capexPerUnit ?? option?.capexPerUnit
  if (capexPerUnit === undefined || existing === undefined) {
    throw carbonErrors.badMeasure({
      detail: `Nobody says ${capexPerUnit === undefined ? 'what more of it costs' : 'how much of it stands'}`,
      ...{ place, found: `${id}.${size}`, expected: capexPerUnit === undefined ? 'capexPerUnit' : 'existing' },
    })
  }
  const lasting = {
    ...(option?.replacementPerUnit === undefined ? {} : { replacementPerUnit: option.replacementPerUnit }),
    ...(option?.subsidyShare === undefined ? {} : { subsidyShare: option.subsidyShare }),
  }
  const opexPerUnitYear = told.opexPerUnitYear ?? option?.opexPerUnitYear
  const lifetimeYears = told.lifetimeYears ?? option?.lifetimeYears
  return {
    ...{ key: `${id}.${size}`, to },
    costs: {
      ...{ asset: id, size, existing, capexPerUnit, ...(told.capexPerUnit === undefined ? lasting : {}) },
      ...(opexPerUnitYear === undefined ? {} : { opexPerUnitYear }),
      ...(lifetimeYears === undefined ? {} : { lifetimeYears }),
    },
  }
}
