/** Families of asset kinds: one colour and one glyph each, the same everywhere. */
export const families = ['solar', 'wind', 'hydro', 'genset', 'battery', 'grid', 'load', 'ev'] as const
export type Family = (typeof families)[number]

const byKind: Readonly<Record<string, Family>> = {
  pv: 'solar',
  wind: 'wind',
  hydro: 'hydro',
  genset: 'genset',
  battery: 'battery',
  grid: 'grid',
  load: 'load',
  'ev-charging': 'ev',
}

export const familyOf = (kind: string): Family | undefined => byKind[kind]
