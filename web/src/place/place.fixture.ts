import type { Site, SiteAsset } from '../api/types.ts'
import type { LookUp } from '../park/flow.ts'

export const asset = (id: string, kind: string, fields: SiteAsset['fields'] = {}): SiteAsset => ({
  id,
  kind,
  title: id,
  fields,
  points: (kind === 'battery' ? ['powerKw', 'soc'] : ['powerKw']).map((point) => ({
    id: point,
    ref: `${id}.${point}`,
    title: point,
    unit: point === 'soc' ? '1' : 'kW',
    role: 'measured',
  })),
})

export const siteOf = (assets: readonly SiteAsset[], sections: Site['sections'] = {}): Site => ({
  id: 'works',
  name: 'Works',
  location: { latitude: 31.4, longitude: 119.5, altitudeM: 8 },
  zone: 'Asia/Shanghai',
  currency: 'CNY',
  simulated: true,
  sections,
  assets,
})

export const from =
  (values: Readonly<Record<string, number>>): LookUp =>
  (ref) =>
    values[ref]
