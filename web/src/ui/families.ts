/** Families of asset kinds: one colour and one glyph each, the same everywhere. */
export const families = [
  'solar',
  'wind',
  'hydro',
  'chp',
  'genset',
  'hydrogen',
  'battery',
  'grid',
  'load',
  'ev',
  'heat-pump',
  'boiler',
  'heat-store',
  'heat-use',
] as const

/** Kinds that carry or hold back what others make: they have a glyph, and no colour of their own. */
export const quietFamilies = ['network', 'reserve'] as const
export type Family = (typeof families)[number] | (typeof quietFamilies)[number]

const byKind: Readonly<Record<string, Family>> = {
  pv: 'solar',
  wind: 'wind',
  hydro: 'hydro',
  'hydro-reservoir': 'hydro',
  chp: 'chp',
  genset: 'genset',
  battery: 'battery',
  grid: 'grid',
  load: 'load',
  'ev-charging': 'ev',
  'heat-pump': 'heat-pump',
  boiler: 'boiler',
  'thermal-store': 'heat-store',
  'heat-load': 'heat-use',
  zone: 'heat-use',
  electrolyser: 'hydrogen',
  'fuel-cell': 'hydrogen',
  'hydrogen-store': 'hydrogen',
  'hydrogen-load': 'hydrogen',
  line: 'network',
  transformer: 'network',
  'frequency-reserve': 'reserve',
}

export const familyOf = (kind: string): Family | undefined => byKind[kind]
