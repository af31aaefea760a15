import { entryOf, type Line, sumOfLines } from './lines.ts'
import type { View } from './schema.ts'

const titles = [
  'Direct emissions and removals',
  'Indirect emissions from imported energy',
  'Indirect emissions from transportation',
  'Indirect emissions from products used by the organisation',
  'Indirect emissions from the use of products of the organisation',
  'Indirect emissions from other sources',
] as const

/**
 * Category of ISO 14064-1:2018 (Annex B) for each category of scope 3. Upstream of fuels and electricity is no imported energy but
 * a product used; waste is a service used. Annex B does not name franchises: they stand among the other sources.
 */
const ofScope3: readonly number[] = [4, 4, 4, 3, 4, 3, 3, 4, 3, 5, 5, 5, 5, 6, 5]

/** Category of a line, 1 to 6. */
export function isoCategory({ scope, category }: Line): number {
  if (scope === 1 || scope === 2) return scope
  return ofScope3[Number(category) - 1] ?? 6
}

/** Categories 1 to 6. Imported energy counts by location (Annex E); by market it stands beside, with a total of its own. */
export function isoView(lines: readonly Line[]): View {
  const byLocation = lines.filter(({ method }) => method !== 'market')
  const market = lines.filter(({ method }) => method === 'market')
  const of = (category: number): readonly Line[] => byLocation.filter((line) => isoCategory(line) === category)
  const withoutEnergy = byLocation.filter(({ scope }) => scope !== 2)
  const total = (code: string, title: string, parts: readonly Line[]) => ({
    code,
    title,
    massKgCo2e: sumOfLines(parts),
  })
  return {
    view: 'iso-14064-1',
    source:
      'ISO 14064-1:2018, 5.2.4, Annex B and Annex E; order of the categories of scope 3 to be held against Annex B',
    entries: [
      ...titles.map((title, index) => {
        const kind = index === 0 ? 'direct' : 'indirect'
        const totals = index === 1 ? [kind, 'total'] : [kind, 'total', 'total-market']
        return entryOf({ code: String(index + 1), title, totals }, of(index + 1))
      }),
      entryOf({ code: '2.market', title: 'Imported energy, by contracts', totals: ['total-market'] }, market),
    ],
    totals: [
      total('direct', 'Category 1', of(1)),
      total(
        'indirect',
        'Categories 2 to 6',
        byLocation.filter((line) => isoCategory(line) > 1),
      ),
      total('total', 'All categories', byLocation),
      total('total-market', 'All categories, imported energy by contracts', [...withoutEnergy, ...market]),
    ],
    unplaced: [],
    notes: [
      'Biogenic CO2 of category 1 stands apart and is in no total. A category without a value is not told; it is not zero.',
    ],
  }
}
