import { stepEdgesMs } from '../../kernel/index.ts'
import { readWhole } from '../read-power.ts'
import { type HydroReservoirAsset, HydroReservoirSchema } from '../schema/index.ts'
import {
  type Conditions,
  columns,
  defineComponent,
  type Exclusive,
  type Formulated,
  type Formulation,
  hoursAbove,
  type Outcome,
  type Published,
  perStep,
  type SimulatedStep,
  sumKwh,
} from './component.ts'
import { brokenSteps, outside } from './limits.ts'
import { addSizedColumns, mostOf } from './sized.ts'
import { formulateTank, medianPricePerKwh, outsideLevels, sumOfBlocks, type TankLevels, tankBreaches } from './tank.ts'
import { headAt, kwhPerM3At, m3PerPumpedKwh, secondsPerHour } from './water.ts'

/** Keeps water from being spilled where it could as well stay; less than any price. */
const spillCostPerKwh = 1e-4

interface ReservoirInputs {
  readonly inflowM3PerS: Float64Array
  /** The same water as electricity at the head of the plan, kW. */
  readonly inflowKw: Float64Array
}

/** The plan counts water as the electricity it gives at the head that the reservoir begins with: a linear model. */
const planned = (asset: HydroReservoirAsset) => {
  const headM = headAt(asset, asset.initialVolumeM3)
  const kwhPerM3 = kwhPerM3At(asset, headM)
  return { headM, kwhPerM3, kwPerM3PerS: kwhPerM3 * secondsPerHour }
}

const levelsOf = ({ volumeM3, minVolumeM3, initialVolumeM3 }: HydroReservoirAsset): TankLevels =>
  volumeM3 > 0
    ? { minLevel: minVolumeM3 / volumeM3, maxLevel: 1, initialLevel: initialVolumeM3 / volumeM3 }
    : { minLevel: 0, maxLevel: 1, initialLevel: 0 }

const turbineMostKw = (asset: HydroReservoirAsset, ratedKw: number): number =>
  Math.min(ratedKw, (asset.maxFlowM3PerS ?? Number.POSITIVE_INFINITY) * planned(asset).kwPerM3PerS)

/**
 * Water kept behind a dam: what flows in is stored, turned into electricity, or spilled; a pump may lift water back from
 * below, where there is always enough. The release for the river comes first of all and is short only where there is no
 * water. The head is that of the first level throughout; how it moves with the level shows in simulation.
 */
function formulate(formulation: Formulation<HydroReservoirAsset, ReservoirInputs>): Formulated {
  const { asset, inputs, frame, model, bus, size } = formulation
  const { count } = frame.grid
  const { hours } = frame
  const shortestHours = hours.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY)
  const edgesMs = stepEdgesMs(frame.grid)
  const horizonMs = edgesMs[count]! - edgesMs[0]!
  const { headM, kwhPerM3, kwPerM3PerS } = planned(asset)
  const rated = size('ratedKw')
  const mostKw = turbineMostKw(asset, mostOf(rated))
  const pumpMostKw = asset.pump?.maxKw ?? 0
  const liftedPerKw = asset.pump ? m3PerPumpedKwh(asset.pump.efficiency, headM) * kwhPerM3 : 0
  const largestInflowKw = inputs.inflowKw.reduce((most, power) => Math.max(most, power), 0)
  const capacityKwh = asset.volumeM3 * kwhPerM3
  const fillMostKw = largestInflowKw + pumpMostKw * liftedPerKw
  const worthPerKwh = asset.waterValuePerM3 === undefined ? medianPricePerKwh(frame) : asset.waterValuePerM3 / kwhPerM3
  const tank = formulateTank(model, {
    name: asset.id,
    frame,
    levels: levelsOf(asset),
    capacityKwh,
    maxFillKw: fillMostKw,
    // Spilling may empty the reservoir within a step, the shortest too.
    maxDrawKw: mostKw + fillMostKw + Math.max(capacityKwh, asset.initialVolumeM3 * kwhPerM3) / shortestHours,
    worthPerKwh,
  })
  const turbine = addSizedColumns(model, `${asset.id}.turbineKw`, count, { size: rated })
  if (typeof rated === 'number') for (let k = 0; k < count; k += 1) model.setBounds(turbine + k, 0, mostKw)
  bus.supply(turbine, 0, count)
  const spill = model.addColumns(`${asset.id}.spilledKw`, count, { cost: perStep(spillCostPerKwh, hours) })
  const pump = asset.pump ? model.addColumns(`${asset.id}.pumpKw`, count, { upper: pumpMostKw }) : -1
  if (pump >= 0) bus.draw(pump, 0, count)
  const leastKw = asset.minReleaseM3PerS * kwPerM3PerS
  const short =
    leastKw > 0
      ? model.addColumns(`${asset.id}.releaseShortKw`, count, {
          upper: leastKw,
          // The sooner the dearer: what water there is goes to the river as it comes, not when it earns most.
          cost: Float64Array.from(
            { length: count },
            (_, k) => frame.penaltyPerKwh('must-run') * hours[k]! * (2 - (edgesMs[k]! - edgesMs[0]!) / horizonMs),
          ),
        })
      : -1
  for (let k = 0; k < count; k += 1) {
    model.beginRow(`${asset.id}.inflow`, inputs.inflowKw[k]!, inputs.inflowKw[k]!)
    for (const fill of tank.fills) model.term(fill + k, 1)
    if (pump >= 0) model.term(pump + k, -liftedPerKw)
    model.endRow()
    model.beginRow(`${asset.id}.outflow`, 0, 0)
    for (const draw of tank.draws) model.term(draw + k, 1)
    model.term(turbine + k, -1)
    model.term(spill + k, -1)
    model.endRow()
    if (typeof rated !== 'number' && asset.maxFlowM3PerS !== undefined) {
      model.beginRow(`${asset.id}.maxFlow`, Number.NEGATIVE_INFINITY, asset.maxFlowM3PerS * kwPerM3PerS)
      model.term(turbine + k, 1)
      model.endRow()
    }
    if (short >= 0) {
      model.beginRow(`${asset.id}.release`, leastKw, Number.POSITIVE_INFINITY)
      model.term(turbine + k, 1)
      model.term(spill + k, 1)
      model.term(short + k, 1)
      model.endRow()
    }
  }
  const exclusives: Exclusive[] =
    pump < 0
      ? []
      : Array.from({ length: count }, (_, step) => ({
          step,
          a: [turbine + step],
          aMax: mostKw,
          b: [pump + step],
          bMax: pumpMostKw,
        }))
  return {
    exclusives,
    read(values): Outcome {
      const turbineKw = columns(values, turbine, count)
      const pumpKw = pump < 0 ? new Float64Array(count) : columns(values, pump, count)
      const levelKwh = tank.levelKwh(values)
      const toFlow = (powerKw: Float64Array): Float64Array => powerKw.map((power) => power / kwPerM3PerS)
      const drawnKw = sumOfBlocks(values, tank.draws, count)
      return {
        points: {
          powerKw: turbineKw.map((power, k) => power - pumpKw[k]!),
          volumeM3: levelKwh.map((level) => level / kwhPerM3),
          turbineM3PerS: toFlow(turbineKw),
          spillM3PerS: toFlow(drawnKw.map((drawn, k) => Math.max(0, drawn - turbineKw[k]!))),
          ...(pump < 0 ? {} : { pumpedM3PerS: toFlow(pumpKw.map((power) => power * liftedPerKw)) }),
        },
        cost: { storedEnergy: tank.worth(values) },
        emissionsKgCo2e: 0,
        relaxed: [
          ...outsideLevels(asset, { levels: levelsOf(asset), capacityKwh, levelKwh, hours }),
          ...(short < 0 ? [] : releaseShort(asset, columns(values, short, count), hours)),
        ],
      }
    },
  }
}

function releaseShort(
  asset: { readonly id: string; readonly title: string },
  shortKw: Float64Array,
  hours: Float64Array,
) {
  const amount = sumKwh(shortKw, hours)
  if (amount <= 0.01) return []
  const most = shortKw.reduce((worst, power) => Math.max(worst, power), 0)
  const shortHours = hoursAbove(shortKw, 1e-6, hours)
  return [
    {
      wish: 'release',
      asset: asset.id,
      amount,
      unit: 'kWh',
      reason: `${asset.title} has no water for the river for ${shortHours.toFixed(2)} h: up to ${most.toFixed(1)} kW worth of flow are missing.`,
      reasonCode: 'reservoir.release-short',
    },
  ]
}

function breaches({
  asset,
  inputs,
  frame,
  outcome,
  values,
}: Published<HydroReservoirAsset, ReservoirInputs>): string[] {
  const powerKw = values('powerKw')
  const turbine = values('turbineM3PerS')
  const spill = values('spillM3PerS')
  const pumped = asset.pump ? values('pumpedM3PerS') : powerKw.map(() => 0)
  const { headM, kwhPerM3, kwPerM3PerS } = planned(asset)
  const mostKw = turbineMostKw(asset, asset.ratedKw)
  const dustKw = 1e-3 * Math.max(1, 1e-3 * mostKw)
  const namedKwh = outcome.relaxed.reduce((sum, { wish, amount }) => (wish === 'release' ? sum + amount : sum), 0)
  const lackingKwh = sumKwh(
    turbine.map((flow, k) => Math.max(0, asset.minReleaseM3PerS - flow - spill[k]!) * kwPerM3PerS),
    frame.hours,
  )
  return [
    ...brokenSteps(
      'passes its turbine',
      turbine.map((flow) => flow * kwPerM3PerS),
      outside(0, mostKw),
    ),
    ...brokenSteps('spills less than nothing', spill, (flow) => flow * kwPerM3PerS < -dustKw),
    ...brokenSteps('gives power that its water does not', powerKw, (power, k) => {
      const pumpKw = asset.pump ? (pumped[k]! * secondsPerHour) / m3PerPumpedKwh(asset.pump.efficiency, headM) : 0
      if (pumpKw < -dustKw || pumpKw > (asset.pump?.maxKw ?? 0) + dustKw) return true
      return Math.abs(power - (turbine[k]! * kwPerM3PerS - pumpKw)) > dustKw
    }),
    ...(Math.abs(lackingKwh - namedKwh) > 0.01 + dustKw * powerKw.length
      ? [`leaves the river short of ${lackingKwh} kWh of water and names ${namedKwh}`]
      : []),
    ...tankBreaches({
      levels: levelsOf(asset),
      capacityKwh: asset.volumeM3 * kwhPerM3,
      levelKwh: values('volumeM3').map((volume) => volume * kwhPerM3),
      fillKw: inputs.inflowM3PerS.map((flow, k) => (flow + pumped[k]!) * kwPerM3PerS),
      drawKw: turbine.map((flow, k) => (flow + spill[k]!) * kwPerM3PerS),
      hours: frame.hours,
    }),
  ]
}

interface State {
  readonly volumeM3: number
}

/** Steps the water at the head of its level; the release for the river is spilled where the turbine does not pass it. */
function simulate(
  asset: HydroReservoirAsset,
  { volumeM3 }: State,
  { stepHours, offeredKw, setpointKw = 0 }: Conditions,
): SimulatedStep<State> {
  const seconds = stepHours * secondsPerHour
  const headM = headAt(asset, volumeM3)
  const kwPerFlow = kwhPerM3At(asset, headM) * secondsPerHour
  const inflow = offeredKw / planned(asset).kwPerM3PerS
  const rate = (volume: number): number => (volume > 0 ? volume / seconds : 0)
  // Water that may leave without going below the least volume.
  const stock = Math.max(0, inflow + rate(volumeM3 - asset.minVolumeM3))
  const mostFlow = Math.min(asset.ratedKw / kwPerFlow, asset.maxFlowM3PerS ?? Number.POSITIVE_INFINITY)
  const turbine = Math.min(Math.max(0, setpointKw) / kwPerFlow, mostFlow, stock)
  const riverSpill = Math.max(0, Math.min(asset.minReleaseM3PerS, stock) - turbine)
  const perPumpedKw = asset.pump ? m3PerPumpedKwh(asset.pump.efficiency, headM) / secondsPerHour : 0
  const pumpKw = asset.pump ? Math.min(Math.max(0, -setpointKw), asset.pump.maxKw) : 0
  const pumped = pumpKw * perPumpedKw
  const unspilled = volumeM3 + (inflow + pumped - turbine - riverSpill) * seconds
  const next = Math.min(unspilled, Math.max(asset.volumeM3, volumeM3))
  const spill = riverSpill + (seconds > 0 ? (unspilled - next) / seconds : 0)
  const powerKw = turbine * kwPerFlow - pumpKw
  return {
    state: { volumeM3: next },
    busKw: powerKw,
    points: {
      powerKw,
      volumeM3: next,
      turbineM3PerS: turbine,
      spillM3PerS: spill,
      ...(asset.pump ? { pumpedM3PerS: pumped } : {}),
    },
  }
}

function check(asset: HydroReservoirAsset) {
  const problem = (path: string, detail: string, found: unknown, expected: string) => [
    { detail, place: { path }, found, expected },
  ]
  const { headM, headByVolume } = asset
  if ((headM === undefined) === (headByVolume === undefined)) {
    return problem('headM', 'The head is said twice, or not at all', headM, 'either `headM` or `headByVolume`')
  }
  const rising = headByVolume?.every(([volume], index) => index === 0 || volume > headByVolume[index - 1]![0]) ?? true
  if (headByVolume && (!rising || headByVolume[0]![0] !== 0)) {
    return problem('headByVolume', 'The volumes of the head do not rise from 0', headByVolume[0]![0], 'rising from 0')
  }
  if (asset.minVolumeM3 > asset.volumeM3) {
    return problem(
      'minVolumeM3',
      'The least volume lies above the full one',
      asset.minVolumeM3,
      `at most ${asset.volumeM3}`,
    )
  }
  return []
}

export const hydroReservoir = defineComponent<HydroReservoirAsset, ReservoirInputs, State>({
  kind: 'hydro-reservoir',
  title: 'Hydropower with a reservoir',
  schema: HydroReservoirSchema,
  points: [
    { id: 'powerKw', title: 'Power, + from the turbine, − of the pump', unit: 'kW', role: 'measured' },
    { id: 'volumeM3', title: 'Water in the reservoir', unit: 'm3', role: 'measured' },
    { id: 'turbineM3PerS', title: 'Water through the turbine', unit: 'm3/s', role: 'measured' },
    { id: 'spillM3PerS', title: 'Water spilled', unit: 'm3/s', role: 'measured' },
    { id: 'pumpedM3PerS', title: 'Water pumped up', unit: 'm3/s', role: 'measured' },
  ],
  check,
  async prepare(asset, frame, data) {
    const inflowM3PerS = await readWhole(frame, data, {
      source: asset.inflow,
      unit: 'm3/s',
      path: `assets.${asset.id}.inflow`,
      what: `The inflow of ${asset.title}`,
    })
    const { kwPerM3PerS } = planned(asset)
    return { inflowM3PerS, inflowKw: inflowM3PerS.map((flow) => flow * kwPerM3PerS) }
  },
  formulate,
  initialState: (asset) => ({ volumeM3: asset.initialVolumeM3 }),
  offeredKw: (inputs, k) => inputs.inflowKw[k]!,
  balances: { electricity: 2 },
  breaches,
  simulate,
  describe({ asset, frame, outcome }) {
    const { powerKw, spillM3PerS } = outcome.points
    if (!powerKw || !spillM3PerS) return []
    const energyKwh = sumKwh(
      powerKw.map((power) => Math.max(0, power)),
      frame.hours,
    )
    const spilledM3 = spillM3PerS.reduce((sum, flow, k) => {
      const owed = Math.max(0, asset.minReleaseM3PerS - (outcome.points.turbineM3PerS?.[k] ?? 0))
      return sum + Math.max(0, flow - owed) * frame.hours[k]! * secondsPerHour
    }, 0)
    return [
      ...(energyKwh < 0.5
        ? []
        : [
            {
              step: powerKw.findIndex((power) => power > 1e-3),
              asset: asset.id,
              code: 'reservoir.runs',
              text: `${asset.title} turns its water into ${energyKwh.toFixed(0)} kWh, in the hours when a kWh is worth most.`,
              values: { energyKwh },
            },
          ]),
      ...(spilledM3 < 1
        ? []
        : [
            {
              step: spillM3PerS.findIndex((flow) => flow > 1e-6),
              asset: asset.id,
              code: 'reservoir.spills',
              text: `${asset.title} spills ${spilledM3.toFixed(0)} m3 more than the river needs: it is full and the turbine can take no more, or its power is worth nothing.`,
              values: { volumeM3: spilledM3 },
            },
          ]),
    ]
  },
})
