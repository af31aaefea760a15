import type { Asset, SeriesSource, Site } from '../../kernel/index.ts'
import { energyErrors } from '../errors.ts'
import type { ForecastInput, LoadAsset, PvAsset } from '../schema/index.ts'

/** What is to be forecast and where its past is found. */
export interface Target {
  readonly id: string
  readonly title: string
  /** Kind of the asset, or `series`. */
  readonly kind: string
  readonly unit: string
  /** Its past; absent: an array without measurements. */
  readonly source?: SeriesSource
  /** Place of the source, for messages. */
  readonly path: string
  /** The array whose physical chain is run. */
  readonly pv?: PvAsset & Asset
}

/** The targets that an input asks for, in the order of the site. @throws `energy.bad-forecast` */
export function targetsOf(input: ForecastInput, site: Site): readonly Target[] {
  const { asset: wanted, series, unit, measured = {} } = input
  const known = site.assets.map(({ id }) => id)
  for (const id of [...Object.keys(measured), ...(wanted === undefined ? [] : [wanted])]) {
    if (known.includes(id)) continue
    throw energyErrors.badForecast({
      detail: 'The site has no asset of this id',
      place: { path: id === wanted ? 'asset' : `measured.${id}` },
      found: id,
      expected: known.join(', '),
    })
  }
  if (series !== undefined && wanted !== undefined) {
    throw energyErrors.badForecast({
      detail: 'A series and an asset are asked for',
      place: { path: 'series' },
      expected: 'one of `series` and `asset`; the past of an asset is given in `measured`',
    })
  }
  if (series !== undefined)
    return [{ id: 'series', title: 'Series', kind: 'series', unit, source: series, path: 'series' }]
  const targets = site.assets
    .filter(({ id }) => wanted === undefined || id === wanted)
    .flatMap((asset) => targetOf(asset, measured[asset.id]) ?? [])
  if (targets.length > 0) return targets
  throw energyErrors.badForecast({
    detail: wanted === undefined ? 'The site has no load and no PV array' : 'This asset has no series to learn from',
    place: { path: wanted === undefined ? 'site' : 'asset' },
    found: wanted ?? site.id,
    expected: 'a load, a PV array, or the measured power of the asset in `measured`',
  })
}

function targetOf(asset: Asset, measured: SeriesSource | undefined): Target | undefined {
  const { id, title, kind } = asset
  const about = { id, title, kind, unit: 'kW' }
  const given = measured === undefined ? {} : { source: measured, path: `measured.${id}` }
  if (kind === 'load') {
    return { ...about, source: (asset as unknown as LoadAsset).demand, path: `assets.${id}.demand`, ...given }
  }
  if (kind === 'pv') {
    const pv = asset as unknown as PvAsset & Asset
    const { production } = pv
    const own = production === undefined ? {} : { source: production }
    return { ...about, pv, path: `assets.${id}.production`, ...own, ...given }
  }
  return measured === undefined ? undefined : { ...about, source: measured, path: `measured.${id}` }
}

/** Whether a source says the same for every day, so that there is nothing to learn. */
export const isStated = (source: SeriesSource): source is number | readonly number[] =>
  typeof source === 'number' || Array.isArray(source)
