import { type Asset, type DataPort, MangroveError, type Problem } from '../kernel/index.ts'
import { createModelBuilder, type ModelBuilder } from '../solve/index.ts'
import { type Bus, createBus } from './bus.ts'
import type { Exclusive, Formulated, Outcome } from './components/component.ts'
import { type AnyComponent, componentOf } from './components/index.ts'
import { energyErrors } from './errors.ts'
import type { Frame } from './frame.ts'
import type { Relaxed } from './schema/index.ts'

/** An asset with its component and the series it needs. */
export interface PreparedAsset {
  readonly asset: Asset
  readonly component: AnyComponent
  readonly inputs: unknown
}

/**
 * Reads the inputs of all assets that take part in energy; others (a camera) pass by.
 *
 * @throws one error with the problems of all assets; `energy.bad-asset` when there is none
 */
export async function prepareAssets(frame: Frame, data: DataPort): Promise<PreparedAsset[]> {
  const prepared: PreparedAsset[] = []
  const problems: Problem[] = []
  for (const asset of frame.site.assets) {
    const component = componentOf(asset.kind)
    if (!component) continue
    try {
      prepared.push({ asset, component, inputs: await component.prepare(asset, frame, data) })
    } catch (error) {
      if (!(error instanceof MangroveError)) throw error
      problems.push(...error.problems)
    }
  }
  if (problems.length > 0) throw new MangroveError(problems)
  if (prepared.length === 0) {
    throw energyErrors.badAsset({
      detail: 'No asset of the site takes part in energy: there is nothing to plan',
      place: { file: frame.site.source.file, path: 'assets' },
      expected: 'a load, a source, a store or a grid connection',
    })
  }
  return prepared
}

/** The same assets on a day without storage and shifting. */
export const baselineAssets = (assets: readonly PreparedAsset[], frame: Frame): PreparedAsset[] =>
  assets.flatMap(({ asset, component, inputs }) => {
    if (!component.baseline) return [{ asset, component, inputs }]
    const plain = component.baseline(asset, inputs, frame)
    return plain ? [{ asset: plain.asset as Asset, component, inputs: plain.inputs }] : []
  })

/** A park as a linear model, with the way back from columns to kilowatts. */
export interface ParkModel {
  readonly builder: ModelBuilder
  readonly parts: readonly { readonly prepared: PreparedAsset; readonly formulated: Formulated }[]
  readonly exclusives: readonly Exclusive[]
  readonly integers: readonly { readonly first: number; readonly count: number }[]
  /** First of the bus rows, one a step. */
  readonly busRow: number
  /** Surplus that nothing can take, kW a step. */
  readonly surplusColumn: number
}

/** Writes the model of a park: every asset adds its variables and limits, the bus ties them. */
export function formulatePark(frame: Frame, assets: readonly PreparedAsset[]): ParkModel {
  const builder = createModelBuilder()
  const bus: Bus = createBus(frame.grid.count)
  const parts = assets.map((prepared) => ({
    prepared,
    formulated: prepared.component.formulate({
      asset: prepared.asset,
      inputs: prepared.inputs,
      frame,
      model: builder,
      bus,
    }),
  }))
  const surplusColumn = builder.addColumns('surplusKw', frame.grid.count, {
    upper: Number.POSITIVE_INFINITY,
    cost: frame.penaltyPerKwh('must-run') * frame.stepHours,
  })
  bus.draw(surplusColumn, 0, frame.grid.count)
  return {
    builder,
    parts,
    exclusives: parts.flatMap(({ formulated }) => formulated.exclusives ?? []),
    integers: parts.flatMap(({ formulated }) => formulated.integers ?? []),
    busRow: bus.balance(builder),
    surplusColumn,
  }
}

/** Reads every asset's outcome from a solution. */
export const readOutcomes = (park: ParkModel, columnValues: Float64Array): Map<string, Outcome> =>
  new Map(park.parts.map(({ prepared, formulated }) => [prepared.asset.id, formulated.read(columnValues)]))

/** Must-run power that neither the site nor its export can take, as a named relaxation. */
export function readSurplus(park: ParkModel, frame: Frame, columnValues: Float64Array): Relaxed[] {
  let amount = 0
  let step = -1
  for (let k = 0; k < frame.grid.count; k += 1) {
    const surplusKw = columnValues[park.surplusColumn + k]!
    amount += surplusKw * frame.stepHours
    if (step < 0 && surplusKw > 1e-6) step = k
  }
  if (amount <= 0.01) return []
  return [
    {
      wish: 'must-run',
      asset: frame.site.id,
      amount,
      unit: 'kWh',
      reason: `${amount.toFixed(1)} kWh of must-run power have nowhere to go: load, storage and the export limit are full. Make a source curtailable or raise the export limit.`,
      reasonCode: 'site.surplus',
      atMs: frame.grid.startMs + step * frame.grid.stepMs,
    },
  ]
}
