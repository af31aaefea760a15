import type { PlacePoint } from './schema.ts'

/** Area of a polygon, m²; positive when it runs against the clock seen from above. */
export function signedAreaM2(outline: readonly PlacePoint[]): number {
  let twice = 0
  outline.forEach(([east, north], index) => {
    const [nextEast, nextNorth] = outline[(index + 1) % outline.length]!
    twice += east * nextNorth - nextEast * north
  })
  return twice / 2
}

const side = (a: PlacePoint, b: PlacePoint, c: PlacePoint): number =>
  (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])

const within = (a: PlacePoint, b: PlacePoint, c: PlacePoint): boolean =>
  Math.min(a[0], b[0]) <= c[0] &&
  c[0] <= Math.max(a[0], b[0]) &&
  Math.min(a[1], b[1]) <= c[1] &&
  c[1] <= Math.max(a[1], b[1])

function meet(a: PlacePoint, b: PlacePoint, c: PlacePoint, d: PlacePoint): boolean {
  const [abc, abd, cda, cdb] = [side(a, b, c), side(a, b, d), side(c, d, a), side(c, d, b)]
  if (abc * abd < 0 && cda * cdb < 0) return true
  return (
    (abc === 0 && within(a, b, c)) ||
    (abd === 0 && within(a, b, d)) ||
    (cda === 0 && within(c, d, a)) ||
    (cdb === 0 && within(c, d, b))
  )
}

/** Whether the edges of a polygon cross or touch each other anywhere but at their common corners. */
export function crossesItself(outline: readonly PlacePoint[]): boolean {
  const count = outline.length
  for (let one = 0; one < count; one += 1) {
    for (let other = one + 2; other < count; other += 1) {
      if (one === 0 && other === count - 1) continue
      if (meet(outline[one]!, outline[one + 1]!, outline[other]!, outline[(other + 1) % count]!)) return true
    }
  }
  return false
}
