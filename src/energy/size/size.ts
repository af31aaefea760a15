import { defineEngine, type EngineContext, formatIso } from '../../kernel/index.ts'
import { annuityFactor } from '../economics/index.ts'
import { planHours } from '../frame.ts'
import { type FrontPoint, type SizeInput, SizeInputSchema, type SizeOutput, SizeOutputSchema } from '../schema/index.ts'
import { tidy } from '../tidy.ts'
import { previewDays } from './preview-days.ts'
import { type Proof, proveSizes } from './proof.ts'
import type { AlikeDays } from './share-days.ts'
import { type SizeAnswer, sizeGap, solveYear } from './size-answer.ts'
import { sizePatch } from './size-options.ts'
import { readTask, type SizeTask, type SizeYear, writeYear, yearGrid } from './size-year.ts'
import { sizeReasons } from './words.ts'
import { cashFlowOf, economicsOf, firstYear } from './worth.ts'

/** Decides what to build: sizes and every hour of their operation together, proven to a thousandth. */
export const sizeEngine = defineEngine({
  id: 'energy.size',
  title: 'Size what a site could build',
  description:
    'Finds the sizes of PV, wind, storage, gensets, electrolysers and more that make the years of a site cheapest: capex, replacements, salvage and upkeep against energy, demand charges, fuel and carbon of every hour, under a cap on carbon or a least renewable share. The sizes are then tried with the live controller.',
  version: '0.1.0',
  input: SizeInputSchema,
  output: SizeOutputSchema,
  long: true,
  positional: 'site',
  run: size,
})

const stepMs: Readonly<Record<SizeInput['step'], number>> = { '1h': 3_600_000, '30m': 1_800_000, '15m': 900_000 }
/** Step of the quick answer. */
const previewStep = '1h'

async function size(input: SizeInput, context: EngineContext): Promise<SizeOutput> {
  context.progress(0.01, 'reading the site')
  const task = await readTask(input, context)
  const { site } = task
  const now = context.clock.now()
  const written = (step: SizeInput['step']) => writeYear(task, yearGrid(input, site, now, stepMs[step]), context)
  const hourly = await written(previewStep)
  context.progress(0.05, 'a quick answer on typical days')
  const alike = previewDays(hourly.frame, hourly.assets)
  const quick = await answerYear(task, hourly, context, alike)
  const preview = {
    sizes: rounded(quick.best.sizes),
    netPresentValue: tidy(worthOf(task, hourly, quick).economics.netPresentValue),
    stepHours: stepMs[previewStep] / 3_600_000,
    typicalDays: 1 + (alike?.groupOfDay.reduce((most, group) => Math.max(most, group), 0) ?? 0),
  }
  if (input.preview) {
    const front = input.pareto > 0 ? await frontOf(task, hourly, quick, input.pareto, context, alike) : []
    return publish(task, hourly, quick, { status: 'preview', preview: null, front, proof: null })
  }
  context.progress(
    0.15,
    `a first answer: net present value ${Math.round(preview.netPresentValue)} ${site.currency}; now every hour`,
  )
  const year = input.step === previewStep ? hourly : await written(input.step)
  const exact = await answerYear(task, year, context)
  context.progress(0.5, input.pareto > 0 ? 'cost against carbon' : 'trying the sizes with the live controller')
  const front = input.pareto > 0 ? await frontOf(task, year, exact, input.pareto, context) : []
  const proof =
    input.backtest === 'none' ? null : await proveSizes(input, task, exact.best.sizes, year.frame.grid.startMs, context)
  const missed = exact.best.missedCarbonKg > 1 || exact.best.missedRenewableKwh > 1
  return publish(task, year, exact, { status: missed ? 'target-missed' : 'optimal', preview, front, proof })
}

/** The best sizes of a year, and the year with what stands already. */
interface Answers {
  readonly best: SizeAnswer
  readonly today: SizeAnswer
}

async function answerYear(task: SizeTask, year: SizeYear, context: EngineContext, alike?: AlikeDays): Promise<Answers> {
  const { investment, weights, decisions } = task
  const existing = new Map(decisions.map(({ id, option }) => [id, option.existing]))
  const [best, today] = await Promise.all([
    solveYear(
      year,
      {
        ...(investment.carbonCapKgPerYear === undefined ? {} : { carbonKg: investment.carbonCapKgPerYear }),
        ...(investment.minRenewableShare === undefined
          ? {}
          : { nonRenewableKwh: (1 - investment.minRenewableShare) * year.demandKwh }),
        ...budgetOf(task),
      },
      weights.investment,
      context,
      alike,
    ),
    solveYear(year, { sizes: existing }, weights.investment, context, alike),
  ])
  return { best, today }
}

/** What may be paid for all that is new, where the site says so. */
const budgetOf = ({ investment: { mostCapex } }: SizeTask): { readonly capex?: number } =>
  mostCapex === undefined ? {} : { capex: mostCapex }

function worthOf(task: SizeTask, year: SizeYear, { best, today }: Answers) {
  const price = year.frame.tariff.carbonPricePerKg
  const [before, then] = [firstYear(task, today, price), firstYear(task, best, price)]
  const cashFlow = cashFlowOf(task, best.sizes, before, then)
  return { cashFlow, economics: economicsOf(task, cashFlow, before, then, year.demandKwh), before, then }
}

const renewableShare = ({ nonRenewableKwh }: SizeAnswer, { demandKwh }: SizeYear): number =>
  demandKwh > 0 ? 1 - nonRenewableKwh / demandKwh : 0

/**
 * The front of cost and carbon: the cheapest sizes for caps between the emissions of the cheapest answer and the least that
 * the largest sizes, or the budget, can reach (ε-constraint method; Haimes et al. 1971, IEEE Trans. SMC 1(3)).
 */
async function frontOf(
  task: SizeTask,
  year: SizeYear,
  answers: Answers,
  points: number,
  context: EngineContext,
  alike?: AlikeDays,
): Promise<FrontPoint[]> {
  const { weights } = task
  const { best } = answers
  const budget = budgetOf(task)
  // A cap that nothing can meet is missed by the least that can be missed: what is left are the least emissions.
  const least = await solveYear(year, { carbonKg: 0, ...budget }, weights.investment, context, alike)
  const low = Math.max(0, least.emissionsKgCo2e)
  const caps = Array.from(
    { length: points },
    (_, k) => best.emissionsKgCo2e - ((best.emissionsKgCo2e - low) * (k + 1)) / (points + 1),
  )
  let done = 0
  const solved = await Promise.all(
    caps.map(async (carbonKg) => {
      const answer = await solveYear(year, { carbonKg, ...budget }, weights.investment, context, alike)
      done += 1
      context.progress(0.5 + (0.2 * done) / points, `cost against carbon: ${done} of ${points}`)
      return answer
    }),
  )
  return [best, ...solved, least].map((answer): FrontPoint => {
    const { economics } = worthOf(task, year, { best: answer, today: answers.today })
    return {
      emissionsKgCo2ePerYear: tidy(answer.emissionsKgCo2e),
      annualCost: tidy(answer.annualCost),
      netPresentValue: tidy(economics.netPresentValue),
      capex: tidy(economics.capex),
      renewableShare: tidy(renewableShare(answer, year)),
      unservedKwh: tidy(answer.unservedKwh),
      sizes: rounded(answer.sizes),
      economics: tidied(economics),
      assets: sizePatch(task.site, task.decisions, answer.sizes),
      boundGap: Math.max(0, answer.certificate.boundGap),
    }
  })
}

interface Extras {
  readonly status: SizeOutput['status']
  readonly preview: SizeOutput['preview']
  readonly front: readonly FrontPoint[]
  readonly proof: Proof | null
}

function publish(task: SizeTask, year: SizeYear, answers: Answers, extras: Extras): SizeOutput {
  const { site, decisions, terms, weights, investment } = task
  const { best, today } = answers
  const { economics } = worthOf(task, year, answers)
  const proof = extras.proof && {
    ...extras.proof,
    netPresentValue: tidy(
      economics.netPresentValue -
        extras.proof.extraPerYear * weights.operation * annuityFactor(terms.realRate, terms.years),
    ),
  }
  const { grid } = year.frame
  const sizes = decisions.map(({ id, option, unit, asset }) => {
    const value = best.sizes.get(id) ?? 0
    const added = Math.max(0, value - option.existing)
    return {
      id,
      title: asset.title,
      unit,
      size: tidy(value),
      existing: option.existing,
      max: option.max,
      capex: tidy(added * option.capexPerUnit * (1 - option.subsidyShare)),
      annualCost: tidy((weights.investment.get(id) ?? 0) * added),
    }
  })
  return {
    site: site.id,
    currency: site.currency,
    start: formatIso(grid.startMs, site.zone),
    hours: Math.round(planHours(year.frame)),
    years: investment.years,
    status: extras.status,
    sizes,
    annual: {
      cost: tidy(best.annualCost),
      investment: tidy(best.annualCost - best.operation),
      operation: tidy(best.operation),
      emissionsKgCo2e: tidy(best.emissionsKgCo2e),
      energyUsedKwh: tidy(year.demandKwh),
      importKwh: tidy(best.nonRenewableKwh),
      renewableShare: tidy(renewableShare(best, year)),
      unservedKwh: tidy(best.unservedKwh),
    },
    today: {
      cost: tidy(today.operation),
      emissionsKgCo2e: tidy(today.emissionsKgCo2e),
      renewableShare: tidy(renewableShare(today, year)),
      unservedKwh: tidy(today.unservedKwh),
    },
    economics: tidied(economics),
    assets: sizePatch(site, decisions, best.sizes),
    certificate: {
      maxResidual: best.certificate.maxResidual,
      boundGap: Math.max(0, best.certificate.boundGap),
      ok: best.certificate.ok && best.certificate.boundGap <= sizeGap,
      columns: best.model.columnCount,
      rows: best.model.rowCount,
      nonzeros: best.model.coefficient.length,
    },
    preview: extras.preview,
    proof: proof && {
      controller: proof.controller,
      span: proof.span,
      cost: proof.cost,
      perfectCost: proof.perfectCost,
      ruleCost: proof.ruleCost,
      emissionsKgCo2e: proof.emissionsKgCo2e,
      unservedKwh: proof.unservedKwh,
      netPresentValue: proof.netPresentValue,
    },
    front: [...extras.front],
    reasons: sizeReasons(task, year, best, today, extras.proof),
    synthetic: year.frame.weather?.synthetic ?? false,
  }
}

const tidied = (economics: SizeOutput['economics']): SizeOutput['economics'] => ({
  ...economics,
  capex: tidy(economics.capex),
  netPresentValue: tidy(economics.netPresentValue),
  cashFlow: economics.cashFlow.map((row) =>
    Object.fromEntries(Object.entries(row).map(([item, amount]) => [item, tidy(amount)])),
  ),
})

const rounded = (sizes: ReadonlyMap<string, number>): Record<string, number> =>
  Object.fromEntries([...sizes].map(([id, value]) => [id, Math.round(value * 1000) / 1000]))
