import { type Asset, type DataPort, MangroveError, type Problem, stepStartMs } from '../kernel/index.ts'
import { createModelBuilder, type ModelBuilder } from '../solve/index.ts'
import { type BusPlace, type BusUse, type Carrier, createBuses, mainBus, noteUses } from './bus.ts'
import { isBranch } from './components/branch.ts'
import { type Exclusive, type Flow, type Formulated, type Outcome, perStep } from './components/component.ts'
import { type AnyComponent, componentOf } from './components/index.ts'
import { reserveFlows } from './components/reserve.ts'
import type { Size } from './components/sized.ts'
import { writeCovers } from './covers.ts'
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

/** Equal machines that were written as one, or one machine alone. */
interface Part {
  readonly members: readonly PreparedAsset[]
  readonly formulated: Formulated
  /** What its columns give the buses and take from them. */
  readonly uses: readonly BusUse[]
}

/** A park as a linear model, with the way back from columns to kilowatts. */
export interface ParkModel {
  readonly builder: ModelBuilder
  readonly parts: readonly Part[]
  readonly exclusives: readonly Exclusive[]
  readonly integers: readonly { readonly first: number; readonly count: number }[]
  readonly buses: readonly BusPlace[]
  /** Writes the rows that only tighten the relaxation, for `LinearModel.cutRows`; see `covers.ts`. Absent: there are none. */
  readonly writeCuts?: () => readonly { readonly first: number; readonly count: number }[]
}

/** Decides a size of an asset; undefined where the site file's number stands. */
export type SizeOf = (builder: ModelBuilder, asset: Asset, field: string) => Size | undefined

/** Assets in the order of the site, those with one likeness together. */
function groupAlike(assets: readonly PreparedAsset[]): PreparedAsset[][] {
  const groups = new Map<string, PreparedAsset[]>()
  for (const prepared of assets) {
    const { asset, component } = prepared
    const likeness = component.likeness?.(asset)
    const key = likeness === undefined ? `id/${asset.id}` : `${asset.kind}/${likeness}`
    const group = groups.get(key) ?? []
    groups.set(key, group)
    group.push(prepared)
  }
  return [...groups.values()]
}

/**
 * Writes the model of a park: every asset adds its variables and limits, the buses tie them.
 *
 * @param builder where to write it; absent: a new model
 */
export function formulatePark(
  frame: Frame,
  assets: readonly PreparedAsset[],
  sizeOf?: SizeOf,
  builder: ModelBuilder = createModelBuilder(),
): ParkModel {
  const allBuses = createBuses(builder, frame.grid.count)
  // Sizes that are decided differ, so no machine is like another then.
  const groups = sizeOf ? assets.map((prepared) => [prepared]) : groupAlike(assets)
  const parts = groups.map((members): Part => {
    const uses: BusUse[] = []
    const buses = noteUses(allBuses, uses)
    const [{ asset, component, inputs }, ...others] = members as [PreparedAsset, ...PreparedAsset[]]
    return {
      members,
      uses,
      formulated: component.formulate({
        asset,
        inputs,
        frame,
        model: builder,
        bus: buses.of('electricity', busOf(asset)),
        buses,
        size: (field: string) => sizeOf?.(builder, asset, field) ?? (asset[field] as number),
        alike: others.map((other) => other.asset),
      }),
    }
  })
  const places = allBuses.balance(perStep(frame.penaltyPerKwh('must-run'), frame.hours))
  return {
    builder,
    parts,
    ...(sizeOf ? {} : { writeCuts: () => writeCovers(builder, parts, places) }),
    exclusives: parts.flatMap(({ formulated }) => formulated.exclusives ?? []),
    integers: parts.flatMap(({ formulated }) => formulated.integers ?? []),
    buses: places,
  }
}

/** The electricity bus an asset stands on; of a line or transformer the one where it ends. */
export const busOf = (asset: Asset): string => {
  if (typeof asset.bus === 'string') return asset.bus
  return isBranch(asset) ? asset.to : mainBus
}

/** Reads every asset's outcome from a solution. */
export const readOutcomes = (park: ParkModel, columnValues: Float64Array): Map<string, Outcome> =>
  new Map(
    park.parts.flatMap(({ members, formulated }) => {
      const each = formulated.readEach?.(columnValues) ?? [formulated.read(columnValues)]
      return members.map(({ asset }, index) => [asset.id, each[index]!] as const)
    }),
  )

/** What an asset gives each bus in a published outcome. */
export const flowsOf = (
  { asset, component }: Pick<PreparedAsset, 'asset' | 'component'>,
  outcome: Outcome,
): readonly Flow[] => {
  if (component.flows) return [...component.flows(asset, outcome), ...reserveFlows(outcome)]
  const { powerKw } = outcome.points
  if (!powerKw) return []
  return [
    { carrier: 'electricity', bus: busOf(asset), powerKw: component.draws ? powerKw.map((value) => -value) : powerKw },
    ...reserveFlows(outcome),
  ]
}

const surplusWords: Partial<Record<Carrier, string>> = {
  electricity: 'load, storage and the export limit are full. Make a source curtailable or raise the export limit.',
  heat: 'heat demand and thermal stores are full. Let the source reject heat, or add a store.',
  hydrogen: 'hydrogen demand and stores are full.',
}

/** Must-run power that neither the site nor its export can take, as a named relaxation of each bus. */
export function readSurplus(park: ParkModel, frame: Frame, columnValues: Float64Array): Relaxed[] {
  return park.buses.flatMap(({ carrier, name, surplus }) => {
    if (surplus < 0) return []
    let amount = 0
    let step = -1
    for (let k = 0; k < frame.grid.count; k += 1) {
      const surplusKw = columnValues[surplus + k]!
      amount += surplusKw * frame.hours[k]!
      if (step < 0 && surplusKw > 1e-6) step = k
    }
    if (amount <= 0.01) return []
    const what = carrier === 'electricity' ? 'must-run power' : carrier
    const where = name === mainBus ? '' : ` on bus ${name}`
    return [
      {
        wish: 'must-run',
        asset: frame.site.id,
        amount,
        unit: 'kWh',
        reason: `${amount.toFixed(1)} kWh of ${what} have nowhere to go${where}: ${surplusWords[carrier] ?? 'nothing can take them.'}`,
        reasonCode: carrier === 'electricity' ? 'site.surplus' : `site.surplus-${carrier}`,
        atMs: stepStartMs(frame.grid, step),
      },
    ]
  })
}
