import { readWhole } from '../read-power.ts'
import { type LoadAsset, LoadSchema } from '../schema/index.ts'
import {
  columns,
  defineComponent,
  type Formulated,
  type Formulation,
  type Outcome,
  type Published,
  sumKwh,
} from './component.ts'
import { brokenSteps, tolerance, unnamedKwh } from './limits.ts'

interface LoadInputs {
  readonly demandKw: Float64Array
}

/** Splits the horizon into windows of equal length within which shifted work must be made up. */
function shiftWindows(count: number, stepsPerWindow: number): { from: number; to: number }[] {
  const windows: { from: number; to: number }[] = []
  for (let from = 0; from < count; from += stepsPerWindow)
    windows.push({ from, to: Math.min(count, from + stepsPerWindow) })
  return windows
}

function formulate({ asset, inputs, frame, model, bus }: Formulation<LoadAsset, LoadInputs>): Formulated {
  const { demandKw } = inputs
  const { count } = frame.grid
  const { stepHours: hours } = frame
  bus.fixed(demandKw)
  const unserved = model.addColumns(`${asset.id}.unservedKw`, count, {
    upper: demandKw,
    cost: frame.penaltyPerKwh('serve-load') * hours,
  })
  bus.supply(unserved, 0, count)

  let curtailed = -1
  if (asset.curtailable) {
    const { share, costPerKwh } = asset.curtailable
    curtailed = model.addColumns(`${asset.id}.curtailedKw`, count, {
      upper: demandKw.map((demand) => share * demand),
      cost: costPerKwh * hours,
    })
    bus.supply(curtailed, 0, count)
  }

  let later = -1
  let raised = -1
  let unfinished = -1
  let windows: { from: number; to: number }[] = []
  if (asset.shiftable) {
    const { share, windowHours, maxRaise } = asset.shiftable
    const peakKw = demandKw.reduce((most, demand) => Math.max(most, demand), 0)
    windows = shiftWindows(count, Math.max(1, Math.round(windowHours / hours)))
    later = model.addColumns(`${asset.id}.loweredKw`, count, { upper: demandKw.map((demand) => share * demand) })
    raised = model.addColumns(`${asset.id}.raisedKw`, count, { upper: maxRaise * peakKw, cost: 1e-4 * hours })
    unfinished = model.addColumns(`${asset.id}.unfinishedKwh`, windows.length, {
      upper: Number.POSITIVE_INFINITY,
      cost: frame.penaltyPerKwh('finish-shift'),
    })
    bus.supply(later, 0, count)
    bus.draw(raised, 0, count)
    windows.forEach(({ from, to }, index) => {
      model.beginRow(`${asset.id}.madeUp`, 0, 0)
      for (let k = from; k < to; k += 1) {
        model.term(later + k, hours)
        model.term(raised + k, -hours)
      }
      model.term(unfinished + index, -1)
      model.endRow()
    })
  }
  // Together, what is left out cannot exceed the demand.
  for (let k = 0; k < count && (curtailed >= 0 || later >= 0); k += 1) {
    model.beginRow(`${asset.id}.leftOut`, Number.NEGATIVE_INFINITY, demandKw[k]!)
    model.term(unserved + k, 1)
    if (curtailed >= 0) model.term(curtailed + k, 1)
    if (later >= 0) model.term(later + k, 1)
    model.endRow()
  }

  return {
    read(values): Outcome {
      const unservedKw = columns(values, unserved, count)
      const powerKw = demandKw.map((demand, k) => demand - unservedKw[k]!)
      const points: Record<string, Float64Array> = { powerKw, demandKw }
      let flexibility = 0
      if (curtailed >= 0 && asset.curtailable) {
        const curtailedKw = columns(values, curtailed, count)
        for (let k = 0; k < count; k += 1) powerKw[k]! -= curtailedKw[k]!
        points.curtailedKw = curtailedKw
        flexibility = sumKwh(curtailedKw, hours) * asset.curtailable.costPerKwh
      }
      if (later >= 0) {
        for (let k = 0; k < count; k += 1) powerKw[k]! += values[raised + k]! - values[later + k]!
      }
      const relaxed = []
      const unservedKwh = sumKwh(unservedKw, hours)
      if (unservedKwh > 0.01) {
        const step = unservedKw.findIndex((value) => value > 1e-6)
        relaxed.push({
          wish: 'serve-load',
          asset: asset.id,
          amount: unservedKwh,
          unit: 'kWh',
          reason: `${asset.title} goes without ${unservedKwh.toFixed(1)} kWh: no source and no connection of the site has more to give.`,
          reasonCode: 'load.unserved',
          atMs: frame.grid.startMs + step * frame.grid.stepMs,
        })
      }
      windows.forEach(({ from }, index) => {
        const amount = values[unfinished + index] ?? 0
        if (amount <= 0.01) return
        relaxed.push({
          wish: 'finish-shift',
          asset: asset.id,
          amount,
          unit: 'kWh',
          reason: `${asset.title} leaves ${amount.toFixed(1)} kWh of shifted work undone in its window.`,
          reasonCode: 'load.unfinished',
          atMs: frame.grid.startMs + from * frame.grid.stepMs,
        })
      })
      return { points, cost: { flexibility }, emissionsKgCo2e: 0, relaxed }
    },
  }
}

function breaches({ asset, frame, outcome, values }: Published<LoadAsset, LoadInputs>): string[] {
  const powerKw = values('powerKw')
  const demandKw = values('demandKw')
  const peakKw = demandKw.reduce((most, value) => Math.max(most, value), 0)
  const raiseKw = (asset.shiftable?.maxRaise ?? 0) * peakKw
  const leftOutKwh = sumKwh(
    demandKw.map((demand, k) => demand - powerKw[k]!),
    frame.stepHours,
  )
  const chosenKwh = sumKwh(values('curtailedKw'), frame.stepHours)
  const namedKwh = outcome.relaxed.reduce((sum, { amount }) => sum + amount, 0)
  return [
    ...brokenSteps('draws less than nothing', powerKw, (power) => !(power >= -tolerance)),
    ...brokenSteps(
      'draws more than it may',
      powerKw,
      (power, k) => !(power <= demandKw[k]! + raiseKw + tolerance * Math.max(1, 1e-3 * peakKw)),
    ),
    // Every window and the unserved power may each leave out an amount too small to name.
    ...(Math.abs(leftOutKwh - chosenKwh - namedKwh) > unnamedKwh * (demandKw.length + 1)
      ? [`goes without ${leftOutKwh - chosenKwh} kWh and names ${namedKwh}`]
      : []),
  ]
}

export const load = defineComponent<LoadAsset, LoadInputs, null>({
  kind: 'load',
  title: 'Process load',
  schema: LoadSchema,
  points: [
    { id: 'powerKw', title: 'Power', unit: 'kW', role: 'measured' },
    { id: 'demandKw', title: 'Demand', unit: 'kW', role: 'computed' },
  ],
  async prepare(asset, frame, data) {
    const path = `assets.${asset.id}.demand`
    const what = `The demand of ${asset.title}`
    return { demandKw: await readWhole(frame, data, { source: asset.demand, unit: 'kW', path, what }) }
  },
  baseline(asset, inputs) {
    const { curtailable: _curtailable, shiftable: _shiftable, ...plain } = asset
    return { asset: plain as typeof asset, inputs }
  },
  formulate,
  initialState: () => null,
  offeredKw: (inputs, k) => inputs.demandKw[k]!,
  draws: true,
  dearestPerKwh: (asset) => asset.curtailable?.costPerKwh ?? 0,
  breaches,
  simulate(_asset, state, { offeredKw, setpointKw }) {
    const powerKw = setpointKw === undefined ? offeredKw : Math.max(0, -setpointKw)
    return { state, busKw: -powerKw, points: { powerKw, demandKw: offeredKw } }
  },
  describe({ asset, frame, outcome }) {
    const { powerKw, demandKw } = outcome.points
    if (!powerKw || !demandKw || !asset.shiftable) return []
    const movedKwh = sumKwh(
      powerKw.map((power, k) => Math.max(0, power - demandKw[k]!)),
      frame.stepHours,
    )
    if (movedKwh < 1) return []
    return [
      {
        asset: asset.id,
        code: 'load.shifted',
        text: `${asset.title} moves ${movedKwh.toFixed(0)} kWh of work to hours when a kWh is worth less.`,
        values: { energyKwh: movedKwh },
      },
    ]
  },
})
