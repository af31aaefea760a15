const eighths = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█']

/** Mean of each of `columns` equal parts of `values`; a part with a missing value is NaN. */
export function resample(values: readonly (number | null)[], columns: number): readonly number[] {
  return Array.from({ length: columns }, (_, column) => {
    const from = Math.floor((column * values.length) / columns)
    const to = Math.max(from + 1, Math.floor(((column + 1) * values.length) / columns))
    let sum = 0
    for (let k = from; k < to; k += 1) sum += values[k] ?? Number.NaN
    return sum / (to - from)
  })
}

/** One line of block characters; a missing value is a dot. */
export function sparkline(values: readonly number[], low: number, high: number): string {
  const span = high - low
  return values
    .map((value) => {
      if (!Number.isFinite(value)) return '·'
      const level = span > 0 ? Math.round(((value - low) / span) * 8) : 0
      return eighths[Math.min(8, Math.max(0, level))]!
    })
    .join('')
}

/** One kind of source in a stacked chart. */
export interface Layer {
  readonly letter: string
  readonly values: readonly number[]
}

/**
 * Layers stacked from the bottom, `height` lines tall; each cell shows the letter of the layer that fills its middle.
 * Missing values stack as nothing; the line of the table under the chart shows them as a dash.
 */
export function stackedChart(layers: readonly Layer[], height: number, high: number): readonly string[] {
  const columns = Math.max(0, ...layers.map((layer) => layer.values.length))
  return Array.from({ length: height }, (_, row) => {
    const middle = ((height - row - 0.5) / height) * high
    return Array.from({ length: columns }, (_, column) => {
      let top = 0
      for (const layer of layers) {
        const value = layer.values[column] ?? 0
        top += Number.isFinite(value) ? Math.max(0, value) : 0
        if (middle <= top) return layer.letter
      }
      return ' '
    }).join('')
  })
}
