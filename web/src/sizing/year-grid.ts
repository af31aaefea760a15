/** A year as days by hours, of one quantity. */
export interface YearGrid {
  /** `[day, hour, value]`; a gap has no entry. */
  readonly cells: readonly (readonly [number, number, number])[]
  readonly low: number
  readonly high: number
  readonly days: number
}

/** Lays hours that begin at a midnight into days; hours are those of the first day's clock, so that summer time tears no row. */
export function yearGridOf(values: readonly (number | null)[]): YearGrid {
  const cells: (readonly [number, number, number])[] = []
  let low = Number.POSITIVE_INFINITY
  let high = Number.NEGATIVE_INFINITY
  values.forEach((value, hour) => {
    if (value === null) return
    low = Math.min(low, value)
    high = Math.max(high, value)
    cells.push([Math.floor(hour / 24), hour % 24, Math.round(value * 100) / 100])
  })
  const days = Math.ceil(values.length / 24)
  return cells.length === 0 ? { cells, low: 0, high: 0, days } : { cells, low, high, days }
}

interface Balance {
  readonly asset: string
  readonly suppliedKwh: number
  readonly drawnKwh: number
}

/** What a run year says of a design. */
export interface YearFigures {
  /** Of what sun, wind and water gave, the share that stayed; undefined where they give nothing. */
  readonly selfConsumption: number | undefined
  readonly producedKwh: number
  readonly exportedKwh: number
  readonly importedKwh: number
}

const renewable: ReadonlySet<string> = new Set(['pv', 'wind', 'hydro', 'hydro-reservoir'])

export function yearFiguresOf(balance: readonly Balance[], kindOf: (asset: string) => string | undefined): YearFigures {
  let [producedKwh, exportedKwh, importedKwh] = [0, 0, 0]
  for (const { asset, suppliedKwh, drawnKwh } of balance) {
    const kind = kindOf(asset)
    if (kind === 'grid') {
      exportedKwh += drawnKwh
      importedKwh += suppliedKwh
    } else if (kind !== undefined && renewable.has(kind)) producedKwh += suppliedKwh
  }
  const stayed = Math.max(0, producedKwh - exportedKwh)
  return {
    ...{ producedKwh, exportedKwh, importedKwh },
    selfConsumption: producedKwh > 0 ? stayed / producedKwh : undefined,
  }
}
