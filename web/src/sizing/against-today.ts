import type { SizeOutput } from '../api/types.ts'
import type { Design } from './designs.ts'
import { standingOf } from './site-after.ts'

/** What a design adds to the site, and what a year then is against the site as it stands. */
export interface AgainstToday {
  /** Sizes that grow, by what is new of them. */
  readonly added: readonly {
    readonly id: string
    readonly title: string
    readonly unit: string
    readonly more: number
  }[]
  /** Of a year with the investment counted in; negative: it costs less than today. */
  readonly cost: number
  readonly costShare: number | undefined
  readonly emissionsKgCo2e: number
  readonly emissionsShare: number | undefined
}

/** Smaller than this share of the largest size of a machine, what is new is the noise of the solver. */
const noiseShare = 1e-4

export function againstToday(output: SizeOutput, design: Design): AgainstToday {
  const { today, sizes } = output
  const cost = design.annualCost - today.cost
  const emissionsKgCo2e = design.emissionsKgCo2e - today.emissionsKgCo2e
  return {
    added: sizes
      .map(({ id, title, unit, max }) => ({
        ...{ id, title, unit, more: (design.sizes[id] ?? 0) - standingOf(output, id) },
        least: noiseShare * max,
      }))
      .filter(({ more, least }) => more > least)
      .map(({ least: _, ...one }) => one),
    ...{ cost, emissionsKgCo2e },
    costShare: shareOf(cost, today.cost),
    emissionsShare: shareOf(emissionsKgCo2e, today.emissionsKgCo2e),
  }
}

const shareOf = (change: number, of: number): number | undefined => (of > 0 ? change / of : undefined)

/** What each design of a front pays for a tonne less than the one before it; none for the first, or where nothing is saved. */
export const nextTonneCosts = (designs: readonly Design[]): readonly (number | undefined)[] =>
  designs.map((design, place) => {
    const before = designs[place - 1]
    const savedKg = before ? before.emissionsKgCo2e - design.emissionsKgCo2e : 0
    return before && savedKg > 1 ? ((design.annualCost - before.annualCost) / savedKg) * 1000 : undefined
  })
