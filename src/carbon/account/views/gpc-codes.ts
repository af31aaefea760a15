/** A place of a city inventory. */
export interface GpcPlace {
  readonly code: string
  readonly title: string
  readonly sector: string
  /** Of the city, not of who emits. */
  readonly scope: 1 | 2 | 3
  /** `basic`, `basic-plus`, `territorial`, `other-scope-3`. */
  readonly totals: readonly string[]
}

const everywhere = ['basic', 'basic-plus', 'territorial'] as const
const city = ['basic', 'basic-plus'] as const
const plus = ['basic-plus'] as const
const territory = ['basic-plus', 'territorial'] as const

const place = (
  sector: string,
  code: string,
  title: string,
  scope: GpcPlace['scope'],
  totals: readonly string[],
): GpcPlace => ({ code, title, sector, scope, totals })

const stationary = [
  'Residential buildings',
  'Commercial and institutional buildings and facilities',
  'Manufacturing industries and construction',
  'Energy industries',
  'Agriculture, forestry and fishing',
  'Non-specified sources',
].flatMap((title, index) => {
  const sub = `I.${index + 1}`
  const own = (part: number, words: string, scope: GpcPlace['scope'], totals: readonly string[]) =>
    place('Stationary energy', `${sub}.${part}`, `${title}: ${words}`, scope, totals)
  return [
    own(1, 'fuel within the city', 1, everywhere),
    own(2, 'energy from grids', 2, city),
    own(3, 'losses of grids', 3, plus),
    ...(sub === 'I.4' ? [own(4, 'generation for the grid', 1, ['territorial'])] : []),
  ]
})

const transport = ['On-road', 'Railways', 'Waterborne', 'Aviation', 'Off-road'].flatMap((title, index) => {
  const own = (part: number, words: string, scope: GpcPlace['scope'], totals: readonly string[]) =>
    place('Transportation', `II.${index + 1}.${part}`, `${title}: ${words}`, scope, totals)
  return [
    own(1, 'fuel within the city', 1, everywhere),
    own(2, 'energy from grids', 2, city),
    ...(title === 'Off-road' ? [] : [own(3, 'journeys across the boundary, and losses of grids', 3, plus)]),
  ]
})

const waste = [
  'Solid waste in landfills',
  'Biological treatment',
  'Incineration and open burning',
  'Wastewater',
].flatMap((title, index) => {
  const own = (part: number, words: string, scope: GpcPlace['scope'], totals: readonly string[]) =>
    place('Waste', `III.${index + 1}.${part}`, `${title}: ${words}`, scope, totals)
  return [
    own(1, 'of the city, treated within', 1, everywhere),
    own(2, 'of the city, treated outside', 3, city),
    own(3, 'of others, treated within', 1, ['territorial']),
  ]
})

/**
 * Sub-sectors of a city inventory (GPC 1.1, 2021, Tables 4.1 and 4.2: sub-sectors, scopes, and which of BASIC, BASIC+ and the
 * territorial total they are part of). Second-hand: to be held against the document.
 */
export const gpcPlaces: readonly GpcPlace[] = [
  ...stationary,
  place('Stationary energy', 'I.7.1', 'Fugitive emissions of coal', 1, everywhere),
  place('Stationary energy', 'I.8.1', 'Fugitive emissions of oil and natural gas', 1, everywhere),
  ...transport,
  ...waste,
  place('Industrial processes and product use', 'IV.1', 'Industrial processes', 1, territory),
  place('Industrial processes and product use', 'IV.2', 'Product use', 1, territory),
  place('Agriculture, forestry and other land use', 'V.1', 'Livestock', 1, territory),
  place('Agriculture, forestry and other land use', 'V.2', 'Land', 1, territory),
  place('Agriculture, forestry and other land use', 'V.3', 'Other sources on land', 1, territory),
  place('Other', 'VI.1', 'Other emissions outside the city', 3, ['other-scope-3']),
]
