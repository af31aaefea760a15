import type { Biogas, ChpAsset } from '../schema/index.ts'
import { columns, type Formulation, perStep } from './component.ts'
import { brokenSteps, outside } from './limits.ts'
import { formulateTank, medianPricePerKwh, outsideLevels, sumOfBlocks, tankBreaches } from './tank.ts'

/** What a digester gives, kW by lower heating value, one a step; nothing for an engine that buys its fuel. */
export interface ChpInputs {
  readonly gasKw: Float64Array
}

/** Keeps the holder from flaring where it could as well store; less than any price. */
const flareCostPerKwh = 1e-4

/**
 * A digester's gas into a holder, out of it into the engine; what neither can take is flared.
 *
 * @param fuel columns that burn gas and kW of gas for one unit of each
 */
export function formulateGas(
  { asset, inputs: { gasKw }, frame, model }: Formulation<ChpAsset, ChpInputs>,
  biogas: Biogas,
  { fuel, mostKw }: { readonly fuel: readonly (readonly [first: number, perUnit: number])[]; readonly mostKw: number },
) {
  const { count } = frame.grid
  const { hours } = frame
  const capacityKwh = biogas.holderM3 * biogas.kwhPerM3
  const worthPerM3 = biogas.terminalValuePerM3 ?? medianPricePerKwh(frame) * asset.electrical.full * biogas.kwhPerM3
  const tank = formulateTank(model, {
    name: `${asset.id}.holder`,
    frame,
    levels: biogas,
    capacityKwh,
    maxFillKw: gasKw.reduce((most, power) => Math.max(most, power), 0),
    maxDrawKw: mostKw,
    worthPerKwh: worthPerM3 / biogas.kwhPerM3,
  })
  const flare = model.addColumns(`${asset.id}.flaredKw`, count, { upper: gasKw, cost: perStep(flareCostPerKwh, hours) })
  for (let k = 0; k < count; k += 1) {
    model.beginRow(`${asset.id}.gas`, gasKw[k]!, gasKw[k]!)
    for (const fill of tank.fills) model.term(fill + k, 1)
    model.term(flare + k, 1)
    model.endRow()
    model.beginRow(`${asset.id}.burnt`, 0, 0)
    for (const draw of tank.draws) model.term(draw + k, 1)
    for (const [first, perUnit] of fuel) model.term(first + k, -perUnit)
    model.endRow()
  }
  return {
    read(values: Float64Array) {
      const levelKwh = tank.levelKwh(values)
      return {
        points: {
          flaredKw: columns(values, flare, count),
          gasLevelM3: levelKwh.map((level) => level / biogas.kwhPerM3),
        },
        fuelKw: sumOfBlocks(values, tank.draws, count),
        storedEnergy: tank.worth(values),
        relaxed: outsideLevels(asset, { levels: biogas, capacityKwh, levelKwh, hours }),
      }
    },
  }
}

/** What a published schedule of gas breaks. */
export function gasBreaches(
  biogas: Biogas,
  { gasKw }: ChpInputs,
  values: (point: string) => Float64Array,
  hours: Float64Array,
): string[] {
  const flaredKw = values('flaredKw')
  return [
    ...brokenSteps('flares gas that it does not have', flaredKw, (flared, k) => outside(0, gasKw[k]!)(flared)),
    ...tankBreaches({
      levels: biogas,
      capacityKwh: biogas.holderM3 * biogas.kwhPerM3,
      levelKwh: values('gasLevelM3').map((level) => level * biogas.kwhPerM3),
      fillKw: gasKw.map((gas, k) => gas - flaredKw[k]!),
      drawKw: values('fuelKw'),
      hours,
    }),
  ]
}
