import type { SiteAsset } from '../api/types.ts'
import { formatNumber } from '../format/numbers.ts'
import type { PathStep } from './carbon-queries.ts'

/** The unit at the end of a field's name: `capacityKwh` → `kWh`. */
const unitOf = (field: string): string =>
  ({ Kwp: 'kWp', Kwh: 'kWh', Kw: 'kW', M2: 'm²', M3: 'm³', Kg: 'kg' })[
    /(?:Kwp|Kwh|Kw|M2|M3|Kg)$/.exec(field)?.[0] ?? ''
  ] ?? field

/**
 * What a step changes, machine by machine, as people name it: `Factory roofs 2 880 → 8 000 kWp`. A step that somebody wrote down
 * has its own title; undefined: the machines stay as they are and are run otherwise.
 */
export function stepText(
  { kind, sizes, title }: Pick<PathStep, 'kind' | 'sizes' | 'title'>,
  assets: readonly SiteAsset[],
): string | undefined {
  if (sizes.length === 0) return kind === 'machines' ? undefined : title
  const machines = new Map<string, readonly string[]>()
  for (const { id, from, to } of sizes) {
    const [asset = '', field = ''] = id.split('.')
    const change = `${formatNumber(from)} → ${formatNumber(to)} ${unitOf(field)}`
    machines.set(asset, [...(machines.get(asset) ?? []), change])
  }
  const nameOf = (id: string): string => assets.find((asset) => asset.id === id)?.title ?? id
  return [...machines].map(([asset, changes]) => `${nameOf(asset)} ${changes.join(', ')}`).join('; ')
}
