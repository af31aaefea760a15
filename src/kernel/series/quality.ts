/** Quality of one value. The order is the order of trust; a bucket takes the worst of its values. */
export const quality = {
  /** Measured or exact. */
  good: 0,
  /** Computed from other values or a model. */
  estimated: 1,
  /** Made up from climate normals; never measured. */
  synthetic: 2,
  /** Measured, but doubtful (range, clock, stuck). */
  suspect: 3,
  /** Nothing is known; the value is NaN. */
  missing: 4,
} as const

export type QualityName = keyof typeof quality
export type Quality = (typeof quality)[QualityName]

export const qualityNames: readonly QualityName[] = ['good', 'estimated', 'synthetic', 'suspect', 'missing']
