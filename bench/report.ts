/** One measured time against its goal, ms. */
export interface Figure {
  readonly name: string
  readonly valueMs: number
  readonly goalMs: number
  /** value / goal: below 1 meets it. */
  readonly ratio: number
  readonly note: string
}

export const figure = (name: string, valueMs: number, goalMs: number, note = ''): Figure => ({
  name,
  valueMs,
  goalMs,
  ratio: valueMs / goalMs,
  note,
})

export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN
}

/** Prints figures as lines for people and one JSON line for machines. */
export function report(bench: string, figures: readonly Figure[]): void {
  for (const { name, valueMs, goalMs, ratio, note } of figures) {
    process.stdout.write(
      `${name.padEnd(58)} ${valueMs.toFixed(1).padStart(8)} ms  goal ${goalMs} ms  ×${ratio.toFixed(2)}  ${note}\n`,
    )
  }
  process.stdout.write(`${JSON.stringify({ bench, figures })}\n`)
}
