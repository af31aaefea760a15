import { type Site, stepStartMs } from '../../kernel/index.ts'
import type { Account, Outcome, Surroundings } from '../components/component.ts'
import { type CostParts, type Frame, zeroCost } from '../frame.ts'
import type { PreparedAsset } from '../park-model.ts'
import { createPlant, type Plant, type PlantConditions } from '../plant.ts'
import type { Relaxed } from '../schema/index.ts'

/** What each asset is offered or asked for in a step of prepared inputs. */
export function momentAt(
  { grid, hours }: Pick<Frame, 'grid' | 'hours'>,
  assets: readonly PreparedAsset[],
  k: number,
): Omit<PlantConditions, 'setpointKw'> {
  const offeredKw = new Map<string, number>()
  const surroundings = new Map<string, Surroundings>()
  for (const { asset, component, inputs } of assets) {
    offeredKw.set(asset.id, component.offeredKw(inputs, k))
    if (component.surroundings) surroundings.set(asset.id, component.surroundings(inputs, k))
  }
  return { timestampMs: stepStartMs(grid, k), stepHours: hours[k]!, offeredKw, surroundings }
}

/** Points that a plant says step by step, by `<asset>.<point>`. */
export function createTrace(count: number) {
  const series = new Map<string, Float64Array>()
  return {
    series,
    keep(k: number, points: ReadonlyMap<string, number>): void {
      for (const [ref, value] of points) {
        let values = series.get(ref)
        if (!values) {
          values = new Float64Array(count)
          series.set(ref, values)
        }
        values[k] = value
      }
    },
  }
}

/** What every asset did over a stretch, as a plan would have it: points with what they cost and left undone. */
export function accountFor(
  frame: Frame,
  assets: readonly PreparedAsset[],
  series: ReadonlyMap<string, Float64Array>,
): Map<string, Outcome> {
  const byAsset = new Map<string, Record<string, Float64Array>>()
  for (const [ref, values] of series) {
    const dot = ref.indexOf('.')
    const id = ref.slice(0, dot)
    const points = byAsset.get(id) ?? {}
    points[ref.slice(dot + 1)] = values
    byAsset.set(id, points)
  }
  return new Map(
    assets.map(({ asset, component, inputs }) => {
      const points = byAsset.get(asset.id) ?? {}
      const values = (point: string): Float64Array => points[point] ?? new Float64Array()
      const account: Account = component.account?.({ asset, inputs, frame, values }) ?? nothing
      return [asset.id, { points, ...account }]
    }),
  )
}

const nothing: Account = { cost: {}, emissionsKgCo2e: 0, relaxed: [] }

/** Money of several outcomes, part by part. */
export function addCosts(outcomes: Iterable<Pick<Outcome, 'cost'>>): CostParts {
  const sum = zeroCost()
  for (const { cost } of outcomes) {
    for (const part of Object.keys(sum) as (keyof CostParts)[]) sum[part] += cost[part] ?? 0
  }
  return sum
}

export interface RolledOut {
  readonly outcomes: ReadonlyMap<string, Outcome>
  readonly relaxed: readonly Relaxed[]
  readonly plant: Plant
}

/** What machines are told in a step. */
export type Told = Pick<PlantConditions, 'setpointKw' | 'partsKw'>

/** Set points of a step, from what is offered and where the plant stands. */
export type Setpoints = (k: number, moment: Omit<PlantConditions, 'setpointKw'>, plant: Plant) => Told

/**
 * What a site would do over the steps of a frame when its machines were told these set points: a plan by physics instead of
 * by a program. It has all that a plan is checked for.
 */
export function rollOut(site: Site, frame: Frame, assets: readonly PreparedAsset[], setpoints: Setpoints): RolledOut {
  const plant = createPlant(site)
  const trace = createTrace(frame.grid.count)
  let surplusKwh = 0
  for (let k = 0; k < frame.grid.count; k += 1) {
    const moment = momentAt(frame, assets, k)
    trace.keep(k, plant.step({ ...moment, ...setpoints(k, moment, plant) }))
    for (const { powerKw } of plant.imbalances) surplusKwh += Math.max(0, powerKw) * frame.hours[k]!
  }
  const outcomes = accountFor(frame, assets, trace.series)
  const surplus: Relaxed[] =
    surplusKwh > 0.01
      ? [
          {
            wish: 'must-run',
            asset: site.id,
            amount: surplusKwh,
            unit: 'kWh',
            reason: `${surplusKwh.toFixed(1)} kWh have nowhere to go.`,
            reasonCode: 'site.surplus',
          },
        ]
      : []
  return { outcomes, relaxed: [...surplus, ...[...outcomes.values()].flatMap(({ relaxed }) => relaxed)], plant }
}
