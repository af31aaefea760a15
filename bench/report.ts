/** One measured figure against its goal; less is better. */
export interface Figure {
  readonly name: string
  readonly value: number
  readonly goal: number
  readonly unit: 'ms' | 's' | 'KB' | 'MB' | '%'
  /** value / goal: up to 1 meets it. */
  readonly ratio: number
  readonly note: string
}

export interface Measured {
  readonly value: number
  readonly goal: number
  readonly unit?: Figure['unit']
  readonly note?: string
}

export const figure = (name: string, { value, goal, unit = 'ms', note = '' }: Measured): Figure => ({
  name,
  value,
  goal,
  unit,
  ratio: value / goal,
  note,
})

export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN
}

/** Prints figures as lines for people and one JSON line for machines; a goal that is missed is the exit code 1. */
export function report(bench: string, figures: readonly Figure[]): void {
  for (const { name, value, goal, unit, ratio, note } of figures) {
    const shown = value.toFixed(value < 100 ? 1 : 0).padStart(7)
    const verdict = ratio <= 1 ? 'meets' : 'MISSES'
    process.stdout.write(
      `${name.padEnd(54)} ${shown} ${unit}  ×${ratio.toFixed(2)} ${verdict} ${goal} ${unit}  ${note}\n`,
    )
  }
  process.stdout.write(`${JSON.stringify({ bench, figures })}\n`)
  if (figures.some(({ ratio }) => !(ratio <= 1))) process.exitCode = 1
}
