import { sumUncertainty } from '../quantity/index.ts'
import type { CountedElement } from './count-element.ts'

/**
 * Uncertainty of a chain: elements of one category err alike by its intensity, and each alone by its activity (IPCC 2006, Volume 1,
 * Chapter 3, Equations 3.1 and 3.2).
 */
export function chainUncertainty(elements: readonly CountedElement[], boundary: 'WTW' | 'TTW') {
  const terms = elements.map(({ kg, category, element, relative }) => ({
    value: ((boundary === 'WTW' ? kg.wtw : kg.ttw)?.toNumber() ?? 0) as number,
    ...{ category: category.id, ofIntensity: relative, ofActivity: element.relative },
  }))
  const known = terms.filter(({ ofIntensity }) => ofIntensity !== undefined)
  const shared = sumUncertainty(
    known.map(({ value, ofIntensity, category }) => ({ value, relative: ofIntensity!, group: category })),
  )
  const alone = sumUncertainty(terms.map(({ value, ofActivity }) => ({ value, relative: ofActivity ?? 0 })))
  const [all, some] = [terms, known].map((list) => list.reduce((sum, { value }) => sum + Math.abs(value), 0)) as [
    number,
    number,
  ]
  return { halfWidthKg: Math.hypot(shared.halfWidth, alone.halfWidth), uncertainShare: all === 0 ? 0 : some / all }
}
