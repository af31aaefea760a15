import type { ModelBuilder } from '../../../src/solve/index.ts'
import type { EvccBattery, EvccRequest } from './request.ts'
import type { EvccWeights } from './weights.ts'

/** First columns of the blocks of one column a step; energies in kWh. */
export interface GridColumns {
  readonly imported: number
  readonly exported: number
  /** 1 = the step exports, 0 = it imports. */
  readonly direction: number
  /** Import above the limit; −1 without a limit. */
  readonly importExcess: number
  /** What the export limit keeps from the grid; −1 without a limit. */
  readonly exportExcess: number
  /** Highest power above the import threshold, kW; −1 when it has no price. */
  readonly peakExcess: number
}

/** The parts of a formulation that all its functions share. */
export interface Formulation {
  readonly builder: ModelBuilder
  readonly request: EvccRequest
  readonly weights: EvccWeights
  readonly steps: number
  readonly stepH: readonly number[]
  /** Multiplies every cost, so that the solver’s absolute tolerances lie below the smallest tie-break. */
  readonly costScale: number
  /** Largest energy that can be imported (`direction` 0) or exported (1) in a step, kWh. */
  readonly importCap: readonly number[]
  readonly exportCap: readonly number[]
}

/** The peer’s own bound where nothing else bounds a flow: 1e6 Wh. */
const unboundedKwh = 1000

const most = (batteries: readonly EvccBattery[], power: (battery: EvccBattery) => number): number =>
  batteries.reduce((sum, battery) => sum + power(battery), 0) / 1000

/**
 * Bounds of the grid flows that follow from the balance: while a step imports, only batteries that may charge from the
 * grid do; while it exports, only those that may discharge to it do. A limit of zero lets the excess of the other side
 * flow through, so there the peer’s bound stays.
 */
export function flowCaps(request: EvccRequest): { importCap: number[]; exportCap: number[] } {
  const chargeKw = most(request.batteries, (battery) => (battery.chargeFromGrid ? battery.maxChargeW : 0))
  const dischargeKw = most(request.batteries, (battery) => (battery.dischargeToGrid ? battery.maxDischargeW : 0))
  const surplus = (t: number): number => (request.solarWh[t]! - request.loadWh[t]!) / 1000
  const cap = (limitW: number | undefined, kw: number, sign: 1 | -1): number[] =>
    request.stepS.map((seconds, t) =>
      limitW === 0 ? unboundedKwh : Math.max(0, sign * surplus(t) + (kw * seconds) / 3600),
    )
  return { importCap: cap(request.maxExportW, chargeKw, -1), exportCap: cap(request.maxImportW, dischargeKw, 1) }
}

/** Columns and rows of the grid connection: direction, limits with their excess, the price of the highest excess. */
export function addGrid(formulation: Formulation): GridColumns {
  const { builder, request, weights, steps, stepH, costScale, importCap, exportCap } = formulation
  const price = (perWh: readonly number[], sign: number): Float64Array =>
    Float64Array.from(perWh, (value) => sign * value * 1000 * costScale)
  const imported = builder.addColumns('import', steps, {
    upper: Float64Array.from(importCap),
    cost: price(request.importPricePerWh, 1),
  })
  const exported = builder.addColumns('export', steps, {
    upper: Float64Array.from(exportCap),
    cost: price(request.exportPricePerWh, -1),
  })
  const direction = builder.addColumns('direction', steps, { upper: 1, integer: true })
  for (let t = 0; t < steps; t += 1) {
    // export ≤ cap · direction, import ≤ cap · (1 − direction)
    builder.beginRow('export direction', Number.NEGATIVE_INFINITY, 0)
    builder.term(exported + t, 1)
    builder.term(direction + t, -exportCap[t]!)
    builder.endRow()
    builder.beginRow('import direction', Number.NEGATIVE_INFINITY, importCap[t]!)
    builder.term(imported + t, 1)
    builder.term(direction + t, importCap[t]!)
    builder.endRow()
  }
  const { maxImportW, maxExportW, excessPricePerW } = request
  const hasRate = maxImportW !== undefined && excessPricePerW !== undefined
  const importExcess =
    maxImportW === undefined
      ? -1
      : addExcess(formulation, {
          name: 'import excess',
          limitW: maxImportW,
          flow: imported,
          cap: importCap,
          cost: Float64Array.from(
            request.importPricePerWh,
            (value) => (value * 1000 + (hasRate ? 0 : weights.importExceeded)) * costScale,
          ),
        })
  const exportExcess =
    maxExportW === undefined
      ? -1
      : addExcess(formulation, {
          name: 'export excess',
          limitW: maxExportW,
          flow: exported,
          cap: exportCap,
          // A little less with each step, so that the peer's limit is rather hit late.
          cost: Float64Array.from({ length: steps }, (_, t) => weights.exportExceeded * (1 - t * 1e-5) * costScale),
        })
  let peakExcess = -1
  if (hasRate) {
    peakExcess = builder.addColumns('peak excess', 1, { cost: excessPricePerW * 1000 * costScale })
    for (let t = 0; t < steps; t += 1) {
      builder.beginRow('peak excess', Number.NEGATIVE_INFINITY, 0)
      builder.term(importExcess + t, 1)
      builder.term(peakExcess, -stepH[t]!)
      builder.endRow()
    }
  }
  return { imported, exported, direction, importExcess, exportExcess, peakExcess }
}

interface Excess {
  readonly name: string
  readonly limitW: number
  /** The flow below the limit. */
  readonly flow: number
  readonly cap: readonly number[]
  readonly cost: Float64Array
}

/** A flow’s limit with a second column for what exceeds it, which may flow only in a step where the limit is reached. */
function addExcess({ builder, steps, stepH }: Formulation, { name, limitW, flow, cap, cost }: Excess): number {
  const limit = stepH.map((hours) => (limitW / 1000) * hours)
  const most = cap.map((value, t) => (limitW === 0 ? unboundedKwh : Math.max(0, value - limit[t]!)))
  const excess = builder.addColumns(name, steps, { upper: Float64Array.from(most), cost })
  const below = builder.addColumns(`${name}: limit not reached`, steps, { upper: 1, integer: true })
  for (let t = 0; t < steps; t += 1) {
    builder.setBounds(flow + t, 0, Math.min(limit[t]!, cap[t]!))
    // limit − flow ≤ limit · below, excess ≤ most · (1 − below)
    builder.beginRow(name, limit[t]!, Number.POSITIVE_INFINITY)
    builder.term(flow + t, 1)
    builder.term(below + t, limit[t]!)
    builder.endRow()
    builder.beginRow(`${name} allowed`, Number.NEGATIVE_INFINITY, most[t]!)
    builder.term(excess + t, 1)
    builder.term(below + t, most[t]!)
    builder.endRow()
  }
  return excess
}
