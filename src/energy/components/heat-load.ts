import { type Asset, stepStartMs } from '../../kernel/index.ts'
import { mainBus } from '../bus.ts'
import type { Frame } from '../frame.ts'
import { readWhole } from '../read-power.ts'
import { type HeatLoadAsset, HeatLoadSchema, type Relaxed } from '../schema/index.ts'
import {
  type Account,
  columns,
  defineComponent,
  type Formulated,
  type Formulation,
  type Lived,
  type Outcome,
  type Published,
  perStep,
  sumKwh,
} from './component.ts'
import { brokenSteps, tolerance, unnamedKwh } from './limits.ts'

interface HeatLoadInputs {
  readonly demandKw: Float64Array
}

/** A demand for heat: what is not met has its price, as a wish; a part may be left out by choice. */
function formulate({ asset, inputs, frame, model, buses }: Formulation<HeatLoadAsset, HeatLoadInputs>): Formulated {
  const { demandKw } = inputs
  const { count } = frame.grid
  const { hours } = frame
  const bus = buses.of('heat', asset.heatBus)
  bus.fixed(demandKw)
  const missing = model.addColumns(`${asset.id}.unservedKw`, count, {
    upper: demandKw,
    cost: perStep(frame.penaltyPerKwh('serve-load'), hours),
  })
  bus.supply(missing, 0, count)
  const { curtailable } = asset
  let curtailed = -1
  if (curtailable) {
    curtailed = model.addColumns(`${asset.id}.curtailedKw`, count, {
      upper: demandKw.map((demand) => curtailable.share * demand),
      cost: perStep(curtailable.costPerKwh, hours),
    })
    bus.supply(curtailed, 0, count)
    for (let k = 0; k < count; k += 1) {
      model.beginRow(`${asset.id}.leftOut`, Number.NEGATIVE_INFINITY, demandKw[k]!)
      model.term(missing + k, 1)
      model.term(curtailed + k, 1)
      model.endRow()
    }
  }
  return {
    read(values): Outcome {
      const unservedKw = columns(values, missing, count)
      const curtailedKw = curtailed < 0 ? new Float64Array(count) : columns(values, curtailed, count)
      const heatKw = demandKw.map((demand, k) => demand - unservedKw[k]! - curtailedKw[k]!)
      return {
        points: { heatKw, demandKw, ...(curtailed < 0 ? {} : { curtailedKw }) },
        cost: { flexibility: sumKwh(curtailedKw, hours) * (curtailable?.costPerKwh ?? 0) },
        emissionsKgCo2e: 0,
        relaxed: unserved(asset, unservedKw, frame),
      }
    },
  }
}

/** Heat that was asked for and not there. */
function unserved(asset: Asset, unservedKw: Float64Array, frame: Frame): Relaxed[] {
  const amount = sumKwh(unservedKw, frame.hours)
  if (amount <= unnamedKwh) return []
  const step = unservedKw.findIndex((value) => value > 1e-6)
  return [
    {
      wish: 'serve-load',
      asset: asset.id,
      amount,
      unit: 'kWh',
      reason: `${asset.title} goes without ${amount.toFixed(1)} kWh of heat: no heat source and no store of the site has more to give.`,
      reasonCode: 'heat-load.unserved',
      atMs: stepStartMs(frame.grid, Math.max(0, step)),
    },
  ]
}

/** What a heat that was lived left out: by choice as far as it may be, the rest unserved. */
function account({ asset, frame, values }: Lived<HeatLoadAsset, HeatLoadInputs>): Account {
  const demandKw = values('demandKw')
  const missingKw = values('heatKw').map((heat, k) => Math.max(0, demandKw[k]! - heat))
  const { share, costPerKwh } = asset.curtailable ?? { share: 0, costPerKwh: 0 }
  const chosenKw = missingKw.map((missing, k) => Math.min(missing, share * demandKw[k]!))
  return {
    cost: { flexibility: sumKwh(chosenKw, frame.hours) * costPerKwh },
    emissionsKgCo2e: 0,
    relaxed: unserved(
      asset,
      missingKw.map((missing, k) => missing - chosenKw[k]!),
      frame,
    ),
  }
}

function breaches({ asset, frame, outcome, values }: Published<HeatLoadAsset, HeatLoadInputs>): string[] {
  const heatKw = values('heatKw')
  const demandKw = values('demandKw')
  const share = asset.curtailable?.share ?? 0
  const { hours } = frame
  const leftOutKwh = demandKw.reduce((sum, demand, k) => sum + (demand - heatKw[k]!) * hours[k]!, 0)
  const chosenKwh = sumKwh(values('curtailedKw'), hours)
  const namedKwh = outcome.relaxed.reduce((sum, { amount }) => sum + amount, 0)
  return [
    ...brokenSteps(
      'takes less than nothing or more than it asks for',
      heatKw,
      (heat, k) => !(heat >= -tolerance && heat <= demandKw[k]! + tolerance * Math.max(1, 1e-3 * demandKw[k]!)),
    ),
    ...brokenSteps(
      'leaves out more than it may',
      values('curtailedKw'),
      (left, k) => !(left <= share * demandKw[k]! + tolerance),
    ),
    ...(Math.abs(leftOutKwh - chosenKwh - namedKwh) > unnamedKwh * 2
      ? [`goes without ${leftOutKwh - chosenKwh} kWh and names ${namedKwh}`]
      : []),
  ]
}

export const heatLoad = defineComponent<HeatLoadAsset, HeatLoadInputs, null>({
  kind: 'heat-load',
  title: 'Heat demand',
  schema: HeatLoadSchema,
  points: [
    { id: 'heatKw', title: 'Heat', unit: 'kW', role: 'measured' },
    { id: 'demandKw', title: 'Demand', unit: 'kW', role: 'computed' },
  ],
  async prepare(asset, frame, data) {
    const path = `assets.${asset.id}.demand`
    const what = `The heat demand of ${asset.title}`
    return { demandKw: await readWhole(frame, data, { source: asset.demand, unit: 'kW', path, what }) }
  },
  baseline(asset, inputs) {
    const { curtailable: _curtailable, ...plain } = asset
    return { asset: plain as typeof asset, inputs }
  },
  formulate,
  initialState: () => null,
  account,
  offeredKw: (inputs, k) => inputs.demandKw[k]!,
  draws: true,
  flows: (asset, { points }) => [
    {
      carrier: 'heat',
      bus: asset.heatBus ?? mainBus,
      powerKw: (points.heatKw ?? new Float64Array()).map((heat) => -heat),
    },
  ],
  dearestPerKwh: (asset) => asset.curtailable?.costPerKwh ?? 0,
  breaches,
  setpointOn: () => 'heat',
  simulate(_asset, state, { offeredKw, setpointKw }) {
    const heatKw = setpointKw === undefined ? offeredKw : Math.max(0, -setpointKw)
    return { state, busKw: 0, otherKw: { heat: -heatKw }, points: { heatKw, demandKw: offeredKw } }
  },
  describe({ asset, frame, outcome }) {
    const energyKwh = sumKwh(outcome.points.curtailedKw ?? new Float64Array(), frame.hours)
    if (energyKwh < 0.5) return []
    return [
      {
        asset: asset.id,
        code: 'heat-load.curtailed',
        text: `${asset.title} leaves out ${energyKwh.toFixed(0)} kWh of heat by choice: making it costs more than it is worth.`,
        values: { energyKwh },
      },
    ]
  },
})
