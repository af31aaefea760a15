import { entryOf, type Line, sumOfLines } from './lines.ts'
import type { View } from './schema.ts'

/** Categories of scope 3 (GHG Protocol, Corporate Value Chain Standard, 2011, Table 5.3). */
export const scope3Titles = [
  'Purchased goods and services',
  'Capital goods',
  'Fuel- and energy-related activities',
  'Upstream transportation and distribution',
  'Waste generated in operations',
  'Business travel',
  'Employee commuting',
  'Upstream leased assets',
  'Downstream transportation and distribution',
  'Processing of sold products',
  'Use of sold products',
  'End-of-life treatment of sold products',
  'Downstream leased assets',
  'Franchises',
  'Investments',
] as const

const scope1Titles = {
  stationary: 'Stationary combustion',
  mobile: 'Mobile combustion',
  process: 'Processes',
  fugitive: 'Fugitive emissions',
  waste: 'Treatment of own waste',
  other: 'Other direct emissions',
} as const

/** Which part of scope 1 a line is of. */
export function directPart({ category, sample }: Line): keyof typeof scope1Titles {
  if (category === 'combustion') return ['road', 'rail', 'ship'].includes(sample?.use ?? '') ? 'mobile' : 'stationary'
  return category !== undefined && Object.hasOwn(scope1Titles, category)
    ? (category as keyof typeof scope1Titles)
    : 'other'
}

/** Scopes and categories; scope 2 by location and by market, each in a total of its own. */
export function ghgProtocolView(lines: readonly Line[]): View {
  const of = (scope: number, method?: Line['method']): readonly Line[] =>
    lines.filter((line) => line.scope === scope && line.method === method)
  const both = ['total-location', 'total-market']
  const entries = [
    ...Object.entries(scope1Titles).map(([part, title]) =>
      entryOf(
        { code: `1.${part}`, title, scope: 1, totals: ['scope-1', ...both] },
        of(1).filter((line) => directPart(line) === part),
      ),
    ),
    entryOf(
      {
        code: '2.location',
        title: 'Purchased energy, by location',
        scope: 2,
        totals: ['scope-2-location', 'total-location'],
      },
      of(2, 'location'),
    ),
    entryOf(
      { code: '2.market', title: 'Purchased energy, by market', scope: 2, totals: ['scope-2-market', 'total-market'] },
      of(2, 'market'),
    ),
    ...scope3Titles.map((title, index) =>
      entryOf(
        { code: `3.${index + 1}`, title, scope: 3, totals: ['scope-3', ...both] },
        of(3).filter(({ category }) => category === String(index + 1)),
      ),
    ),
  ]
  const [scope1, location, market, scope3] = [of(1), of(2, 'location'), of(2, 'market'), of(3)]
  const total = (code: string, title: string, parts: readonly Line[]) => ({
    code,
    title,
    massKgCo2e: sumOfLines(parts),
  })
  return {
    view: 'ghg-protocol',
    source: 'GHG Protocol: Corporate Standard (2004), Scope 2 Guidance (2015), Corporate Value Chain Standard (2011)',
    entries,
    totals: [
      total('scope-1', 'Scope 1', scope1),
      total('scope-2-location', 'Scope 2 by location', location),
      total('scope-2-market', 'Scope 2 by market', market),
      total('scope-3', 'Scope 3', scope3),
      total('total-location', 'All scopes, scope 2 by location', [...scope1, ...location, ...scope3]),
      total('total-market', 'All scopes, scope 2 by market', [...scope1, ...market, ...scope3]),
    ],
    unplaced: [],
    notes: ['A category without a value is not told; it is not zero.'],
  }
}
