import { MangroveError, type Problem } from '../../kernel/index.ts'
import { carbonErrors } from '../errors.ts'
import type { Factor, FactorBook } from '../factors/index.ts'
import { type Category, type Intensity, readIntensity } from './category/index.ts'
import { createLookup } from './category/look-up.ts'
import { type CountedElement, countElement } from './count-element.ts'
import { readNetwork } from './distance/index.ts'
import type { ChainInput } from './schema.ts'

/** A chain with its exact numbers, for what is computed on. */
export interface CountedChain {
  readonly elements: readonly CountedElement[]
  readonly intensities: ReadonlyMap<string, { readonly category: Category; readonly intensity: Intensity }>
  readonly factors: ReadonlyMap<string, Factor>
  readonly warnings: readonly string[]
}

/**
 * Counts a transport chain by ISO 14083:2023.
 *
 * @throws all that is wrong with its categories and elements, fifty at most
 */
export function countChain(input: ChainInput, book: FactorBook): CountedChain {
  const { gwpSet, at, region, fallback } = input
  const lookup = createLookup({
    ...{ book, gwpSet, fallback },
    ...(at === undefined ? {} : { at }),
    ...(region === undefined ? {} : { region }),
  })
  const network = input.network === undefined ? undefined : readNetwork(input.network)
  const problems: Problem[] = []
  const attempt = <T>(path: string, work: () => T): T | undefined => {
    try {
      return work()
    } catch (error) {
      if (!(error instanceof MangroveError)) throw error
      problems.push(
        ...error.problems.map((problem) => (problem.place?.path ? problem : { ...problem, place: { path } })),
      )
      return undefined
    }
  }
  refuseTwice(input.categories, 'categories', problems)
  refuseTwice(input.elements, 'elements', problems)
  const known = new Map(input.categories.map((category) => [category.id, category]))
  const used = new Set(input.elements.map(({ category }) => category))
  const intensities = new Map<string, { category: Category; intensity: Intensity }>()
  for (const [index, category] of input.categories.entries()) {
    if (!used.has(category.id)) continue
    const intensity = attempt(`categories.${index}`, () => readIntensity(category, lookup, `categories.${index}`))
    if (intensity) intensities.set(category.id, { category, intensity })
  }
  const elements = input.elements.flatMap((element, index) => {
    const path = `elements.${index}`
    if (!known.has(element.category)) {
      problems.push(
        carbonErrors.badChain.problem({
          detail: `${element.id} names a category that is not there`,
          place: { path: `${path}.category` },
          found: element.category,
          expected: [...known.keys()].join(', '),
        }),
      )
    }
    const by = intensities.get(element.category)
    return (by && attempt(path, () => countElement(element, by, input, { network, path }))) ?? []
  })
  if (problems.length > 0) throw new MangroveError(problems.slice(0, 50))
  const all = [...intensities.values()].map(({ intensity }) => intensity)
  const warnings = new Set([
    ...all.flatMap(({ warnings: own }) => own),
    ...elements.flatMap(({ warnings: own }) => own),
    ...gaps(input.elements),
  ])
  const factors = new Map(all.flatMap((one) => one.factors).map((factor) => [factor.id, factor]))
  return { elements, intensities, factors, warnings: [...warnings] }
}

function refuseTwice(all: readonly { readonly id: string }[], name: string, problems: Problem[]): void {
  const ids = new Set<string>()
  for (const [index, { id }] of all.entries()) {
    const place = { path: `${name}.${index}.id` }
    if (ids.has(id)) problems.push(carbonErrors.badChain.problem({ detail: 'The id stands twice', place, found: id }))
    ids.add(id)
  }
}

/** A chain goes on where it was: what does not is told. */
function gaps(elements: ChainInput['elements']): readonly string[] {
  return elements.slice(1).flatMap(({ id, from }, index) => {
    const { to, id: before } = elements[index]!
    if (from === undefined || to === undefined || from === to) return []
    return [`${before} ends at ${to} and ${id} begins at ${from}: the chain has a gap`]
  })
}
