/** Values of one point row by row, each with a {@link quality} code; NaN stands exactly where quality is `missing`. */
export interface PointColumn {
  readonly values: Float64Array
  readonly quality: Uint8Array
}

/** A column of which nothing is known yet. */
export const emptyColumn = (count: number): PointColumn => ({
  values: new Float64Array(count),
  quality: new Uint8Array(count),
})
