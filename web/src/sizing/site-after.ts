import type { SimulateOutput, Site, SizeOutput } from '../api/types.ts'
import { mergeChanges } from '../plan/what-if.ts'
import type { Design } from './designs.ts'
import type { SizingRun } from './sizing-queries.ts'
import { yamlOf } from './yaml.ts'

type Json = Readonly<Record<string, unknown>>
const objectOf = (value: unknown): Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {}

export interface NamedAsset {
  readonly id: string
  readonly kind: string
  readonly title: string
}

/** The assets that a run had: those of the site, as its changes left them. */
export function assetsOf(site: Site, { input }: Pick<SizingRun, 'input'>): ReadonlyMap<string, NamedAsset> {
  const assets = new Map(site.assets.map(({ id, kind, title }) => [id, { id, kind, title }]))
  for (const [id, change] of Object.entries(objectOf(objectOf(input.changes).assets))) {
    if (change === null) {
      assets.delete(id)
      continue
    }
    const { kind, title } = objectOf(change)
    const known = assets.get(id)
    if (known || typeof kind === 'string') {
      assets.set(id, {
        id,
        kind: typeof kind === 'string' ? kind : (known?.kind ?? ''),
        title: typeof title === 'string' ? title : (known?.title ?? id),
      })
    }
  }
  return assets
}

/** The changes of a run with the sizes of a design in them. */
export const changesWith = ({ input }: Pick<SizingRun, 'input'>, design: Design): Json =>
  objectOf(mergeChanges(input.changes ?? {}, { assets: design.assets }))

/** What asks for the year of a design, hour by hour, run by the simple rule. */
export const yearInput = (run: SizingRun, design: Design): Json => ({
  ...{ site: run.input.site, at: run.output.start, hours: 8760, step: '1h', follow: 'rule', mostPoints: 20_000 },
  changes: changesWith(run, design),
})

/** The discount rate that a run counted with. */
export function discountRateOf(site: Site, { input }: Pick<SizingRun, 'input'>): number {
  const asked = objectOf(objectOf(input.changes).investment).discountRate
  const stated = objectOf(site.sections.investment).discountRate
  return typeof asked === 'number' ? asked : typeof stated === 'number' ? stated : 0.06
}

/** Whether a run was of another place than the site: then its answer is a site of its own. */
export const isOwnSite = ({ input }: Pick<SizingRun, 'input'>): boolean => 'location' in objectOf(input.changes)

/** What nobody has said any more: members that are null are gone. */
function withoutNulls(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, entry]) => entry !== null)
      .map(([name, entry]) => [name, withoutNulls(entry)]),
  )
}

/** A site file of a place of its own, with the sizes of a design. */
export function siteFileOf(site: Site, run: SizingRun, design: Design): string {
  const { location, currency = site.currency, ...rest } = changesWith(run, design)
  const file = { id: 'new-site', name: 'New site', location, zone: site.zone, currency, ...rest }
  return `# Design of run ${run.id}. Weather and prices are first guesses: put your own.${yamlOf(withoutNulls(file))}\n`
}

/** A quantity of a year that can be drawn. */
export interface YearSeries {
  readonly ref: string
  readonly asset: NamedAsset
  readonly point: 'powerKw' | 'soc' | 'heatKw' | 'airC'
  readonly unit: string
}

const drawn = ['powerKw', 'soc', 'heatKw', 'airC'] as const

/** What of a year can be drawn: power and level of every asset. */
export const yearSeriesOf = (
  { series, units }: Pick<SimulateOutput, 'series' | 'units'>,
  assets: ReadonlyMap<string, NamedAsset>,
): readonly YearSeries[] =>
  Object.keys(series).flatMap((ref) => {
    const cut = ref.lastIndexOf('.')
    const asset = assets.get(ref.slice(0, cut))
    const point = drawn.find((name) => name === ref.slice(cut + 1))
    return asset && point ? [{ ref, asset, point, unit: units[ref] ?? '' }] : []
  })

/** What a size was before: what stood. */
export const standingOf = (output: SizeOutput, id: string): number =>
  output.sizes.find((one) => one.id === id)?.existing ?? 0
