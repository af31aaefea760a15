import type { Site, SizeOutput } from '../api/types.ts'
import { mergeChanges } from '../plan/what-if.ts'
import { swingShare } from './sensitivity.ts'
import { optionsOf } from './sizable.ts'
import type { SizingRun } from './sizing-queries.ts'

type Json = Readonly<Record<string, unknown>>
const objectOf = (value: unknown): Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {}

/** What the sizes are decided again for: nothing changed, and each of these a fifth less and a fifth more. */
export const againDrivers = ['capex', 'discount'] as const
export type AgainDriver = (typeof againDrivers)[number]

export interface AgainCase {
  readonly driver: AgainDriver
  readonly side: 'low' | 'high'
}

export const againCases: readonly AgainCase[] = againDrivers.flatMap((driver) => [
  { driver, side: 'low' as const },
  { driver, side: 'high' as const },
])

/** The worth of the best sizes of a case, in the site's currency. */
export interface AgainAnswer extends AgainCase {
  readonly netPresentValue: number
}

/**
 * What asks for the best sizes of a case, on typical days: the run's own question with the price of what is built, or the
 * discount rate, a fifth off. Without a case: the same question, for the same days, to compare with.
 */
export function againInput(site: Site, { input }: Pick<SizingRun, 'input'>, one: AgainCase | undefined): Json {
  const factor = one === undefined ? 1 : one.side === 'low' ? 1 - swingShare : 1 + swingShare
  const asked = objectOf(objectOf(input.changes).investment)
  const options = (Array.isArray(asked.options) ? asked.options : optionsOf(site)) as readonly Json[]
  const rate = asked.discountRate ?? objectOf(site.sections.investment).discountRate ?? 0.06
  const investment =
    one?.driver === 'capex'
      ? {
          options: options.map((option) => ({
            ...option,
            ...Object.fromEntries(
              ['capexPerUnit', 'replacementPerUnit'].flatMap((name) => {
                const price = option[name]
                return typeof price === 'number' ? [[name, price * factor]] : []
              }),
            ),
          })),
        }
      : { discountRate: Number(rate) * factor }
  return {
    ...input,
    ...{ preview: true, pareto: 0, backtest: 'none' },
    changes: one === undefined ? input.changes : mergeChanges(input.changes ?? {}, { investment }),
  }
}

/** Worth of the best sizes. */
export const worthFound = (output: Pick<SizeOutput, 'economics'>): number => output.economics.netPresentValue
