import { type GensetAsset, GensetSchema } from '../schema/index.ts'
import { columns, defineComponent, type Formulated, type Formulation, sumKwh } from './component.ts'

/** Fuel units an hour at a power, by the affine part-load curve. */
export const fuelPerHour = (asset: GensetAsset, powerKw: number): number =>
  powerKw > 0 ? asset.fuel.perHourRunning + asset.fuel.perKwh * powerKw : 0

/**
 * Unit commitment of one set: `u` on, `v` start, `w` stop, with the minimum up and down times as window sums
 * (Rajan & Takriti 2005, IBM RC23628), which are facets, so the relaxation is tight.
 */
function formulate({ asset, frame, model, bus }: Formulation<GensetAsset, null>): Formulated {
  const { count } = frame.grid
  const { stepHours: hours } = frame
  const fuelPrice = asset.fuel.pricePerUnit + frame.tariff.carbonPricePerKg * asset.fuel.kgCo2ePerUnit
  const up = Math.max(1, Math.ceil(asset.minUpHours / hours - 1e-9))
  const down = Math.max(1, Math.ceil(asset.minDownHours / hours - 1e-9))
  const onBefore = asset.initiallyOnHours > 0
  const offHours = onBefore ? 0 : (asset.initiallyOffHours ?? Number.POSITIVE_INFINITY)
  const mustStayOn = onBefore ? Math.max(0, Math.ceil((asset.minUpHours - asset.initiallyOnHours) / hours - 1e-9)) : 0
  const mustStayOff = onBefore ? 0 : Math.max(0, Math.ceil((asset.minDownHours - offHours) / hours - 1e-9))

  const on = model.addColumns(`${asset.id}.on`, count, {
    lower: Float64Array.from({ length: count }, (_, k) => (k < mustStayOn ? 1 : 0)),
    upper: Float64Array.from({ length: count }, (_, k) => (k < mustStayOff ? 0 : 1)),
    cost: (fuelPrice * asset.fuel.perHourRunning + asset.runningCostPerHour) * hours,
    integer: true,
  })
  const start = model.addColumns(`${asset.id}.start`, count, { upper: 1, cost: asset.startCost })
  const stop = model.addColumns(`${asset.id}.stop`, count, { upper: 1, cost: asset.stopCost })
  const power = model.addColumns(`${asset.id}.powerKw`, count, {
    upper: asset.ratedKw,
    cost: fuelPrice * asset.fuel.perKwh * hours,
  })
  for (let k = 0; k < count; k += 1) {
    const before = k === 0 && onBefore ? 1 : 0
    model.beginRow(`${asset.id}.state`, before, before)
    model.term(on + k, 1)
    if (k > 0) model.term(on + k - 1, -1)
    model.term(start + k, -1)
    model.term(stop + k, 1)
    model.endRow()
    model.beginRow(`${asset.id}.minLoad`, 0, Number.POSITIVE_INFINITY)
    model.term(power + k, 1)
    model.term(on + k, -asset.minLoad * asset.ratedKw)
    model.endRow()
    model.beginRow(`${asset.id}.maxLoad`, Number.NEGATIVE_INFINITY, 0)
    model.term(power + k, 1)
    model.term(on + k, -asset.ratedKw)
    model.endRow()
    model.beginRow(`${asset.id}.minUp`, Number.NEGATIVE_INFINITY, 0)
    for (let j = Math.max(0, k - up + 1); j <= k; j += 1) model.term(start + j, 1)
    model.term(on + k, -1)
    model.endRow()
    model.beginRow(`${asset.id}.minDown`, Number.NEGATIVE_INFINITY, 1)
    for (let j = Math.max(0, k - down + 1); j <= k; j += 1) model.term(stop + j, 1)
    model.term(on + k, 1)
    model.endRow()
  }
  bus.supply(power, 0, count)
  return {
    integers: [{ first: on, count }],
    read(values) {
      const powerKw = columns(values, power, count)
      const running = columns(values, on, count)
      let starts = 0
      let stops = 0
      let runningHours = 0
      for (let k = 0; k < count; k += 1) {
        const is = Math.round(running[k]!)
        const was = k === 0 ? Number(onBefore) : Math.round(running[k - 1]!)
        if (is > was) starts += 1
        if (is < was) stops += 1
        runningHours += is * hours
      }
      const fuelUnits = asset.fuel.perHourRunning * runningHours + asset.fuel.perKwh * sumKwh(powerKw, hours)
      return {
        points: { powerKw, on: running.map(Math.round) },
        cost: {
          fuel:
            fuelUnits * asset.fuel.pricePerUnit +
            starts * asset.startCost +
            stops * asset.stopCost +
            runningHours * asset.runningCostPerHour,
        },
        emissionsKgCo2e: fuelUnits * asset.fuel.kgCo2ePerUnit,
        relaxed: [],
      }
    },
  }
}

export const genset = defineComponent<GensetAsset, null, { readonly onHours: number; readonly fuelUnits: number }>({
  kind: 'genset',
  title: 'Generating set',
  schema: GensetSchema,
  points: [
    { id: 'powerKw', title: 'Power', unit: 'kW', role: 'measured' },
    { id: 'on', title: 'Running', unit: '1', role: 'measured' },
  ],
  check(asset) {
    if (asset.initiallyOnHours === 0 || asset.initiallyOffHours === undefined) return []
    return [
      {
        detail: 'The set cannot be running and standing at once',
        place: { path: 'initiallyOffHours' },
        found: asset.initiallyOffHours,
        expected: 'initiallyOnHours or initiallyOffHours, not both',
      },
    ]
  },
  prepare: async () => null,
  formulate,
  initialState: (asset) => ({ onHours: asset.initiallyOnHours, fuelUnits: 0 }),
  offeredKw: () => 0,
  simulate(asset, state, { stepHours, setpointKw = 0 }) {
    const wanted = Math.min(asset.ratedKw, setpointKw)
    const on = wanted >= 0.5 * asset.minLoad * asset.ratedKw && wanted > 0
    const powerKw = on ? Math.max(wanted, asset.minLoad * asset.ratedKw) : 0
    return {
      state: {
        onHours: on ? state.onHours + stepHours : 0,
        fuelUnits: state.fuelUnits + fuelPerHour(asset, powerKw) * stepHours,
      },
      busKw: powerKw,
      points: { powerKw, on: on ? 1 : 0 },
    }
  },
  describe({ asset, outcome, frame }) {
    const powerKw = outcome.points.powerKw ?? new Float64Array()
    const energyKwh = sumKwh(powerKw, frame.stepHours)
    const hours = powerKw.filter((value) => value > 0).length * frame.stepHours
    if (hours === 0) return []
    return [
      {
        step: powerKw.findIndex((value) => value > 0),
        asset: asset.id,
        code: 'genset.runs',
        text: `${asset.title} runs ${hours.toFixed(1)} h and gives ${energyKwh.toFixed(0)} kWh.`,
        values: { hours, energyKwh },
      },
    ]
  },
})
