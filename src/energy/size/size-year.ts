import { type EngineContext, parseInstant, type Site, type StepGrid, type TimeGrid } from '../../kernel/index.ts'
import { sumKwh } from '../components/component.ts'
import { componentOf } from '../components/index.ts'
import { annualUnitCosts, createTerms, levelisationFactor, type Terms } from '../economics/index.ts'
import { energyErrors } from '../errors.ts'
import { type Frame, planHours } from '../frame.ts'
import { type PreparedAsset, prepareAssets } from '../park-model.ts'
import { createFrame } from '../plan-frame.ts'
import type { Investment, SizeInput } from '../schema/index.ts'
import { type SizeModel, type Weights, writeSizeModel, yearHours } from './size-model.ts'
import { type Decision, readDecisions, resizeSite } from './size-options.ts'

/** What is to be sized, read and weighed. */
export interface SizeTask {
  readonly site: Site
  readonly investment: Investment
  readonly decisions: readonly Decision[]
  readonly terms: Terms
  readonly weights: Weights
}

/** A year written as a model on steps, equally long or not. */
export interface SizeYear {
  readonly frame: Frame
  readonly assets: readonly PreparedAsset[]
  readonly sizeModel: SizeModel
  /** Energy that loads and other uses ask for, kWh a year; what stores and converters take is not among it. */
  readonly demandKwh: number
}

/** @throws `energy.bad-size` */
export async function readTask(input: SizeInput, context: EngineContext): Promise<SizeTask> {
  const site = await context.data.site(input.site, input.changes)
  const investment = site.sections.investment as Investment | undefined
  if (!investment) {
    throw energyErrors.badSize({
      detail: 'The site says nothing of what could be built and what it costs',
      place: { file: site.source.file, path: 'investment' },
      expected: 'a section `investment` with `options`',
    })
  }
  const decisions = readDecisions(site, investment.options)
  refuseBudget(site, investment)
  const { years, discountRate, opexEscalation, energyEscalation, carbonEscalation } = investment
  const terms = createTerms({ years, discountRate })
  return {
    site,
    investment,
    decisions,
    terms,
    weights: {
      investment: new Map(
        decisions.map(({ id, option }) => [
          id,
          annualUnitCosts(terms, { ...option, opexEscalation })[0]?.annualPerUnit ?? 0,
        ]),
      ),
      operation: levelisationFactor(terms, { escalation: energyEscalation }),
      carbon: levelisationFactor(terms, { escalation: carbonEscalation }),
    },
  }
}

/** @throws `energy.bad-size` for a budget that the least sizes exceed */
function refuseBudget({ source }: Site, { mostCapex, options }: Investment): void {
  const least = options.reduce(
    (sum, { min, existing, capexPerUnit, subsidyShare }) =>
      sum + Math.max(0, min - existing) * capexPerUnit * (1 - subsidyShare),
    0,
  )
  if (mostCapex === undefined || least <= mostCapex) return
  throw energyErrors.badSize({
    detail: 'The least sizes cost more than the budget',
    place: { file: source.file, path: 'investment.mostCapex' },
    found: mostCapex,
    expected: `at least ${Math.ceil(least)}`,
  })
}

/** The grid of so many years from the moment asked for, or from the first of January. */
export function yearGrid(input: SizeInput, site: Site, nowMs: number, stepMs: number): TimeGrid {
  const year = new Date(nowMs).getUTCFullYear()
  const startMs = parseInstant(input.at ?? `${year}-01-01T00:00`, site.zone)
  return { startMs, stepMs, count: Math.round((input.weatherYears * yearHours * 3_600_000) / stepMs) }
}

/** How much dearer than the dearest kWh by choice a missed kWh is when a site is sized. */
const scarcityFactor = 10

/**
 * Reads the site at its largest sizes on a grid and writes the model of its year. What a wish costs that is missed is put
 * lower than in plans: dear enough that no machine is spared for it, near enough to money that the numbers stay good.
 */
export async function writeYear(task: SizeTask, grid: StepGrid, context: EngineContext): Promise<SizeYear> {
  const { site, decisions, weights } = task
  const largest = resizeSite(site, decisions, new Map(decisions.map(({ id, option }) => [id, option.max])))
  const planFrame = await createFrame(largest, grid, context.data)
  const dearest = dearestPerKwh(planFrame)
  const frame: Frame = {
    ...planFrame,
    cyclic: true,
    penaltyPerKwh: () => scarcityFactor * dearest,
    scarcityPricePerKwh: scarcityFactor * dearest,
  }
  const assets = await prepareAssets(frame, context.data)
  const sizeModel = writeSizeModel(frame, assets, decisions, weights)
  return { frame, assets, sizeModel, demandKwh: demandOf(frame, assets) }
}

/** The dearest kWh that is bought or made from fuel in the year, with its carbon. */
function dearestPerKwh({ tariff, site }: Frame): number {
  let dearest = 1e-3
  tariff.importPrice.forEach((price, k) => {
    dearest = Math.max(dearest, Math.abs(price) + tariff.carbonPricePerKg * tariff.carbonIntensity[k]!)
  })
  for (const asset of site.assets) {
    dearest = Math.max(dearest, componentOf(asset.kind)?.dearestPerKwh?.(asset, tariff.carbonPricePerKg) ?? 0)
  }
  return dearest
}

/** kWh a year of what draws from the electricity buses by its own demand. */
function demandOf(frame: Frame, assets: readonly PreparedAsset[]): number {
  let sum = 0
  for (const { component, inputs } of assets) {
    const { demandKw } = (inputs ?? {}) as { demandKw?: Float64Array }
    if (component.draws && demandKw) sum += sumKwh(demandKw, frame.hours)
  }
  return (sum * yearHours) / planHours(frame)
}
