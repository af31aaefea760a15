import type { SizeOutput } from '../api/types.ts'

type Economics = SizeOutput['economics']

/** One set of sizes with its money. */
export interface Design {
  /** Place on the front, the cheapest first. */
  readonly index: number
  readonly sizes: Readonly<Record<string, number>>
  readonly annualCost: number
  readonly emissionsKgCo2e: number
  readonly renewableShare: number
  readonly unservedKwh: number
  readonly economics: Economics
  /** What the site file says of its assets with these sizes. */
  readonly assets: Readonly<Record<string, unknown>>
}

/** The designs of an answer, the cheapest first; one where no front was asked for. */
export function designsOf(output: SizeOutput): readonly Design[] {
  if (output.front.length === 0 || output.front.some((point) => point.economics === undefined)) {
    const { annual, economics, sizes, assets } = output
    return [
      {
        ...{ index: 0, annualCost: annual.cost, emissionsKgCo2e: annual.emissionsKgCo2e, economics },
        ...{ renewableShare: annual.renewableShare, unservedKwh: annual.unservedKwh, assets: assets ?? {} },
        sizes: Object.fromEntries(sizes.map(({ id, size }) => [id, size])),
      },
    ]
  }
  return output.front.map((point, index) => ({
    index,
    sizes: point.sizes,
    annualCost: point.annualCost,
    emissionsKgCo2e: point.emissionsKgCo2ePerYear,
    renewableShare: point.renewableShare,
    unservedKwh: point.unservedKwh,
    economics: point.economics,
    assets: point.assets,
  }))
}

/** What a letter stands for: A is the cheapest. */
export const letterOf = (index: number): string => String.fromCharCode(65 + index)

/** Designs that no other beats in both cost and emissions, by a ten-thousandth: equal ends of a front are one. */
export function distinctDesigns(designs: readonly Design[]): readonly Design[] {
  const kept: Design[] = []
  for (const design of designs) {
    const alike = kept.some(
      (one) => close(one.annualCost, design.annualCost) && close(one.emissionsKgCo2e, design.emissionsKgCo2e, 1),
    )
    if (!alike) kept.push(design)
  }
  return kept
}

const close = (a: number, b: number, least = 0): boolean =>
  Math.abs(a - b) <= Math.max(least, 1e-4 * Math.max(Math.abs(a), Math.abs(b)))
