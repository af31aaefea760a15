import type { SiteAsset } from '../api/types.ts'
import type { PlaceForm } from './place-types.ts'

interface FormSize {
  readonly widthM: number
  readonly depthM: number
  readonly heightM: number
}

/** What a thing measures where nobody says. */
export const usualSizes: Readonly<Record<PlaceForm, FormSize>> = {
  building: { widthM: 60, depthM: 36, heightM: 10 },
  roof: { widthM: 60, depthM: 36, heightM: 1 },
  canopy: { widthM: 60, depthM: 8, heightM: 4.5 },
  field: { widthM: 80, depthM: 60, heightM: 2 },
  turbine: { widthM: 6, depthM: 6, heightM: 80 },
  containers: { widthM: 12.2, depthM: 2.5, heightM: 2.9 },
  substation: { widthM: 26, depthM: 20, heightM: 6 },
  genset: { widthM: 10, depthM: 3, heightM: 3.2 },
  weir: { widthM: 8, depthM: 24, heightM: 5 },
  chargers: { widthM: 50, depthM: 6, heightM: 2 },
  tank: { widthM: 9, depthM: 9, heightM: 11 },
  block: { widthM: 14, depthM: 10, heightM: 5 },
}

const byKind: Readonly<Record<string, PlaceForm>> = {
  wind: 'turbine',
  hydro: 'weir',
  'hydro-reservoir': 'weir',
  battery: 'containers',
  grid: 'substation',
  transformer: 'substation',
  genset: 'genset',
  chp: 'genset',
  load: 'building',
  'heat-load': 'building',
  zone: 'building',
  'ev-charging': 'chargers',
  'thermal-store': 'tank',
  'hydrogen-store': 'tank',
}

/** What an asset looks like where the site file does not say. */
export function usualForm({ kind, fields }: Pick<SiteAsset, 'kind' | 'fields'>, onRoof: boolean): PlaceForm {
  if (kind === 'pv') return onRoof || fields.mounting === 'roof' ? 'roof' : 'field'
  return byKind[kind] ?? 'block'
}

/** Power of modules on a square metre of them, kWp: 21 % of 1 kW/m², a usual module of silicon. */
const kwpPerM2 = 0.21

/** How modules lie, of an asset of PV. */
export function modulesOf({ kind, fields }: Pick<SiteAsset, 'kind' | 'fields'>) {
  if (kind !== 'pv') return undefined
  const { tiltDeg, azimuthDeg, capacityKwp } = fields
  return {
    tiltDeg: typeof tiltDeg === 'number' ? tiltDeg : 10,
    azimuthDeg: typeof azimuthDeg === 'number' ? azimuthDeg : 180,
    areaM2: typeof capacityKwp === 'number' ? capacityKwp / kwpPerM2 : Number.POSITIVE_INFINITY,
  }
}

/** Height of the middle of a rotor, and how far its blades reach, m. A rotor of 100 kW reaches about 10 m. */
export function rotorOf(fields: Readonly<Record<string, unknown>>, heightM: number | undefined) {
  const { hubHeightM, ratedKw } = fields
  const hubM = heightM ?? (typeof hubHeightM === 'number' ? hubHeightM : usualSizes.turbine.heightM)
  const bladeM = typeof ratedKw === 'number' ? Math.sqrt(Math.max(1, ratedKw)) * 1.05 : hubM * 0.4
  return { hubM, bladeM: Math.min(hubM * 0.75, Math.max(hubM * 0.22, bladeM)) }
}
