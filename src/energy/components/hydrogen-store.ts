import { mainBus } from '../bus.ts'
import { type HydrogenStoreAsset, HydrogenStoreSchema } from '../schema/index.ts'
import {
  type Conditions,
  defineComponent,
  type Exclusive,
  type Formulated,
  type Formulation,
  type Outcome,
  type Published,
  type SimulatedStep,
  sumKwh,
} from './component.ts'
import { hydrogenKwhPerKg } from './hydrogen.ts'
import { brokenSteps, outside } from './limits.ts'
import { mostOf, type Size, sizeIn } from './sized.ts'
import { checkLevels, formulateTank, medianPricePerKwh, outsideLevels, sumOfBlocks, tankBreaches } from './tank.ts'

/** What a kg is worth at the end, where the site does not say: electricity for an ordinary electrolyser at full load. */
const electricityKwhPerKg = 55

const inKwh = (size: Size): Size =>
  typeof size === 'number'
    ? size * hydrogenKwhPerKg
    : { column: size.column, per: size.per * hydrogenKwhPerKg, most: size.most * hydrogenKwhPerKg }

const retentionOf = ({ lossPerDay }: HydrogenStoreAsset, stepHours: number): number =>
  (1 - lossPerDay) ** (stepHours / 24)

const retentions = (asset: HydrogenStoreAsset, hours: Float64Array): Float64Array =>
  hours.map((value) => retentionOf(asset, value))

/** A vessel that hydrogen is pressed into: filling costs electricity, drawing does not. */
function formulate(formulation: Formulation<HydrogenStoreAsset, null>): Formulated {
  const { asset, frame, model, bus, buses, size } = formulation
  const { count } = frame.grid
  const capacity = inKwh(size('capacityKg'))
  const maxFill = inKwh(size('maxFillKgPerH'))
  const maxDraw = inKwh(size('maxDrawKgPerH'))
  const worthPerKg = asset.terminalValuePerKg ?? electricityKwhPerKg * medianPricePerKwh(frame)
  const tank = formulateTank(model, {
    name: asset.id,
    frame,
    levels: asset,
    capacityKwh: capacity,
    maxFillKw: maxFill,
    maxDrawKw: maxDraw,
    retention: retentions(asset, frame.hours),
    worthPerKwh: worthPerKg / hydrogenKwhPerKg,
  })
  const hydrogenBus = buses.of('hydrogen', asset.hydrogenBus)
  const compressionKwhPerKwh = asset.compressionKwhPerKg / hydrogenKwhPerKg
  for (const fill of tank.fills) {
    hydrogenBus.draw(fill, 0, count)
    if (compressionKwhPerKwh > 0) bus.draw(fill, 0, count, compressionKwhPerKwh)
  }
  for (const draw of tank.draws) hydrogenBus.supply(draw, 0, count)
  const exclusives: Exclusive[] = Array.from({ length: count }, (_, step) => ({
    step,
    a: tank.fills.map((fill) => fill + step),
    aMax: mostOf(maxFill),
    b: tank.draws.map((draw) => draw + step),
    bMax: mostOf(maxDraw),
  }))
  return {
    exclusives,
    read(values): Outcome {
      const fillKw = sumOfBlocks(values, tank.fills, count)
      const hydrogenKw = sumOfBlocks(values, tank.draws, count).map((draw, k) => draw - fillKw[k]!)
      const levelKwh = tank.levelKwh(values)
      return {
        points: {
          hydrogenKw,
          levelKg: levelKwh.map((level) => level / hydrogenKwhPerKg),
          compressionKw: hydrogenKw.map((power) => Math.max(0, -power) * compressionKwhPerKwh),
        },
        cost: { storedEnergy: tank.worth(values) },
        emissionsKgCo2e: 0,
        relaxed: outsideLevels(asset, {
          levels: asset,
          capacityKwh: sizeIn(capacity, values),
          levelKwh,
          hours: frame.hours,
        }),
      }
    },
  }
}

function breaches({ asset, frame, values }: Published<HydrogenStoreAsset, null>): string[] {
  const hydrogenKw = values('hydrogenKw')
  const compressionKw = values('compressionKw')
  const kwhPerKwh = asset.compressionKwhPerKg / hydrogenKwhPerKg
  return [
    ...brokenSteps(
      'passes its limits of filling and drawing',
      hydrogenKw,
      outside(-asset.maxFillKgPerH * hydrogenKwhPerKg, asset.maxDrawKgPerH * hydrogenKwhPerKg),
    ),
    ...brokenSteps('compresses for nothing', compressionKw, (power, k) => {
      const expected = Math.max(0, -hydrogenKw[k]!) * kwhPerKwh
      return outside(expected, expected)(power)
    }),
    ...tankBreaches({
      levels: asset,
      capacityKwh: asset.capacityKg * hydrogenKwhPerKg,
      levelKwh: values('levelKg').map((level) => level * hydrogenKwhPerKg),
      fillKw: hydrogenKw.map((power) => Math.max(0, -power)),
      drawKw: hydrogenKw.map((power) => Math.max(0, power)),
      retention: retentions(asset, frame.hours),
      hours: frame.hours,
    }),
  ]
}

interface State {
  readonly levelKg: number
}

/** Mean rate of a mass over a step; over a step of no length any, unless there is no mass. */
const rateOf = (massKg: number, stepHours: number): number => (massKg > 0 ? massKg / stepHours : 0)

/** The store follows the hydrogen bus: the set point is kW of hydrogen, + drawn from the store. */
function simulate(
  asset: HydrogenStoreAsset,
  { levelKg }: State,
  { stepHours, setpointKw = 0 }: Conditions,
): SimulatedStep<State> {
  const floorKg = Math.min(asset.minLevel, asset.initialLevel) * asset.capacityKg
  const keptKg = levelKg > floorKg ? floorKg + (levelKg - floorKg) * retentionOf(asset, stepHours) : levelKg
  const stockKgPerH = rateOf(keptKg - asset.minLevel * asset.capacityKg, stepHours)
  const roomKgPerH = rateOf(asset.maxLevel * asset.capacityKg - keptKg, stepHours)
  const wantedKgPerH = setpointKw / hydrogenKwhPerKg
  const drawnKgPerH =
    wantedKgPerH >= 0
      ? Math.min(wantedKgPerH, asset.maxDrawKgPerH, stockKgPerH)
      : -Math.min(-wantedKgPerH, asset.maxFillKgPerH, roomKgPerH)
  const nextKg = keptKg - drawnKgPerH * (Number.isFinite(drawnKgPerH) ? stepHours : 0)
  const hydrogenKw = drawnKgPerH * hydrogenKwhPerKg
  const compressionKw = Math.max(0, -drawnKgPerH) * asset.compressionKwhPerKg
  return {
    state: { levelKg: nextKg },
    busKw: -compressionKw,
    otherKw: { hydrogen: hydrogenKw },
    points: { hydrogenKw, levelKg: nextKg, compressionKw },
  }
}

export const hydrogenStore = defineComponent<HydrogenStoreAsset, null, State>({
  kind: 'hydrogen-store',
  title: 'Hydrogen store',
  schema: HydrogenStoreSchema,
  sizes: { capacityKg: { unit: 'kg', fields: ['capacityKg', 'maxFillKgPerH', 'maxDrawKgPerH'] } },
  points: [
    { id: 'hydrogenKw', title: 'Hydrogen, + drawn from the store', unit: 'kW', role: 'measured' },
    { id: 'levelKg', title: 'Hydrogen inside', unit: 'kg', role: 'measured' },
    { id: 'compressionKw', title: 'Power of the compressor', unit: 'kW', role: 'measured' },
  ],
  check: (asset) => checkLevels(asset, 'minLevel'),
  prepare: async () => null,
  baseline: () => null,
  formulate,
  initialState: (asset) => ({ levelKg: asset.initialLevel * asset.capacityKg }),
  offeredKw: () => 0,
  flows: (asset, { points }) => {
    const nothing = new Float64Array()
    return [
      { carrier: 'hydrogen', bus: asset.hydrogenBus ?? mainBus, powerKw: points.hydrogenKw ?? nothing },
      {
        carrier: 'electricity',
        bus: asset.bus ?? mainBus,
        powerKw: (points.compressionKw ?? nothing).map((power) => -power),
      },
    ]
  },
  balances: { hydrogen: 0 },
  setpointOn: () => 'hydrogen',
  breaches,
  simulate,
  describe({ asset, frame, outcome }) {
    const { hydrogenKw, levelKg } = outcome.points
    if (!hydrogenKw || !levelKg) return []
    const filledKwh = sumKwh(
      hydrogenKw.map((power) => Math.max(0, -power)),
      frame.hours,
    )
    const filledKg = filledKwh / hydrogenKwhPerKg
    if (filledKg < 0.05) return []
    const endKg = levelKg.at(-1) ?? 0
    const values = { massKg: filledKg, endKg }
    return [
      {
        step: hydrogenKw.findIndex((power) => power < -1e-3),
        asset: asset.id,
        code: 'hydrogen.stored',
        text: `${asset.title} takes in ${filledKg.toFixed(0)} kg of hydrogen and holds ${endKg.toFixed(0)} kg at the end.`,
        values,
      },
    ]
  },
})
