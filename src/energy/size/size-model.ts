import type { LinearModel } from '../../kernel/index.ts'
import { perStep } from '../components/component.ts'
import type { Size } from '../components/sized.ts'
import { type Frame, planHours } from '../frame.ts'
import { formulatePark, type ParkModel, type PreparedAsset, type SizeOf } from '../park-model.ts'
import type { Decision } from './size-options.ts'

/** Hours of the year that amounts a year are told for. */
export const yearHours = 8760

/** What a year costs, as the objective of sizing counts it. */
export interface Weights {
  /** Equal yearly cost of one unit of a size over all years, by decision id. */
  readonly investment: ReadonlyMap<string, number>
  /** Equal yearly worth of one unit of money of the first year, for energy and fuel, and for carbon. */
  readonly operation: number
  readonly carbon: number
}

/** A park whose sizes are decided together with every hour of its operation. */
export interface SizeModel {
  readonly park: ParkModel
  readonly model: LinearModel
  /** Columns of the sizes, by decision id. */
  readonly sizeColumns: ReadonlyMap<string, number>
  /** What stands already, by decision id: nothing is paid for it. */
  readonly existing: ReadonlyMap<string, number>
  /** Money, kgCO2e and kWh of import and fossil fuel a year, of one unit of each column. */
  readonly moneyPerUnit: Float64Array
  readonly moneyOffset: number
  readonly emissionsPerUnit: Float64Array
  readonly nonRenewablePerUnit: Float64Array
  /** Row and slack column of the bound on emissions and on energy that is not renewable; the bounds begin open. */
  readonly carbonRow: Target
  readonly renewableRow: Target
  /** Whether commitment was relaxed. */
  readonly relaxedIntegers: boolean
}

/** A bound that may be missed at a price above all else, so that there is always an answer, and the miss is told. */
interface Target {
  readonly row: number
  readonly missed: number
}

/** Price of missing a target by a kg or kWh, as a part of that of load that is not served: targets give way before people do. */
const targetPenalty = 0.5

/** Writes the model of all hours; sizes are columns between their bounds. */
export function writeSizeModel(
  frame: Frame,
  assets: readonly PreparedAsset[],
  decisions: readonly Decision[],
  weights: Weights,
): SizeModel {
  const perYear = yearHours / planHours(frame)
  const carbonPrice = (frame.tariff.carbonPricePerKg * weights.carbon) / weights.operation
  const priced = (carbonPricePerKg: number, penalised: boolean) =>
    write(
      {
        ...frame,
        tariff: { ...frame.tariff, carbonPricePerKg },
        ...(penalised ? {} : { penaltyPerKwh: () => 0 }),
      },
      assets,
      decisions,
    )
  // Costs are linear in every price: two models that differ by one price differ by the quantity that it is the price of.
  const full = priced(carbonPrice, true)
  const { model: plain } = full.park.builder.build()
  const { model: dearer } = priced(carbonPrice + 1, true).park.builder.build()
  const { model: bare } = priced(carbonPrice, false).park.builder.build()
  const emissionsPerUnit = plain.cost.map((cost, j) => (dearer.cost[j]! - cost) * perYear)
  const moneyPerUnit = bare.cost.map((cost) => cost * perYear * weights.operation)
  const nonRenewablePerUnit = new Float64Array(plain.columnCount)
  for (const { formulated } of full.park.parts) {
    for (const { first } of formulated.nonRenewable ?? []) {
      nonRenewablePerUnit.set(perStep(perYear, frame.hours), first)
    }
  }
  const { builder } = full.park
  const dearest = frame.scarcityPricePerKwh * weights.operation
  const targetRow = (name: string, perUnit: Float64Array, pricePerUnit: number): Target => {
    const missed = builder.addColumns(`${name}.missed`, 1, { cost: pricePerUnit })
    const row = builder.beginRow(name, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY)
    perUnit.forEach((value, j) => {
      if (value !== 0) builder.term(j, value)
    })
    builder.term(missed, -1)
    builder.endRow()
    return { row, missed }
  }
  const carbonRow = targetRow('carbon', emissionsPerUnit, dearest * targetPenalty)
  const renewableRow = targetRow('renewable', nonRenewablePerUnit, dearest * targetPenalty)
  const { model } = builder.build()
  const cost = model.cost.map((value, j) => (j < plain.columnCount ? value * perYear * weights.operation : value))
  for (const [id, column] of full.sizeColumns) cost[column]! += weights.investment.get(id) ?? 0
  const widened = (values: Float64Array): Float64Array => {
    const wider = new Float64Array(model.columnCount)
    wider.set(values)
    return wider
  }
  return {
    park: full.park,
    model: {
      ...model,
      offset: model.offset * perYear * weights.operation,
      cost,
      integrality: new Uint8Array(model.columnCount),
    },
    sizeColumns: full.sizeColumns,
    existing: new Map(decisions.map(({ id, option }) => [id, option.existing])),
    moneyPerUnit: widened(moneyPerUnit),
    moneyOffset: bare.offset * perYear * weights.operation,
    emissionsPerUnit: widened(emissionsPerUnit),
    nonRenewablePerUnit: widened(nonRenewablePerUnit),
    carbonRow,
    renewableRow,
    relaxedIntegers: model.integrality.includes(1),
  }
}

function write(frame: Frame, assets: readonly PreparedAsset[], decisions: readonly Decision[]) {
  const sizeColumns = new Map<string, number>()
  const sizeOf: SizeOf = (builder, asset, field): Size | undefined => {
    const decision = decisions.find((one) => one.asset.id === asset.id && one.fields.includes(field))
    if (!decision) return undefined
    const { id, option, fields } = decision
    const known = sizeColumns.get(id)
    const column =
      known ?? builder.addColumns(id, 1, { lower: Math.max(option.min, option.existing), upper: option.max, cost: 0 })
    sizeColumns.set(id, column)
    // Fields stand in the proportion that they have in the asset, whose first field stands at the largest size.
    const per = Number(asset[field]) / Number(asset[fields[0]!])
    return { column, per, most: per * option.max }
  }
  return { park: formulatePark(frame, assets, sizeOf), sizeColumns }
}

/** The model with this bound on kgCO2e a year and on kWh a year that are not renewable, and these sizes where they are given. */
export function withTargets(
  { model, carbonRow, renewableRow, sizeColumns }: SizeModel,
  targets: {
    readonly carbonKg?: number
    readonly nonRenewableKwh?: number
    readonly sizes?: ReadonlyMap<string, number>
  },
): LinearModel {
  const rowUpper = model.rowUpper.slice()
  if (targets.carbonKg !== undefined) rowUpper[carbonRow.row] = targets.carbonKg
  if (targets.nonRenewableKwh !== undefined) rowUpper[renewableRow.row] = targets.nonRenewableKwh
  if (!targets.sizes) return { ...model, rowUpper }
  const columnLower = model.columnLower.slice()
  const columnUpper = model.columnUpper.slice()
  for (const [id, value] of targets.sizes) {
    const column = sizeColumns.get(id)
    if (column === undefined) continue
    columnLower[column] = value
    columnUpper[column] = value
  }
  return { ...model, rowUpper, columnLower, columnUpper }
}
