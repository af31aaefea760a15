import type { SiteAsset } from '../api/types.ts'
import { formatNumber } from '../format/numbers.ts'
import type { PathStep } from './carbon-queries.ts'

/** The unit at the end of a field's name: `capacityKwh` → `kWh`. */
const unitOf = (field: string): string =>
  ({ Kwp: 'kWp', Kwh: 'kWh', Kw: 'kW', M2: 'm²', M3: 'm³', Kg: 'kg' })[
    /(?:Kwp|Kwh|Kw|M2|M3|Kg)$/.exec(field)?.[0] ?? ''
  ] ?? field

/** What a step changes, machine by machine, as people name it: `Factory roofs 2880 → 8000 kWp`; the engine's own words without sizes. */
export function stepText({ sizes, title }: Pick<PathStep, 'sizes' | 'title'>, assets: readonly SiteAsset[]): string {
  if (sizes.length === 0) return title
  const machines = new Map<string, readonly string[]>()
  for (const { id, from, to } of sizes) {
    const [asset = '', field = ''] = id.split('.')
    const change = `${formatNumber(from)} → ${formatNumber(to)} ${unitOf(field)}`
    machines.set(asset, [...(machines.get(asset) ?? []), change])
  }
  const nameOf = (id: string): string => assets.find((asset) => asset.id === id)?.title ?? id
  return [...machines].map(([asset, changes]) => `${nameOf(asset)} ${changes.join(', ')}`).join('; ')
}
