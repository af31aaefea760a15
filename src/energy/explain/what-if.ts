import { defineEngine, type EngineContext, formatIso, stepHours, stepStartMs } from '../../kernel/index.ts'
import { energyErrors } from '../errors.ts'
import { planGrid, settle } from '../plan.ts'
import {
  type PlanOutput,
  type WhatIfDifference,
  type WhatIfInput,
  WhatIfInputSchema,
  type WhatIfOutput,
  WhatIfOutputSchema,
} from '../schema/index.ts'
import { tidy } from '../tidy.ts'
import { type PlannedSite, planSite, planVariant } from './plan-site.ts'

/** Several changes of a site beside each other: what each would cost, and what would be done otherwise. */
export const whatIfEngine = defineEngine({
  id: 'energy.what-if',
  title: 'Try changes of a site',
  description:
    'Plans a site as it is and with each of several named changes, all at once and each from where the plan as it is ended, and tells what they cost, emit and do otherwise.',
  version: '0.1.0',
  input: WhatIfInputSchema,
  output: WhatIfOutputSchema,
  positional: 'site',
  run: whatIf,
})

async function whatIf(input: WhatIfInput, context: EngineContext): Promise<WhatIfOutput> {
  refuseEqualNames(input)
  const site = await context.data.site(input.site, input.changes)
  const grid = planGrid(input, site, context.clock.now())
  context.progress(0.1, 'planning the site as it is')
  const base = await planSite({ site, grid, context })
  context.progress(0.5, 'trying the changes')
  const variants = await Promise.all(
    input.variants.map(async ({ name, changes }) => {
      const patch = input.changes === undefined ? changes : composed(input.changes, changes)
      const changed = await context.data.site(input.site, patch)
      return { name, planned: await planVariant(base, { name, site: changed, grid, context }) }
    }),
  )
  const told = tried('as it is', base)
  return {
    site: site.id,
    start: formatIso(grid.startMs, site.zone),
    startMs: grid.startMs,
    zone: site.zone,
    stepMinutes: stepHours(grid) * 60,
    currency: site.currency,
    base: told,
    variants: variants.map(({ name, planned }) => {
      const own = tried(name, planned)
      const parts = Object.keys(own.cost) as (keyof PlanOutput['cost'])[]
      const cost = Object.fromEntries(parts.map((part) => [part, tidy(own.cost[part] - told.cost[part])]))
      const emissionsKgCo2e = tidy(own.emissionsKgCo2e - told.emissionsKgCo2e)
      return {
        ...own,
        difference: { cost: cost as PlanOutput['cost'], emissionsKgCo2e },
        first: firstDifferences(base, planned),
      }
    }),
  }
}

/** @throws `energy.bad-variants` when two variants share a name */
function refuseEqualNames({ variants }: WhatIfInput): void {
  const names = variants.map(({ name }) => name)
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice === undefined) return
  throw energyErrors.badVariants({
    detail: 'Two variants have one name',
    place: { path: `variants[${names.lastIndexOf(twice)}].name` },
    found: twice,
    expected: 'a name of its own for each',
  })
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** One merge patch that does what two do one after the other. What the second removes stays null, so that it removes. */
function composed(first: unknown, second: unknown): unknown {
  if (!isObject(first) || !isObject(second)) return second
  const names = new Set([...Object.keys(first), ...Object.keys(second)])
  return Object.fromEntries(
    [...names].map((name) => [name, name in second ? composed(first[name], second[name]) : first[name]]),
  )
}

function tried(name: string, { outcomes, frame, status, relaxed, solved }: PlannedSite): WhatIfOutput['base'] {
  const settled = settle(outcomes, frame)
  const parts = { total: settled.total, ...settled.cost, carbon: settled.carbon }
  return {
    name,
    status,
    cost: Object.fromEntries(
      Object.entries(parts).map(([part, value]) => [part, tidy(value)]),
    ) as unknown as PlanOutput['cost'],
    emissionsKgCo2e: tidy(settled.emissionsKgCo2e),
    boundGap: Math.max(0, solved.certificate.boundGap),
    relaxed: [...relaxed],
  }
}

/** A point differs from this much of its largest value on, and at least from this on. */
const shareThatDiffers = 0.01
const leastThatDiffers = 0.1

/** Where the leading point of each asset first differs, the earliest first. */
function firstDifferences(base: PlannedSite, variant: PlannedSite): WhatIfDifference[] {
  const ids = new Set([...base.outcomes.keys(), ...variant.outcomes.keys()])
  const { grid } = base.frame
  return [...ids]
    .flatMap((asset): WhatIfDifference[] => {
      const before = base.outcomes.get(asset)
      const after = variant.outcomes.get(asset)
      const points = (before ?? after)!.points
      const point = ['powerKw', 'heatKw', 'hydrogenKw'].find((candidate) => points[candidate]) ?? Object.keys(points)[0]
      if (point === undefined) return []
      const was = before?.points[point]
      const is = after?.points[point]
      const largest = (values: Float64Array | undefined): number =>
        values?.reduce((most, value) => Math.max(most, Math.abs(value)), 0) ?? 0
      const least = Math.max(leastThatDiffers, shareThatDiffers * Math.max(largest(was), largest(is)))
      for (let step = 0; step < grid.count; step += 1) {
        if (!(Math.abs((is?.[step] ?? 0) - (was?.[step] ?? 0)) > least)) continue
        const unit = before?.units?.[point] ?? after?.units?.[point] ?? 'kW'
        const told = (values: Float64Array | undefined): number | null => (values ? tidy(values[step]!) : null)
        return [{ asset, point, unit, step, atMs: stepStartMs(grid, step), base: told(was), variant: told(is) }]
      }
      return []
    })
    .sort((a, b) => a.step - b.step)
    .slice(0, 12)
}
