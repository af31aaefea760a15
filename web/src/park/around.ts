import type { Site } from '../api/types.ts'

/** What a point around the machines measures. */
export type AroundKind = 'sun' | 'warmth' | 'wind' | 'air' | 'water'

export interface AroundPoint {
  readonly ref: string
  readonly title: string
  readonly unit: string
  readonly kind: AroundKind
}

const kinds: readonly AroundKind[] = ['sun', 'warmth', 'wind', 'air', 'water']

const kindOfUnit: Readonly<Record<string, AroundKind>> = {
  'W/m2': 'sun',
  '°C': 'warmth',
  degC: 'warmth',
  'm/s': 'wind',
  kn: 'wind',
  Pa: 'air',
  hPa: 'air',
  kPa: 'air',
  'ug/m3': 'air',
  'µg/m3': 'air',
  'mg/m3': 'air',
  'm3/s': 'water',
  'm3/h': 'water',
  'm3/d': 'water',
  m: 'water',
  mm: 'water',
  'mm/h': 'water',
}

/** Points of the site file that measure air and water: those of stations and gauges, and of machines that stand in water. */
export function aroundOf({ assets, sections }: Pick<Site, 'assets' | 'sections'>): readonly AroundPoint[] {
  const declared = (sections.points ?? {}) as Readonly<
    Record<string, { readonly title?: string; readonly unit?: string }>
  >
  const kindOfAsset = new Map(assets.map(({ id, kind }) => [id, kind]))
  return Object.entries(declared)
    .flatMap(([ref, { title = ref, unit = '' }]) => {
      const kind = kindOfUnit[unit]
      const owner = kindOfAsset.get(ref.slice(0, ref.indexOf('.')))
      // The temperature of a battery is no weather.
      const isAround = owner === undefined || (kind === 'water' && owner.startsWith('hydro'))
      return kind && isAround ? [{ ref, title, unit, kind }] : []
    })
    .sort((a, b) => kinds.indexOf(a.kind) - kinds.indexOf(b.kind))
}
