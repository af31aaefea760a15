import { createExactSum, type Scaled, timesScaled } from '../../quantity/index.ts'
import type { RowPlan } from '../contributions.ts'
import { type RowGroup, tidy } from '../create-account.ts'
import type { Matched } from '../match-instruments.ts'
import type { Activity } from '../schema.ts'
import type { PublishedLine, ViewEntry } from './schema.ts'

/** What rows of one kind come to in one scope, category and method: views sort these, and add nothing of their own. */
export interface Line {
  /** Of the first row. */
  readonly id: string
  readonly rows: number
  /** The first row; none of what instruments cover. */
  readonly sample?: Activity
  readonly scope: number
  readonly category?: string
  readonly method?: 'location' | 'market'
  /** Of all rows, in the unit of the first; none of what instruments cover. */
  readonly amount?: Scaled
  readonly kgCo2e: Scaled
  readonly biogenicKg: Scaled
  readonly factors: readonly string[]
}

/** Lines of all groups, in their order. */
export function linesOf(
  groups: readonly (RowGroup & { readonly plan: RowPlan })[],
  { uncovered, kgCo2, coveredKwh }: Matched,
): readonly Line[] {
  const lines = groups.flatMap((group) => {
    const { sample, rows, plan } = group
    const total = group.amount.total()
    const places = new Map<
      string,
      { where: Pick<Line, 'scope' | 'category' | 'method'>; parts: RowPlan['contributions'][number][] }
    >()
    for (const part of plan.contributions) {
      const { scope, category, method } = part
      const key = `${scope}|${category}|${method}`
      const place = places.get(key) ?? {
        where: { scope, ...(category === undefined ? {} : { category }), ...(method === undefined ? {} : { method }) },
        parts: [],
      }
      place.parts.push(part)
      places.set(key, place)
    }
    return [...places.values()].map(({ where, parts }): Line => {
      const taken = where.method === 'market' && plan.isElectricity ? uncovered(group, total) : total
      const [counted, biogenic] = [createExactSum(), createExactSum()]
      for (const { kg, kgCo2e } of parts) {
        const mass = timesScaled(taken, kgCo2e ?? kg)
        ;(kgCo2e ? counted : biogenic).add(mass.digits, mass.decimals)
      }
      return {
        ...{ id: sample.id, rows, sample, amount: taken, ...where },
        ...{ kgCo2e: counted.total(), biogenicKg: biogenic.total() },
        factors: [...new Set(parts.flatMap(({ factors }) => factors.map(({ id }) => id)))],
      }
    })
  })
  if (coveredKwh.total().digits === 0n) return lines
  const covered = { kgCo2e: kgCo2.total(), biogenicKg: { digits: 0n, decimals: 0 }, factors: [] }
  return [...lines, { id: 'instruments', rows: 0, scope: 2, method: 'market', ...covered }]
}

/** Where a row comes from: a file, or a meter. */
export interface RowOrigin {
  readonly file?: string
  readonly line?: number
  readonly meter?: string
}

export const publishLine = (
  { id, rows, sample, amount, scope, category, method, kgCo2e, biogenicKg, factors }: Line,
  { file, line, meter }: RowOrigin = {},
): PublishedLine => ({
  ...{ id, rows, activity: sample?.activity ?? 'instruments' },
  ...(sample?.subject === undefined ? {} : { subject: sample.subject }),
  ...(amount === undefined ? {} : { amount: tidy(amount) }),
  ...(sample === undefined ? {} : { unit: sample.unit, from: sample.from, to: sample.to }),
  ...(meter === undefined ? {} : { meter }),
  ...(file === undefined ? {} : { file }),
  ...(line === undefined ? {} : { line }),
  ...(sample?.relative === undefined ? {} : { relative: sample.relative }),
  ...(sample?.score === undefined ? {} : { score: sample.score }),
  scope,
  ...(category === undefined ? {} : { category }),
  ...(method === undefined ? {} : { method }),
  massKgCo2e: tidy(kgCo2e),
  ...(biogenicKg.digits === 0n ? {} : { biogenicKgCo2: tidy(biogenicKg) }),
  factors: [...factors],
})

/** Sum of lines, kg CO2e, to the last digit. */
export function sumOfLines(lines: readonly Line[]): string {
  const sum = createExactSum()
  for (const { kgCo2e } of lines) sum.add(kgCo2e.digits, kgCo2e.decimals)
  return tidy(sum.total())
}

/** A place of a view with the lines that are in it; without any it is not told. */
export function entryOf(
  place: Pick<ViewEntry, 'code' | 'title' | 'totals'> & { readonly scope?: number },
  lines: readonly Line[],
): ViewEntry {
  const biogenic = createExactSum()
  for (const { biogenicKg } of lines) biogenic.add(biogenicKg.digits, biogenicKg.decimals)
  const memo = biogenic.total()
  return {
    ...place,
    massKgCo2e: lines.length === 0 ? null : sumOfLines(lines),
    ...(memo.digits === 0n ? {} : { biogenicKgCo2: tidy(memo) }),
    rows: lines.reduce((sum, { rows }) => sum + rows, 0),
    lines: lines.map(({ id }) => id),
  }
}
