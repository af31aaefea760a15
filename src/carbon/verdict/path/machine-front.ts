import { type SizeInput, type SizeOutput, sizeEngine } from '../../../energy/index.ts'
import { applyMergePatch, type EngineContext } from '../../../kernel/index.ts'

/** A site with machines of some size: what it emits and costs a year. */
export interface FrontPoint {
  readonly emissionsKg: number
  /** Levelised, operation and investment. */
  readonly costPerYear: number
  readonly capex: number
  readonly sizes: Readonly<Record<string, number>>
}

export interface MachineFront {
  /** The site as it stands. */
  readonly today: FrontPoint
  /** Cheapest sizes first, then less and less emissions. */
  readonly points: readonly FrontPoint[]
  readonly synthetic: boolean
}

export interface FrontQuestion {
  readonly site: string
  readonly year: number
  readonly changes: unknown
  /** Of purchased power; absent: what the site says. */
  readonly gridFactorKgPerKwh?: number
  readonly method: 'quick' | 'exact'
  /** Points between the cheapest sizes and the largest. */
  readonly steps: number
}

/** What sizes a site could have, and what they emit and cost; `energy.size` tells it, or a stand-in in tests. */
export type AskFront = (question: FrontQuestion, context: EngineContext) => Promise<MachineFront>

/**
 * The front of cost and emissions of a site by `energy.size`, its purchased power at the factor of the scheme. Quick: each point on
 * typical days, under a cap on emissions. Exact: every hour of the year, with proof.
 *
 * @throws what sizing throws: `energy.bad-size` for a site without a section `investment`
 */
export const machineFront: AskFront = async (question, context) => {
  const sized = (more: Partial<SizeInput>, capKg?: number): Promise<SizeOutput> =>
    sizeEngine.run({ ...inputOf(question, capKg), ...more }, context)
  if (question.method === 'exact') {
    const output = await sized({ preview: false, pareto: question.steps })
    const points = output.front.map(({ emissionsKgCo2ePerYear, annualCost, capex, sizes }) => ({
      ...{ emissionsKg: emissionsKgCo2ePerYear, costPerYear: annualCost, capex, sizes },
    }))
    return {
      today: todayOf(output),
      points: points.length > 0 ? points : [bestOf(output)],
      synthetic: output.synthetic,
    }
  }
  const all = question.steps + 2
  const tell = (done: number): void => context.progress(0.1 + (0.8 * done) / all, `sizing machines: ${done} of ${all}`)
  tell(0)
  const cheapest = await sized({})
  tell(1)
  // A cap that nothing meets is missed by the least that it can be missed: what is left are the least emissions.
  const least = await sized({}, 0)
  tell(2)
  const [high, low] = [bestOf(cheapest).emissionsKg, bestOf(least).emissionsKg]
  const between: FrontPoint[] = []
  for (let k = 1; k <= question.steps; k += 1) {
    context.signal.throwIfAborted()
    between.push(bestOf(await sized({}, Math.max(0, high - ((high - low) * k) / (question.steps + 1)))))
    tell(2 + k)
  }
  return {
    today: todayOf(cheapest),
    points: [bestOf(cheapest), ...between, bestOf(least)],
    synthetic: cheapest.synthetic,
  }
}

function inputOf({ site, year, changes, gridFactorKgPerKwh }: FrontQuestion, capKg: number | undefined): SizeInput {
  const patch = {
    ...(gridFactorKgPerKwh === undefined ? {} : { tariff: { carbonIntensity: gridFactorKgPerKwh } }),
    ...(capKg === undefined ? {} : { investment: { carbonCapKgPerYear: capKg } }),
  }
  return {
    ...{ site, at: `${year}-01-01T00:00`, weatherYears: 1, step: '1h', preview: true, pareto: 0, backtest: 'none' },
    changes: applyMergePatch(changes ?? {}, patch),
  }
}

const todayOf = ({ today, sizes }: SizeOutput): FrontPoint => ({
  ...{ emissionsKg: today.emissionsKgCo2e, costPerYear: today.cost, capex: 0 },
  sizes: Object.fromEntries(sizes.map(({ id, existing }) => [id, existing])),
})

const bestOf = ({ annual, economics, sizes }: SizeOutput): FrontPoint => ({
  ...{ emissionsKg: annual.emissionsKgCo2e, costPerYear: annual.cost, capex: economics.capex },
  sizes: Object.fromEntries(sizes.map(({ id, size }) => [id, size])),
})
