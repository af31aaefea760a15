import type { Asset } from '../../kernel/index.ts'
import type { Outcome } from '../components/component.ts'
import { flowsOf } from '../park-model.ts'
import type { GensetAsset, Machine } from '../schema/index.ts'
import type { ColumnTerms } from './column-terms.ts'
import type { FixedPlan } from './fixed-plan.ts'
import type { Response } from './response.ts'
import { price, titleOf } from './words.ts'

const dustKw = 1e-4
/** Less than people tell apart, currency per kWh. */
const dustPrice = 5e-4

/**
 * What a step pays a column beyond what the column costs and what stores, tariffs and wishes ask of it, per unit: its reduced
 * cost and the duals of limits that are its asset's alone.
 */
function gainOf(
  { model, solution, reducedCosts }: FixedPlan,
  terms: ColumnTerms,
  rowsOf: RowsOf,
  column: number,
): number {
  let gain = -reducedCosts[column]!
  const { asset, step } = terms.of[column]!
  for (const { row, coefficient } of rowsOf(column)) {
    const isLimit = model.rowLower[row] !== model.rowUpper[row] && ownRow(model, terms, { row, asset, step })
    if (isLimit) gain -= coefficient * solution.rowDuals[row]!
  }
  return gain
}

type RowsOf = (column: number) => readonly { readonly row: number; readonly coefficient: number }[]

function ownRow(
  { rowStart, columnIndex }: FixedPlan['model'],
  terms: ColumnTerms,
  { row, asset, step }: { row: number; asset: string; step: number },
): boolean {
  for (let at = rowStart[row]!; at < rowStart[row + 1]!; at += 1) {
    const other = terms.of[columnIndex[at]!]!
    if (other.asset !== asset || other.step !== step || other.wish !== undefined) return false
  }
  return true
}

function rowsByColumn({ rowCount, rowStart, columnIndex, coefficient }: FixedPlan['model']): RowsOf {
  const rows = new Map<number, { row: number; coefficient: number }[]>()
  for (let row = 0; row < rowCount; row += 1) {
    for (let at = rowStart[row]!; at < rowStart[row + 1]!; at += 1) {
      const column = columnIndex[at]!
      const list = rows.get(column) ?? []
      list.push({ row, coefficient: coefficient[at]! })
      rows.set(column, list)
    }
  }
  return (column) => rows.get(column) ?? []
}

/** What one kWh of a set costs that starts for its least time at full load; and that time. */
export function startsAbove(asset: GensetAsset, carbonPricePerKg: number, stepHours: number) {
  const unitPrice = asset.fuel.pricePerUnit + carbonPricePerKg * asset.fuel.kgCo2ePerUnit
  const hours = Math.max(asset.minUpHours, stepHours)
  const perKwh =
    unitPrice * (asset.fuel.perKwh + asset.fuel.perHourRunning / asset.ratedKw) +
    (asset.runningCostPerHour + (asset.startCost + asset.stopCost) / hours) / asset.ratedKw
  return { perKwh, hours }
}

interface Moment {
  readonly step: number
  /** What answers to one more kW, by carrier and bus. */
  readonly responses: ReadonlyMap<string, Response>
  readonly outcomes: ReadonlyMap<string, Outcome>
}

/** What every machine does in a step, and what would have to change before it did something else. */
export function machinesAt(plan: FixedPlan, terms: ColumnTerms, { step, responses, outcomes }: Moment): Machine[] {
  const { assets, frame, solution, park } = plan
  const rowsOf = rowsByColumn(plan.model)
  const byPlace = new Map<string, { column: number; factor: number }[]>()
  for (const { column, carrier, bus, factor } of terms.onBuses[step]!) {
    const shortfall = terms.of[column]!.wish !== undefined
    // What cannot be had in this step is no decision, nor is what gives way only in need.
    if (carrier.startsWith('reserve') || shortfall || plan.model.columnUpper[column]! <= dustKw) continue
    const key = `${terms.of[column]!.asset}\n${carrier}\n${bus}`
    const list = byPlace.get(key) ?? []
    list.push({ column, factor })
    byPlace.set(key, list)
  }
  return [...byPlace].flatMap(([key, columns]): Machine[] => {
    const [asset = '', carrier = '', bus = ''] = key.split('\n')
    const prepared = assets.find((candidate) => candidate.asset.id === asset)
    const outcome = outcomes.get(asset)
    if (!prepared || !outcome) return []
    const own = prepared.asset
    const powerKw = flowsOf(prepared, outcome).reduce(
      (sum, flow) => (flow.carrier === carrier && flow.bus === bus ? sum + flow.powerKw[step]! : sum),
      0,
    )
    const place = park.buses.find((candidate) => candidate.carrier === carrier && candidate.name === bus)
    const worth = (solution.rowDuals[(place?.row ?? 0) + step] ?? 0) / frame.hours[step]!
    const told = { asset, carrier, bus, powerKw: powerKw + 0 }
    const response = responses.get(`${carrier}/${bus}`)
    if (powerKw <= dustKw && own.kind === 'genset') {
      const importPrice = importPriceFor(plan, terms, { step, response })
      return [{ ...told, ...standing(plan, { asset: own, step, worth, importPrice }) }]
    }
    const answers = columns.some(({ column }) => Math.abs(response?.get(column) ?? 0) > 1e-6)
    if (answers) {
      const text = `${titleOf(plan, asset)} sets the price: one more kWh comes from here.`
      return [{ ...told, state: 'sets-price', gainPerKwh: 0, text }]
    }
    if (columns.some(({ column }) => holdsPeak(plan, rowsOf(column)))) {
      const text = `${titleOf(plan, asset)} holds the peak that the demand charge counts.`
      return [{ ...told, state: 'held', gainPerKwh: 0, text }]
    }
    return [
      { ...told, ...restOf(plan, { asset, columns, step, gain: (column) => gainOf(plan, terms, rowsOf, column) }) },
    ]
  })
}

/** Whether one kW more would raise a demand charge. */
const holdsPeak = ({ named, solution }: FixedPlan, rows: ReturnType<RowsOf>): boolean =>
  rows.some(({ row }) => Math.abs(solution.rowDuals[row]!) > 1e-3 && /\.peak\./.test(named.rowName(row)))

interface Rest {
  readonly asset: string
  readonly step: number
  readonly columns: readonly { readonly column: number; readonly factor: number }[]
  readonly gain: (column: number) => number
}

/** A machine that does not answer to one more kWh: it does all it can, or it would not pay, or another step decides. */
function restOf(plan: FixedPlan, { asset, columns, step, gain }: Rest): Pick<Machine, 'state' | 'gainPerKwh' | 'text'> {
  const { frame, solution } = plan
  const title = titleOf(plan, asset)
  const perKwh = columns.map(({ column, factor }) => ({
    value: solution.columnValues[column]!,
    gain: gain(column) / (frame.hours[step]! * Math.max(1e-9, Math.abs(factor))),
  }))
  const best = perKwh.reduce((a, b) => (b.gain > a.gain ? b : a))
  if (best.gain > dustPrice) {
    const text = `${title} does all it can: one more kWh of it would save ${price(best.gain, frame)}.`
    return { state: 'full', gainPerKwh: best.gain, text }
  }
  const runs = perKwh.some(({ value }) => Math.abs(value) > dustKw)
  const nearest = perKwh.reduce((a, b) => (Math.abs(b.gain) < Math.abs(a.gain) ? b : a))
  if (!runs && nearest.gain < -dustPrice) {
    const text = `${title} stands: it would run if that gained ${price(-nearest.gain, frame)} more a kWh.`
    return { state: 'idle', gainPerKwh: -nearest.gain, text }
  }
  return { state: 'held', gainPerKwh: 0, text: `${title} follows what other steps ask of it.` }
}

/** A generating set that stands: at what worth of a kWh it would start, and at what price of import where that decides. */
function standing(
  plan: FixedPlan,
  { asset, step, worth, importPrice }: Standing,
): Pick<Machine, 'state' | 'gainPerKwh' | 'text'> {
  const { frame } = plan
  const { perKwh, hours } = startsAbove(
    asset as unknown as GensetAsset,
    frame.tariff.carbonPricePerKg,
    frame.hours[step]!,
  )
  const gainPerKwh = Math.max(0, perKwh - worth)
  const more = `a kWh were worth more than ${price(perKwh, frame)} for ${hours} h`
  const dearer = importPrice === undefined ? '' : `, an import price of ${price(importPrice(gainPerKwh), frame)}`
  const text = `${asset.title} would start if ${more}${dearer}; it is worth ${price(worth, frame)}.`
  return { state: 'idle', gainPerKwh, text }
}

interface Standing {
  readonly asset: Asset
  readonly step: number
  readonly worth: number
  /** The price of import at which a kWh is worth so much more; absent where import does not answer in this step. */
  readonly importPrice: ((morePerKwh: number) => number) | undefined
}

/** How the worth of a kWh follows the price of import in the same step, where import answers to one more kWh. */
function importPriceFor(
  { frame }: FixedPlan,
  terms: ColumnTerms,
  { step, response }: { readonly step: number; readonly response: Response | undefined },
): Standing['importPrice'] {
  let change = 0
  for (const [column, by] of response ?? []) {
    const { term, step: at } = terms.of[column]!
    if (term === 'import-price' && at === step) change += by
  }
  return change > 0.05 ? (more) => frame.tariff.importPrice[step]! + more / change : undefined
}
