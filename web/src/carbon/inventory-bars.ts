import type { Inventory, InventoryTotal } from './carbon-queries.ts'

/** A piece of a bar: one scope, or one category of it. */
export interface Segment {
  readonly key: string
  readonly scope: number
  readonly category: string | undefined
  readonly kg: number
  /** Of the longest bar. */
  readonly share: number
  readonly total: InventoryTotal
}

export interface InventoryBar {
  readonly method: 'location' | 'market'
  readonly kg: number
  readonly segments: readonly Segment[]
  /** Half of the 95 % interval of the whole, as if its parts erred by themselves; of what has an uncertainty. */
  readonly halfWidthKg: number
  /** Share of the whole whose uncertainty is known. */
  readonly uncertainShare: number
}

/** The inventory twice, with scope 2 by location and by market, on one scale; nothing is netted. */
export function inventoryBars({ totals }: Pick<Inventory, 'totals'>): readonly InventoryBar[] {
  const methods = (['location', 'market'] as const).filter((method) => totals.some((total) => total.method === method))
  const bars = (methods.length === 0 ? (['location'] as const) : methods).map((method) => {
    const own = totals
      .filter((total) => total.method === undefined || total.method === method)
      .toSorted((a, b) => a.scope - b.scope || Number(b.massKgCo2e) - Number(a.massKgCo2e))
    const kg = own.reduce((sum, { massKgCo2e }) => sum + Number(massKgCo2e), 0)
    return {
      method,
      kg,
      own,
      halfWidthKg: Math.hypot(...own.map(({ halfWidthKg }) => halfWidthKg)),
      uncertainShare:
        kg === 0
          ? 0
          : own.reduce((sum, { massKgCo2e, uncertainShare }) => sum + Number(massKgCo2e) * uncertainShare, 0) / kg,
    }
  })
  const longest = Math.max(...bars.map(({ kg }) => kg), Number.MIN_VALUE)
  return bars.map(({ own, ...bar }) => ({
    ...bar,
    segments: own.map((total) => ({
      key: `${total.scope} ${total.category ?? ''}`,
      scope: total.scope,
      category: total.category,
      kg: Number(total.massKgCo2e),
      share: Math.max(0, Number(total.massKgCo2e)) / longest,
      total,
    })),
  }))
}

/** Activities as lines of text: `id, activity, subject, amount, unit, from, to`; an empty field is not said. */
export function readRows(text: string): readonly Readonly<Record<string, string>>[] {
  const names = ['id', 'activity', 'subject', 'amount', 'unit', 'from', 'to'] as const
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const fields = line.split(/[,;\t，；]/).map((field) => field.trim())
      return Object.fromEntries(names.map((name, k) => [name, fields[k] ?? '']).filter(([, field]) => field !== ''))
    })
}

/** Warnings that differ in the day they hold for alone, each once with how often it was told. */
export function alikeWarnings(
  warnings: readonly string[],
): readonly { readonly text: string; readonly times: number }[] {
  const kinds = new Map<string, { readonly text: string; readonly times: number }>()
  for (const text of warnings) {
    const kind = text.replace(/\d{4}-\d{2}-\d{2}$/, '')
    const known = kinds.get(kind)
    kinds.set(kind, { text: known?.text ?? text, times: (known?.times ?? 0) + 1 })
  }
  return [...kinds.values()]
}
