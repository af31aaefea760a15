import { type EngineContext, formatIso } from '../../kernel/index.ts'
import type { BacktestInput, BacktestOutput, SizeInput } from '../schema/index.ts'
import { backtestEngine } from '../simulate/index.ts'
import { sizePatch } from './size-options.ts'
import type { SizeTask } from './size-year.ts'

/** What the live controller makes of the sizes. */
export interface Proof {
  readonly controller: string
  readonly span: string
  readonly cost: number
  readonly perfectCost: number
  readonly ruleCost: number | null
  readonly emissionsKgCo2e: number
  readonly unservedKwh: number
  /** What it costs more than with perfect foresight, a year. */
  readonly extraPerYear: number
}

const dayMs = 86_400_000
/** Days of the year on which the four weeks begin: January, April, July, October. */
const weekStarts = [14, 105, 196, 287]

/**
 * Runs the live controller on the sizes, beside perfect foresight and a tuned rule. The difference to perfect foresight, scaled
 * to a year, is what the sizing knew too well.
 */
export async function proveSizes(
  input: SizeInput,
  task: SizeTask,
  sizes: ReadonlyMap<string, number>,
  startMs: number,
  context: EngineContext,
): Promise<Proof> {
  const changes = changesOf(input, task, sizes)
  const spans =
    input.backtest === 'weeks'
      ? weekStarts.map((day) => ({ startMs: startMs + day * dayMs, days: 7 }))
      : [{ startMs, days: 365 }]
  const controller = input.backtest === 'rule' ? 'rule' : 'control'
  const runs: BacktestOutput['runs'][] = []
  for (const [index, span] of spans.entries()) {
    const backtest: BacktestInput = {
      ...plainBacktest,
      site: input.site,
      at: formatIso(span.startMs, task.site.zone),
      days: span.days,
      holidays: [],
      controllers: controller === 'rule' ? ['rule', 'perfect'] : ['rule', 'control', 'perfect'],
      changes,
    }
    const { runs: found } = await backtestEngine.run(backtest, {
      ...context,
      progress: (share, message) =>
        context.progress(0.7 + (0.28 * (index + share)) / spans.length, `the sizes in operation: ${message}`),
    })
    runs.push(found)
  }
  const total = (name: string, of: (run: BacktestOutput['runs'][number]) => number): number =>
    runs.reduce((sum, list) => {
      const run = list.find((one) => one.controller === name)
      return sum + (run ? of(run) : Number.NaN)
    }, 0)
  const days = spans.reduce((sum, span) => sum + span.days, 0)
  const [cost, perfectCost] = [total(controller, costOf), total('perfect', costOf)]
  return {
    controller,
    span: spans.length > 1 ? `${spans.length} weeks, one a season` : `${days} days`,
    cost,
    perfectCost,
    ruleCost: total('rule', costOf),
    emissionsKgCo2e: total(controller, ({ emissionsKgCo2e }) => emissionsKgCo2e),
    unservedKwh: total(controller, ({ unservedKwh }) => unservedKwh),
    extraPerYear: ((cost - perfectCost) / days) * 365,
  }
}

const costOf = ({ cost }: BacktestOutput['runs'][number]): number => cost.total

const plainBacktest = {
  step: '1h',
  forecast: 'similar-day',
  noiseShare: 0.1,
  everyMinutes: 60,
  horizonHours: 36,
  timeLimitMs: 2000,
  scenarios: 1,
  historyDays: 14,
} as const

/** The merge patch that was asked for, with the sizes in it. */
function changesOf(input: SizeInput, task: SizeTask, sizes: ReadonlyMap<string, number>): unknown {
  const asked = (input.changes ?? {}) as { readonly assets?: Readonly<Record<string, unknown>> }
  const merged = Object.fromEntries(
    Object.entries(sizePatch(task.site, task.decisions, sizes)).map(([id, patch]) => {
      const before = asked.assets?.[id]
      const both = patch !== null && before !== null && typeof before === 'object'
      return [id, both ? { ...before, ...patch } : patch]
    }),
  )
  return { ...asked, assets: { ...asked.assets, ...merged } }
}
