import type { ExplainOutput } from '../api/types.ts'

type Worth = ExplainOutput['worths'][number]
type Limit = ExplainOutput['limits'][number]

/** What an explanation says of a moment. */
export interface ExplainedMoment {
  /** Worth of a kWh on the main bus of electricity and what it is made of. */
  readonly worth: Worth | undefined
  /** Limits that bind at the moment, the dearest first. */
  readonly limits: readonly Limit[]
}

/** The stretch of an explanation of a whole plan that a moment falls in, and the limits that bind then. */
export function explainedAt({ worths, limits }: ExplainOutput, timestampMs: number, most = 4): ExplainedMoment {
  const electricity = worths.filter(({ carrier }) => carrier === 'electricity')
  const bus = electricity.find(({ bus: name }) => name === 'main')?.bus ?? electricity[0]?.bus
  return {
    worth: electricity.find((one) => one.bus === bus && timestampMs >= one.fromMs && timestampMs < one.toMs),
    limits: limits
      .filter(({ whenMs }) => whenMs.some(([fromMs, toMs]) => timestampMs >= fromMs && timestampMs < toMs))
      .slice(0, most),
  }
}

/** What one unit of a limit more, or less, would save over the plan. */
export interface LimitChange {
  readonly way: 'more' | 'less'
  readonly saves: number
  /** `1` is said as a hundredth. */
  readonly unit: string
}

/** The way to move a limit that saves money; undefined where neither does. */
export function changeThatSaves({ worthOfMore, costOfLess, unit }: Limit): LimitChange | undefined {
  const scale = unit === '1' ? 0.01 : 1
  const shown = unit === '1' ? '%' : unit
  if (worthOfMore > 0) return { way: 'more', saves: worthOfMore * scale, unit: shown }
  return costOfLess < 0 ? { way: 'less', saves: -costOfLess * scale, unit: shown } : undefined
}
