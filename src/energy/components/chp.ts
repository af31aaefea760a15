import { mainBus } from '../bus.ts'
import { readWhole } from '../read-power.ts'
import { type ChpAsset, ChpSchema } from '../schema/index.ts'
import { checkChpLine, chpFuelKw, chpHeatKw, chpLine } from './chp-curve.ts'
import { type ChpInputs, formulateGas, gasBreaches } from './chp-gas.ts'
import { simulateChp } from './chp-physics.ts'
import { countRuns, dwellBreaches, formulateCommitment, type RunState, tieToCommitment } from './commitment.ts'
import {
  columns,
  defineComponent,
  type Explained,
  type Formulated,
  type Formulation,
  hoursAbove,
  type Outcome,
  type Published,
  perStep,
  sumKwh,
} from './component.ts'
import { brokenSteps, outside, tolerance, unnamedKwh } from './limits.ts'
import { offerReserve } from './reserve.ts'
import { addSizedColumns } from './sized.ts'
import { checkLevels } from './tank.ts'

/** Less, kW, is no engine. */
const leastRatedKw = 1e-6

/** An engine on a digester may always stop: no minimum time makes gas that is not there. */
const runStateOf = ({ initiallyOnHours, initiallyOffHours, minUpHours, biogas }: ChpAsset): RunState => ({
  onHours: initiallyOnHours > 0 && biogas ? Math.max(initiallyOnHours, minUpHours) : initiallyOnHours,
  offHours: initiallyOffHours ?? Number.POSITIVE_INFINITY,
})

/** Price with its carbon of one kWh of bought fuel. */
const fuelPricePerKwh = ({ fuel, biogas }: ChpAsset, carbonPricePerKg: number): number => {
  if (biogas) return (carbonPricePerKg * biogas.kgCo2ePerM3) / biogas.kwhPerM3
  return fuel ? (fuel.pricePerUnit + carbonPricePerKg * fuel.kgCo2ePerUnit) / fuel.kwhPerUnit : 0
}

/** Columns of an engine in the model: `on` is −1 where its size is decided, and power alone says what it takes and gives. */
interface Placed {
  readonly on: number
  readonly power: number
  readonly fuel: readonly (readonly [first: number, perUnit: number])[]
  readonly heatMade: readonly (readonly [first: number, perUnit: number])[]
  readonly mostFuelKw: number
}

/** An engine of a known size: unit commitment, and straight lines for fuel and heat between its least and full load. */
function placeCommitted({ asset, frame, model }: Formulation<ChpAsset, ChpInputs>): Placed {
  const { count } = frame.grid
  const { hours } = frame
  const line = chpLine(asset, asset.ratedKw)
  const price = fuelPricePerKwh(asset, frame.tariff.carbonPricePerKg)
  const { on } = formulateCommitment(model, asset.id, {
    count,
    hours,
    states: [runStateOf(asset)],
    minUpHours: asset.minUpHours,
    minDownHours: asset.minDownHours,
    onCostPerHour: price * line.fuelAtZeroKw + asset.runningCostPerHour,
    startCost: asset.startCost,
    stopCost: 0,
  })
  const power = model.addColumns(`${asset.id}.powerKw`, count, {
    upper: asset.ratedKw,
    cost: perStep(price * line.fuelPerKw, hours),
  })
  tieToCommitment(model, asset.id, { power, on, count, leastKw: asset.minLoad * asset.ratedKw, mostKw: asset.ratedKw })
  return {
    on,
    power,
    fuel: [
      [on, line.fuelAtZeroKw],
      [power, line.fuelPerKw],
    ],
    heatMade: [
      [on, line.heatAtZeroKw],
      [power, line.heatPerKw],
    ],
    mostFuelKw: chpFuelKw(line, asset.ratedKw),
  }
}

/** An engine whose size is decided: the relaxation, in which any part of it may run, at full load. */
function placeSized({ asset, frame, model, size }: Formulation<ChpAsset, ChpInputs>): Placed {
  const { count } = frame.grid
  const rated = size('ratedKw')
  const fuelPerKw = 1 / asset.electrical.full
  const price = fuelPricePerKwh(asset, frame.tariff.carbonPricePerKg)
  const runningPerKwh = asset.ratedKw > leastRatedKw ? asset.runningCostPerHour / asset.ratedKw : 0
  const power = addSizedColumns(model, `${asset.id}.powerKw`, count, {
    size: rated,
    cost: perStep(price * fuelPerKw + runningPerKwh, frame.hours),
  })
  const most = typeof rated === 'number' ? rated : rated.most
  return {
    on: -1,
    power,
    fuel: [[power, fuelPerKw]],
    heatMade: [[power, fuelPerKw * asset.thermal.full]],
    mostFuelKw: most * fuelPerKw,
  }
}

function formulate(formulation: Formulation<ChpAsset, ChpInputs>): Formulated {
  const { asset, frame, model, bus, buses } = formulation
  const { count } = frame.grid
  const { hours } = frame
  const committed = typeof formulation.size('ratedKw') === 'number' && asset.ratedKw > leastRatedKw
  const placed = committed ? placeCommitted(formulation) : placeSized(formulation)
  const { on, power } = placed
  bus.supply(power, 0, count)
  // It holds no reserve; what others hold has to cover its loss.
  offerReserve(formulation, { lost: power })

  const heatBus = buses.of('heat', asset.heatBus)
  const heat = model.addColumns(`${asset.id}.heatKw`, count, {})
  heatBus.supply(heat, 0, count)
  for (let k = 0; k < count; k += 1) {
    model.beginRow(`${asset.id}.heat`, asset.heatRejection ? Number.NEGATIVE_INFINITY : 0, 0)
    model.term(heat + k, 1)
    for (const [first, perUnit] of placed.heatMade) if (perUnit !== 0) model.term(first + k, -perUnit)
    model.endRow()
  }
  // While it stands it draws heat to stay warm, or is named as cold.
  const standbyKw = committed ? asset.standbyHeatKw : 0
  let cold = -1
  if (standbyKw > 0) {
    heatBus.fixed(new Float64Array(count).fill(standbyKw))
    heatBus.supply(on, 0, count, standbyKw)
    cold = model.addColumns(`${asset.id}.coldKw`, count, {
      upper: standbyKw,
      cost: perStep(frame.penaltyPerKwh('serve-load'), hours),
    })
    heatBus.supply(cold, 0, count)
    for (let k = 0; k < count; k += 1) {
      model.beginRow(`${asset.id}.cold`, Number.NEGATIVE_INFINITY, standbyKw)
      model.term(cold + k, 1)
      model.term(on + k, standbyKw)
      model.endRow()
    }
  }
  const gas = asset.biogas && formulateGas(formulation, asset.biogas, { fuel: placed.fuel, mostKw: placed.mostFuelKw })

  return {
    ...(committed ? { integers: [{ first: on, count }] } : {}),
    read(values): Outcome {
      const powerKw = columns(values, power, count)
      const sumOf = (terms: Placed['fuel']): Float64Array =>
        powerKw.map((_, k) => terms.reduce((sum, [first, perUnit]) => sum + perUnit * values[first + k]!, 0))
      const fuelKw = sumOf(placed.fuel)
      const heatKw = columns(values, heat, count)
      const running = committed ? columns(values, on, count).map(Math.round) : undefined
      const coldKw = cold < 0 ? new Float64Array(count) : columns(values, cold, count)
      const standbyHeatKw = coldKw.map((lacking, k) => (running ? standbyKw * (1 - running[k]!) : 0) - lacking)
      const kwhPerUnit = asset.biogas?.kwhPerM3 ?? asset.fuel?.kwhPerUnit ?? 1
      const biogenicPerUnit = asset.biogas?.biogenicKgCo2PerM3 ?? asset.fuel?.biogenicKgCo2PerUnit ?? 0
      const fossilPerUnit = asset.biogas?.kgCo2ePerM3 ?? asset.fuel?.kgCo2ePerUnit ?? 0
      const fuelUnits = sumKwh(fuelKw, hours) / kwhPerUnit
      const runs = running
        ? countRuns(running, asset.initiallyOnHours > 0 ? 1 : 0, hours)
        : { starts: 0, runningHours: 0 }
      const runningCost = running
        ? runs.runningHours * asset.runningCostPerHour
        : (sumKwh(powerKw, hours) * asset.runningCostPerHour) / Math.max(leastRatedKw, asset.ratedKw)
      const gasRead = gas?.read(values)
      return {
        points: {
          powerKw,
          heatKw,
          rejectedHeatKw: sumOf(placed.heatMade).map((made, k) => Math.max(0, made - heatKw[k]!)),
          fuelKw,
          biogenicKgCo2PerH: fuelKw.map((fuel) => (fuel / kwhPerUnit) * biogenicPerUnit),
          ...(running ? { on: running } : {}),
          ...(standbyKw > 0 ? { standbyHeatKw } : {}),
          ...gasRead?.points,
        },
        cost: {
          fuel:
            fuelUnits * (asset.biogas ? 0 : (asset.fuel?.pricePerUnit ?? 0)) +
            runs.starts * asset.startCost +
            runningCost,
          ...(gasRead ? { storedEnergy: gasRead.storedEnergy } : {}),
        },
        emissionsKgCo2e: fuelUnits * fossilPerUnit,
        relaxed: [...coldNamed(asset, sumKwh(coldKw, hours)), ...(gasRead?.relaxed ?? [])],
      }
    },
  }
}

const coldNamed = (asset: { readonly id: string; readonly title: string }, amount: number) =>
  amount <= unnamedKwh
    ? []
    : [
        {
          wish: 'serve-load',
          asset: asset.id,
          amount,
          unit: 'kWh',
          reason: `${asset.title} stands cold: ${amount.toFixed(1)} kWh of the heat that keeps it warm are missing.`,
          reasonCode: 'chp.cold',
        },
      ]

function breaches({ asset, inputs, frame, outcome, values }: Published<ChpAsset, ChpInputs>): string[] {
  const powerKw = values('powerKw')
  const on = asset.ratedKw > leastRatedKw ? values('on') : powerKw.map(() => 0)
  const heatKw = values('heatKw')
  const rejectedKw = values('rejectedHeatKw')
  const line = chpLine(asset, asset.ratedKw)
  const dustKw = 1e-3 * Math.max(1, 1e-3 * asset.ratedKw)
  const runs = (k: number): boolean => on[k] === 1
  const coldKwh = outcome.relaxed.reduce(
    (sum, { reasonCode, amount }) => (reasonCode === 'chp.cold' ? sum + amount : sum),
    0,
  )
  const standbyKwh = sumKwh(
    on.map((value) => (value === 0 ? asset.standbyHeatKw : 0)),
    frame.hours,
  )
  const drawnKwh = sumKwh(values('standbyHeatKw'), frame.hours)
  const knowsStandby = asset.standbyHeatKw > 0 && asset.ratedKw > leastRatedKw
  return [
    ...brokenSteps('is neither on nor off', on, (value) => value !== 0 && value !== 1),
    ...brokenSteps('gives power while it is off', powerKw, (power, k) => !runs(k) && outside(0, 0)(power)),
    ...brokenSteps(
      'leaves its load range',
      powerKw,
      (power, k) => runs(k) && outside(asset.minLoad * asset.ratedKw, asset.ratedKw)(power),
    ),
    ...brokenSteps(
      'burns off its line',
      values('fuelKw'),
      (fuel, k) => !(Math.abs(fuel - (runs(k) ? chpFuelKw(line, powerKw[k]!) : 0)) <= dustKw),
    ),
    ...brokenSteps(
      'gives heat off its line',
      heatKw,
      (heat, k) =>
        !(
          heat >= -tolerance && Math.abs(heat + rejectedKw[k]! - (runs(k) ? chpHeatKw(line, powerKw[k]!) : 0)) <= dustKw
        ),
    ),
    ...(asset.heatRejection ? [] : brokenSteps('throws heat away', rejectedKw, (heat) => heat > dustKw)),
    ...(knowsStandby && Math.abs(standbyKwh - drawnKwh - coldKwh) > unnamedKwh + dustKw * on.length
      ? [`stands ${standbyKwh - drawnKwh} kWh cold and names ${coldKwh}`]
      : []),
    ...(asset.ratedKw > leastRatedKw ? dwellBreaches(on, runStateOf(asset), frame.hours, asset) : []),
    ...(asset.biogas ? gasBreaches(asset.biogas, inputs, values, frame.hours) : []),
  ]
}

function describe({ asset, frame, outcome }: Explained<ChpAsset>) {
  const { powerKw, heatKw, flaredKw } = outcome.points
  if (!powerKw || !heatKw) return []
  const { hours } = frame
  const energyKwh = sumKwh(powerKw, hours)
  const heatKwh = sumKwh(heatKw, hours)
  const runningHours = hoursAbove(powerKw, 1e-3, hours)
  const flaredKwh = flaredKw ? sumKwh(flaredKw, hours) : 0
  return [
    ...(energyKwh < 0.5
      ? []
      : [
          {
            step: powerKw.findIndex((power) => power > 1e-3),
            asset: asset.id,
            code: 'chp.runs',
            text: `${asset.title} runs ${runningHours.toFixed(1)} h and gives ${energyKwh.toFixed(0)} kWh of electricity and ${heatKwh.toFixed(0)} kWh of heat that is used.`,
            values: { hours: runningHours, energyKwh, heatKwh },
          },
        ]),
    ...(flaredKwh < 0.5 || !flaredKw
      ? []
      : [
          {
            step: flaredKw.findIndex((power) => power > 1e-3),
            asset: asset.id,
            code: 'chp.flares',
            text: `${asset.title} flares ${flaredKwh.toFixed(0)} kWh of gas: the holder is full, or electricity is worth nothing.`,
            values: { energyKwh: flaredKwh },
          },
        ]),
  ]
}

export const chp = defineComponent<ChpAsset, ChpInputs, ReturnType<typeof simulateChp>['state']>({
  kind: 'chp',
  title: 'Combined heat and power',
  schema: ChpSchema,
  sizes: { ratedKw: { unit: 'kW', fields: ['ratedKw'] } },
  points: [
    { id: 'powerKw', title: 'Power', unit: 'kW', role: 'measured' },
    { id: 'heatKw', title: 'Heat that is used', unit: 'kW', role: 'measured' },
    { id: 'rejectedHeatKw', title: 'Heat that is thrown away', unit: 'kW', role: 'computed' },
    { id: 'standbyHeatKw', title: 'Heat that keeps it warm', unit: 'kW', role: 'measured' },
    { id: 'fuelKw', title: 'Fuel, lower heating value', unit: 'kW', role: 'measured' },
    { id: 'biogenicKgCo2PerH', title: 'Biogenic carbon dioxide', unit: 'kgCO2/h', role: 'computed' },
    { id: 'on', title: 'Running', unit: '1', role: 'measured' },
    { id: 'gasLevelM3', title: 'Gas in the holder', unit: 'm3', role: 'measured' },
    { id: 'flaredKw', title: 'Gas flared, lower heating value', unit: 'kW', role: 'measured' },
  ],
  check: (asset) => [
    ...checkChpLine(asset),
    ...(asset.biogas ? checkLevels(asset.biogas, 'biogas.minLevel') : []),
    ...((asset.fuel === undefined) === (asset.biogas === undefined)
      ? [
          {
            detail: asset.fuel ? 'The engine names two fuels' : 'The engine names no fuel',
            place: { path: 'fuel' },
            expected: 'either `fuel` that is bought, or `biogas` of a digester',
          },
        ]
      : []),
    ...(asset.initiallyOnHours > 0 && asset.initiallyOffHours !== undefined
      ? [
          {
            detail: 'The engine cannot be running and standing at once',
            place: { path: 'initiallyOffHours' },
            found: asset.initiallyOffHours,
            expected: 'initiallyOnHours or initiallyOffHours, not both',
          },
        ]
      : []),
  ],
  async prepare(asset, frame, data) {
    if (!asset.biogas) return { gasKw: new Float64Array(frame.grid.count) }
    const { production, kwhPerM3 } = asset.biogas
    const gasM3PerH = await readWhole(frame, data, {
      source: production,
      unit: 'm3/h',
      path: `assets.${asset.id}.biogas.production`,
      what: `The gas of ${asset.title}`,
    })
    return { gasKw: gasM3PerH.map((rate) => rate * kwhPerM3) }
  },
  formulate,
  initialState: (asset) => ({
    onHours: asset.initiallyOnHours,
    fuelKwh: 0,
    gasKwh: asset.biogas ? asset.biogas.initialLevel * asset.biogas.holderM3 * asset.biogas.kwhPerM3 : 0,
  }),
  offeredKw: (inputs, k) => inputs.gasKw[k]!,
  flows: (asset, { points }) => {
    const nothing = new Float64Array()
    const { powerKw = nothing, heatKw = nothing, standbyHeatKw } = points
    return [
      { carrier: 'electricity', bus: asset.bus ?? mainBus, powerKw },
      {
        carrier: 'heat',
        bus: asset.heatBus ?? mainBus,
        powerKw: standbyHeatKw ? heatKw.map((heat, k) => heat - standbyHeatKw[k]!) : heatKw,
      },
    ]
  },
  balances: { electricity: 2 },
  dearestPerKwh(asset, carbonPricePerKg) {
    const leastKw = Math.max(1, asset.minLoad * asset.ratedKw)
    const fuelPerKwh = chpFuelKw(chpLine(asset, 1), asset.minLoad) / asset.minLoad
    return (
      fuelPricePerKwh(asset, carbonPricePerKg) * fuelPerKwh + (asset.startCost + asset.runningCostPerHour) / leastKw
    )
  },
  breaches,
  simulate: simulateChp,
  describe,
})
