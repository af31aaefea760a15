import { stepStartMs } from '../../kernel/index.ts'
import { type Frame, planHours } from '../frame.ts'
import { readWhole } from '../read-power.ts'
import { type FrequencyReserveAsset, FrequencyReserveSchema } from '../schema/index.ts'
import { createCalendar } from '../tariff/calendar.ts'
import { stepsInWindow } from '../tariff/window.ts'
import {
  columns,
  defineComponent,
  type Flow,
  type Formulated,
  type Formulation,
  type Outcome,
  type Published,
  perStep,
  sumKwh,
} from './component.ts'
import { brokenSteps, outside, tolerance } from './limits.ts'
import { largestUnitColumn } from './reserve.ts'

/** What is asked for in each step, and the product each step belongs to. */
interface ReserveInputs {
  readonly askedUpKw: Float64Array
  readonly askedDownKw: Float64Array
  /** Steps of one number hold the same power; absent: each for itself. */
  readonly product?: Int32Array
}

/** kW of a shortfall that is too little to name. */
const unnamedKw = 0.01

const sides = [
  { side: 'up', carrier: 'reserve-up', held: 'heldUpKw', asked: 'askedUpKw', price: 'upPricePerKwh' },
  { side: 'down', carrier: 'reserve-down', held: 'heldDownKw', asked: 'askedDownKw', price: 'downPricePerKwh' },
] as const

async function prepare(
  asset: FrequencyReserveAsset & { readonly id: string; readonly title: string },
  frame: Frame,
  data: Parameters<typeof readWhole>[1],
): Promise<ReserveInputs> {
  const { grid, site } = frame
  const calendar = createCalendar(grid, { zone: site.zone })
  const { from, to, months, weekdays } = asset
  const window = { from, to, ...(months ? { months } : {}), ...(weekdays ? { weekdays } : {}) }
  const open = stepsInWindow(calendar, window)
  const asked = async (field: 'upKw' | 'downKw'): Promise<Float64Array> => {
    const source = asset[field]
    if (source === undefined) return new Float64Array(grid.count)
    const path = `assets.${asset.id}.${field}`
    const values = await readWhole(frame, data, { source, unit: 'kW', path, what: `The reserve of ${asset.title}` })
    return values.map((value, k) => value * open[k]!)
  }
  const [askedUpKw, askedDownKw] = [await asked('upKw'), await asked('downKw')]
  if (asset.blockHours === undefined) return { askedUpKw, askedDownKw }
  const blockMinutes = asset.blockHours * 60
  const product = Int32Array.from({ length: grid.count }, (_, k) => {
    const block = Math.floor(calendar.minuteOf[k]! / blockMinutes + 1e-9)
    return (calendar.dayOf[k]! * 1440 + block) * 2 + open[k]!
  })
  return { askedUpKw, askedDownKw, product }
}

function formulate(formulation: Formulation<FrequencyReserveAsset, ReserveInputs>): Formulated {
  const { asset, inputs, frame, model, buses } = formulation
  const { count } = frame.grid
  const { hours } = frame
  const penalty = asset.penaltyPerKwh ?? frame.penaltyPerKwh('reserve')
  const placed = sides.map(({ side, carrier, held, asked, price }) => {
    const askedKw = inputs[asked]
    if (asset[`${side}Kw`] === undefined) return { held, price, askedKw, first: -1 }
    const first = model.addColumns(`${asset.id}.${held}`, count, {
      upper: askedKw,
      cost: perStep(-(asset[price] + penalty), hours),
    })
    model.addOffset(penalty * sumKwh(askedKw, hours))
    buses.of(carrier).draw(first, 0, count)
    for (let k = 1; k < count && inputs.product; k += 1) {
      if (inputs.product[k] !== inputs.product[k - 1]) continue
      model.beginRow(`${asset.id}.${held}.product`, 0, 0)
      model.term(first + k, 1)
      model.term(first + k - 1, -1)
      model.endRow()
    }
    return { held, price, askedKw, first }
  })
  let short = -1
  let largest = -1
  if (asset.operating) {
    short = model.addColumns(`${asset.id}.shortKw`, count, { cost: perStep(penalty, hours) })
    buses.of('reserve-up').supply(short, 0, count)
    if (asset.operating.largestUnit) largest = largestUnitColumn(formulation)
  }
  return {
    read(values): Outcome {
      const points: Record<string, Float64Array> = {
        askedUpKw: inputs.askedUpKw,
        askedDownKw: inputs.askedDownKw,
        heldUpKw: new Float64Array(count),
        heldDownKw: new Float64Array(count),
      }
      let reserve = 0
      for (const { held, price, askedKw, first } of placed) {
        if (first < 0) continue
        const heldKw = columns(values, first, count)
        points[held] = heldKw
        reserve -= asset[price] * sumKwh(heldKw, hours)
        if (asset.penaltyPerKwh !== undefined) reserve += penalty * (sumKwh(askedKw, hours) - sumKwh(heldKw, hours))
      }
      if (short >= 0) {
        points.shortKw = columns(values, short, count)
        if (asset.penaltyPerKwh !== undefined) reserve += penalty * sumKwh(points.shortKw, hours)
      }
      if (largest >= 0) points.largestUnitKw = columns(values, largest, count)
      const relaxed = asset.penaltyPerKwh === undefined ? notHeld(asset, points, frame) : []
      return { points, cost: { reserve }, emissionsKgCo2e: 0, relaxed }
    },
  }
}

/** What is missing in each step, up and down together, kW. */
const missingKw = (points: Readonly<Record<string, Float64Array>>): Float64Array =>
  points.askedUpKw!.map(
    (asked, k) =>
      asked - points.heldUpKw![k]! + points.askedDownKw![k]! - points.heldDownKw![k]! + (points.shortKw?.[k] ?? 0),
  )

function notHeld(asset: { id: string; title: string }, points: Readonly<Record<string, Float64Array>>, frame: Frame) {
  const missing = missingKw(points)
  const amount = Math.max(...missing)
  if (!(amount > unnamedKw)) return []
  const step = missing.indexOf(amount)
  return [
    {
      wish: 'reserve',
      asset: asset.id,
      amount,
      unit: 'kW',
      reason: `${asset.title} is up to ${amount.toFixed(1)} kW short: nothing on the site can hold more back then.`,
      reasonCode: 'reserve.not-held',
      atMs: stepStartMs(frame.grid, step),
    },
  ]
}

function breaches({ asset, inputs, outcome, values }: Published<FrequencyReserveAsset, ReserveInputs>): string[] {
  const largestMissing = Math.max(0, ...missingKw(outcome.points))
  const named = outcome.relaxed.reduce((sum, { amount }) => sum + amount, 0)
  return [
    ...sides.flatMap(({ held, asked }) => [
      ...brokenSteps('holds what nobody asks for', values(held), (value, k) => outside(0, inputs[asked][k]!)(value)),
      ...(inputs.product
        ? brokenSteps(
            'changes within a product',
            values(held),
            (value, k) =>
              k > 0 &&
              inputs.product![k] === inputs.product![k - 1] &&
              Math.abs(value - values(held)[k - 1]!) > tolerance * Math.max(1, 1e-3 * value),
          )
        : []),
    ]),
    ...(asset.penaltyPerKwh === undefined && Math.abs(largestMissing - named) > 2 * unnamedKw
      ? [`is ${largestMissing} kW short and names ${named}`]
      : []),
  ]
}

export const frequencyReserve = defineComponent<FrequencyReserveAsset, ReserveInputs, null>({
  kind: 'frequency-reserve',
  title: 'Frequency and operating reserve',
  schema: FrequencyReserveSchema,
  points: [
    { id: 'askedUpKw', title: 'Reserve asked for, up', unit: 'kW', role: 'computed' },
    { id: 'heldUpKw', title: 'Reserve sold, up', unit: 'kW', role: 'computed' },
    { id: 'askedDownKw', title: 'Reserve asked for, down', unit: 'kW', role: 'computed' },
    { id: 'heldDownKw', title: 'Reserve sold, down', unit: 'kW', role: 'computed' },
    { id: 'shortKw', title: 'Operating reserve that is missing', unit: 'kW', role: 'computed' },
    { id: 'largestUnitKw', title: 'Largest unit, with its reserve', unit: 'kW', role: 'computed' },
  ],
  check(asset, site) {
    const first = site.assets.find(({ kind, operating }) => kind === 'frequency-reserve' && operating !== undefined)
    if (asset.operating === undefined || first?.id === asset.id) return []
    return [
      {
        detail: 'A site keeps one operating reserve',
        place: { path: 'operating' },
        expected: `none here: ${first?.id} has it`,
      },
    ]
  },
  prepare,
  formulate,
  initialState: () => null,
  offeredKw: () => 0,
  flows(_asset, { points }): readonly Flow[] {
    const drawnKw = points.heldUpKw!.map(
      (held, k) => (points.shortKw?.[k] ?? 0) - held - (points.largestUnitKw?.[k] ?? 0),
    )
    return [
      { carrier: 'reserve-up', bus: 'main', powerKw: drawnKw },
      { carrier: 'reserve-down', bus: 'main', powerKw: points.heldDownKw!.map((held) => -held) },
    ]
  },
  dearestPerKwh: (asset) =>
    Math.max(0, Math.abs(asset.upPricePerKwh), Math.abs(asset.downPricePerKwh)) + (asset.penaltyPerKwh ?? 0),
  breaches,
  simulate: (_asset, state) => ({ state, busKw: 0, points: {} }),
  describe({ asset, frame, outcome }) {
    const [upKwh, downKwh] = [
      sumKwh(outcome.points.heldUpKw!, frame.hours),
      sumKwh(outcome.points.heldDownKw!, frame.hours),
    ]
    if (upKwh + downKwh < 0.5) return []
    const hours = planHours(frame)
    const income = 0 - (outcome.cost.reserve ?? 0)
    return [
      {
        asset: asset.id,
        code: 'reserve.held',
        text: `${asset.title}: ${(upKwh / hours).toFixed(0)} kW up and ${(downKwh / hours).toFixed(0)} kW down are held on average, for ${income.toFixed(2)} ${frame.site.currency}.`,
        values: { upKw: upKwh / hours, downKw: downKwh / hours, income },
      },
    ]
  },
})
