import type { FrontPoint, MachineFront } from './machine-front.ts'
import type { PathOption } from './option.ts'

/** Kilograms a year below which two points are one. */
const dustKg = 1

/**
 * Steps from one size of the machines to the next. Only the lower convex hull of cost over emissions saved is walked: along it each
 * tonne costs as much as the one before or more, so steps cannot be had in a cheaper order, and a part of a step costs at most its share.
 * A. M. Andrew (1979), Another efficient algorithm for convex hulls in two dimensions.
 */
export function machineOptions({ today, points }: MachineFront, emissionsPerKg: number): readonly PathOption[] {
  const hull: FrontPoint[] = [today]
  const sorted = points
    .filter(({ emissionsKg }) => emissionsKg < today.emissionsKg - dustKg)
    .toSorted((a, b) => b.emissionsKg - a.emissionsKg || a.costPerYear - b.costPerYear)
  for (const point of sorted) {
    if (hull.length > 1 && hull.at(-1)!.emissionsKg - point.emissionsKg <= dustKg) continue
    while (hull.length > 1 && slope(hull.at(-2)!, hull.at(-1)!) >= slope(hull.at(-1)!, point)) hull.pop()
    hull.push(point)
  }
  return hull.slice(1).map((to, k): PathOption => {
    const from = hull[k]!
    const sizes = Object.entries(to.sizes)
      .map(([id, size]) => ({ id, from: rounded(from.sizes[id] ?? 0), to: rounded(size) }))
      .filter(({ from: before, to: after }) => Math.abs(after - before) > 1e-3 * Math.max(1, Math.abs(before)))
    return {
      ...{ kind: 'machines', id: `machines-${k + 1}`, title: titleOf(sizes), sizes, energyChange: 0, ofPower: true },
      saved: (from.emissionsKg - to.emissionsKg) * emissionsPerKg,
      costPerYear: to.costPerYear - from.costPerYear,
      capex: to.capex - from.capex,
    }
  })
}

/** Cost of a kilogram more that is saved. */
const slope = (from: FrontPoint, to: FrontPoint): number =>
  (to.costPerYear - from.costPerYear) / (from.emissionsKg - to.emissionsKg)

const rounded = (value: number): number => Math.round(value * 10) / 10

const titleOf = (sizes: PathOption['sizes']): string =>
  sizes.length === 0
    ? 'the same machines, run otherwise'
    : sizes.map(({ id, from, to }) => `${id} ${from} → ${to}`).join(', ')
