import type { LinearModel } from '../../kernel/index.ts'
import { createModelBuilder, type ModelBuilder, type ModelLayout } from '../../solve/index.ts'
import { perStep } from '../components/component.ts'
import type { Size } from '../components/sized.ts'
import { type Frame, planHours } from '../frame.ts'
import { formulatePark, type ParkModel, type PreparedAsset, type SizeOf } from '../park-model.ts'
import { createCostBook } from './cost-book.ts'
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
  readonly layout: ModelLayout
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
  /** Row of what is paid for all that is new; its bound begins open. */
  readonly capexRow: number
  /** What is paid for what stands already, as the row counts it: nobody pays it again. */
  readonly standingCapex: number
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

/** Writes the model of all steps; sizes are columns between their bounds. */
export function writeSizeModel(
  frame: Frame,
  assets: readonly PreparedAsset[],
  decisions: readonly Decision[],
  weights: Weights,
): SizeModel {
  const perYear = yearHours / planHours(frame)
  const carbonPrice = (frame.tariff.carbonPricePerKg * weights.carbon) / weights.operation
  const pricedAt = (carbonPricePerKg: number): Frame => ({ ...frame, tariff: { ...frame.tariff, carbonPricePerKg } })
  const builder = createModelBuilder()
  const { park, sizeColumns } = write(pricedAt(carbonPrice), assets, decisions, builder)
  const plainCount = builder.columnCount
  // Costs are linear in every price, so what a park costs at a price more by one tells the quantity it is the price of.
  // For that its rows need not be written again.
  const costsOf = (priced: Frame) => {
    const book = createCostBook(plainCount)
    write({ ...priced, penaltyPerKwh: () => 0 }, assets, decisions, book)
    return book.costs()
  }
  const bare = costsOf(pricedAt(carbonPrice))
  const { cost: dearer } = costsOf(pricedAt(carbonPrice + 1))
  const emissionsPerUnit = new Float64Array(plainCount + targets)
  const moneyPerUnit = new Float64Array(plainCount + targets)
  const nonRenewablePerUnit = new Float64Array(plainCount + targets)
  for (let j = 0; j < plainCount; j += 1) {
    emissionsPerUnit[j] = (dearer[j]! - bare.cost[j]!) * perYear
    moneyPerUnit[j] = bare.cost[j]! * perYear * weights.operation
  }
  for (const { formulated } of park.parts) {
    for (const { first } of formulated.nonRenewable ?? []) {
      nonRenewablePerUnit.set(perStep(perYear, frame.hours), first)
    }
  }
  const dearest = frame.scarcityPricePerKwh * weights.operation
  const targetRow = (name: string, perUnit: Float64Array): Target => {
    const missed = builder.addColumns(`${name}.missed`, 1, { cost: 0 })
    const row = builder.beginRow(name, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY)
    for (let j = 0; j < plainCount; j += 1) if (perUnit[j] !== 0) builder.term(j, perUnit[j]!)
    builder.term(missed, -1)
    builder.endRow()
    return { row, missed }
  }
  const carbonRow = targetRow('carbon', emissionsPerUnit)
  const renewableRow = targetRow('renewable', nonRenewablePerUnit)
  const capexRow = builder.beginRow('capex', Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY)
  for (const decision of decisions) {
    const column = sizeColumns.get(decision.id)
    if (column !== undefined) builder.term(column, capexPerUnit(decision))
  }
  builder.endRow()
  const { model, layout } = builder.build()
  const { cost } = model
  for (let j = 0; j < plainCount; j += 1) cost[j] = cost[j]! * perYear * weights.operation
  for (const { missed } of [carbonRow, renewableRow]) cost[missed] = dearest * targetPenalty
  for (const [id, column] of sizeColumns) cost[column]! += weights.investment.get(id) ?? 0
  return {
    park,
    model: {
      ...model,
      offset: model.offset * perYear * weights.operation,
      integrality: new Uint8Array(model.columnCount),
    },
    layout,
    sizeColumns,
    existing: new Map(decisions.map(({ id, option }) => [id, option.existing])),
    moneyPerUnit,
    moneyOffset: bare.offset * perYear * weights.operation,
    emissionsPerUnit,
    nonRenewablePerUnit,
    carbonRow,
    renewableRow,
    capexRow,
    standingCapex: decisions.reduce((sum, one) => sum + capexPerUnit(one) * one.option.existing, 0),
    relaxedIntegers: model.integrality.includes(1),
  }
}

/** What its owner pays for one unit more. */
const capexPerUnit = ({ option }: Decision): number => option.capexPerUnit * (1 - option.subsidyShare)

/** Columns that only the targets have. */
const targets = 2

function write(frame: Frame, assets: readonly PreparedAsset[], decisions: readonly Decision[], builder: ModelBuilder) {
  const sizeColumns = new Map<string, number>()
  const sizeOf: SizeOf = (model, asset, field): Size | undefined => {
    const decision = decisions.find((one) => one.asset.id === asset.id && one.fields.includes(field))
    if (!decision) return undefined
    const { id, option, fields } = decision
    const known = sizeColumns.get(id)
    const column =
      known ?? model.addColumns(id, 1, { lower: Math.max(option.min, option.existing), upper: option.max, cost: 0 })
    sizeColumns.set(id, column)
    // Fields stand in the proportion that they have in the asset, whose first field stands at the largest size.
    const per = field === fields[0] ? 1 : Number(asset[field]) / Number(asset[fields[0]!])
    return { column, per, most: per * option.max }
  }
  return { park: formulatePark(frame, assets, sizeOf, builder), sizeColumns }
}

/**
 * The model with this bound on kgCO2e a year, on kWh a year that are not renewable and on what is paid for all that is new, and
 * these sizes where they are given.
 */
export function withTargets(
  { model, carbonRow, renewableRow, capexRow, standingCapex, sizeColumns }: SizeModel,
  targets: {
    readonly carbonKg?: number
    readonly nonRenewableKwh?: number
    readonly capex?: number
    readonly sizes?: ReadonlyMap<string, number>
  },
): LinearModel {
  const rowUpper = model.rowUpper.slice()
  if (targets.carbonKg !== undefined) rowUpper[carbonRow.row] = targets.carbonKg
  if (targets.nonRenewableKwh !== undefined) rowUpper[renewableRow.row] = targets.nonRenewableKwh
  if (targets.capex !== undefined) rowUpper[capexRow] = targets.capex + standingCapex
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
