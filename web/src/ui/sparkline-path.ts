/** A line without axes: its path in a box, and where its last value stands. */
export interface Spark {
  readonly path: string
  readonly last: { readonly x: number; readonly y: number } | undefined
}

/**
 * The path of a sparkline; a gap is a gap. Values spread over the height of the box, and a line that never moves lies in its middle.
 *
 * @param values at equal distances; null where nothing is known
 */
export function sparklinePath(values: readonly (number | null)[], widthPx: number, heightPx: number): Spark {
  const known = values.filter((value) => value !== null)
  if (known.length === 0) return { path: '', last: undefined }
  const low = Math.min(...known)
  const extent = Math.max(...known) - low
  const place = (value: number, index: number) => ({
    x: values.length < 2 ? 0 : (index / (values.length - 1)) * widthPx,
    y: extent === 0 ? heightPx / 2 : heightPx - ((value - low) / extent) * heightPx,
  })
  let path = ''
  let drawing = false
  let last: Spark['last']
  for (const [index, value] of values.entries()) {
    if (value !== null) {
      last = place(value, index)
      path += `${drawing ? 'L' : 'M'}${last.x.toFixed(1)} ${last.y.toFixed(1)}`
    }
    drawing = value !== null
  }
  return { path, last: values.at(-1) === null ? undefined : last }
}
