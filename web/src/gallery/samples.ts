import type { families } from '../ui/families.ts'

/** A made-up asset of the gallery. */
export interface SampleAsset {
  readonly family: (typeof families)[number]
  readonly powerKw: number | undefined
  readonly course: readonly (number | null)[]
}

/** A bell around noon, quarter-hours of a day. */
const sun = Array.from({ length: 96 }, (_, k) => Math.max(0, Math.sin(((k - 24) / 48) * Math.PI)) * 1800)
const wind = Array.from({ length: 96 }, (_, k) => 420 + 260 * Math.sin(k / 9) + 90 * Math.sin(k / 3.1))
const use = Array.from(
  { length: 96 },
  (_, k) => 1500 + 600 * Math.sin(((k - 20) / 70) * Math.PI) + 60 * Math.sin(k / 2.3),
)

/** A made-up day: the same at every visit, so that pictures of it can be compared. */
export const sampleDay = { sun, wind, use } as const

export const sampleAssets: readonly SampleAsset[] = [
  { family: 'solar', powerKw: 1284, course: sun },
  { family: 'wind', powerKw: 356.2, course: wind },
  { family: 'battery', powerKw: -240, course: wind.map((value, k) => (k > 40 && k < 56 ? null : value)) },
  { family: 'load', powerKw: undefined, course: use.map((value, k) => (k > 80 ? null : value)) },
]
