import { type DiodeParameters, maximumPower } from './single-diode.ts'

/** Module parameters at 1000 W/m2 and 25 °C for De Soto's model; `adjustPercent` makes it the CEC model. */
export interface ModuleParameters {
  /** Temperature coefficient of the short-circuit current, A/K. */
  readonly alphaAPerK: number
  /** Ideality × cells × thermal voltage, V. */
  readonly thermalV: number
  readonly photocurrentA: number
  readonly saturationA: number
  readonly shuntOhm: number
  readonly seriesOhm: number
  /** CEC: percentage by which the current coefficient is lowered. 0 = De Soto. */
  readonly adjustPercent: number
  /** Band gap at reference, eV. */
  readonly bandGapEv: number
  /** Relative change of the band gap, 1/K. */
  readonly bandGapPerK: number
}

/** Silicon: De Soto 2006. */
const silicon = { bandGapEv: 1.121, bandGapPerK: -0.0002677 } as const

/** A made-up representative module of 60 monocrystalline cells near 310 W; no product. */
export const genericModule: ModuleParameters = {
  alphaAPerK: 0.0045,
  thermalV: 1.56,
  photocurrentA: 9.85,
  saturationA: 6.3e-11,
  shuntOhm: 450,
  seriesOhm: 0.27,
  adjustPercent: 0,
  ...silicon,
}

/** Boltzmann constant, eV/K. */
const boltzmannEvPerK = 8.617333262e-5

/**
 * Single-diode parameters at other irradiance and temperature.
 * Source: De Soto, Klein & Beckman, Solar Energy 80 (2006) 78; CEC adjustment: Dobos, J. Solar Energy Eng. 134 (2012).
 */
export function diodeAt(module: ModuleParameters, irradianceWm2: number, cellTemperatureC: number): DiodeParameters {
  const referenceK = 298.15
  const cellK = cellTemperatureC + 273.15
  const differenceK = cellTemperatureC - 25
  const light = irradianceWm2 / 1000
  const alpha = module.alphaAPerK * (1 - module.adjustPercent / 100)
  const gap = module.bandGapEv * (1 + module.bandGapPerK * differenceK)
  const heat = Math.exp(module.bandGapEv / (boltzmannEvPerK * referenceK) - gap / (boltzmannEvPerK * cellK))
  return {
    photocurrentA: light * (module.photocurrentA + alpha * differenceK),
    saturationA: module.saturationA * (cellK / referenceK) ** 3 * heat,
    seriesOhm: module.seriesOhm,
    shuntOhm: module.shuntOhm / light,
    thermalV: (module.thermalV * cellK) / referenceK,
  }
}

/** Maximum power of a module in W. */
export const modulePowerW = (module: ModuleParameters, irradianceWm2: number, cellTemperatureC: number): number =>
  irradianceWm2 <= 0 ? 0 : maximumPower(diodeAt(module, irradianceWm2, cellTemperatureC)).powerW

const ratedW = new WeakMap<ModuleParameters, number>()

/** Maximum power over that at standard test conditions; multiplies any installed kWp. */
export function singleDiodeRelativePower(
  module: ModuleParameters,
  irradianceWm2: number,
  cellTemperatureC: number,
): number {
  let rated = ratedW.get(module)
  if (rated === undefined) {
    rated = modulePowerW(module, 1000, 25)
    ratedW.set(module, rated)
  }
  return modulePowerW(module, irradianceWm2, cellTemperatureC) / rated
}
