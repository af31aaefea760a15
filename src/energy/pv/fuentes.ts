/** Installed nominal operating cell temperature of PVWatts, °C. */
export const installedNoctC = { 'open-rack': 45, roof: 49 } as const

export interface FuentesInputs {
  readonly poaWm2: Float64Array
  readonly temperatureC: Float64Array
  /** At `windHeightM`. */
  readonly windSpeedMPerS: Float64Array
  /** Of each step. */
  readonly hours: Float64Array
  readonly installedNoctC: number
  /** Height of the wind measurement. Default 9.144 m (30 ft), as PVWatts. */
  readonly windHeightM?: number
  /** Default 5 m. */
  readonly moduleHeightM?: number
}

const boltzmann = 5.669e-8
const emissivity = 0.84
const absorption = 0.83
/** Hydraulic diameter of the module of Fuentes, 0.31579 m × 1.2 m. */
const lengthM = (2 * 0.31579 * 1.2) / (0.31579 + 1.2)
/** Heat capacity of module, J/(m2 K). */
const capacity = 11000
/** Sine of the tilt, held at 30 deg by Fuentes. */
const sinTilt = 0.5

/** Mixed free and forced convection of one face, W/(m2 K). */
function convection(meanK: number, windMPerS: number, differenceK: number, turbulent: boolean): number {
  const density = (0.003484 * 101325) / meanK
  const viscosity = (0.24237e-6 * meanK ** 0.76) / density
  const conductivity = 2.1695e-4 * meanK ** 0.84
  const reynolds = (windMPerS * lengthM) / viscosity
  const forced =
    turbulent && reynolds > 1.2e5
      ? ((0.0282 / reynolds ** 0.2) * density * windMPerS * 1007) / 0.71 ** 0.4
      : ((0.86 / reynolds ** 0.5) * density * windMPerS * 1007) / 0.71 ** 0.67
  const grashof = ((9.8 / meanK) * differenceK * lengthM ** 3 * sinTilt) / (viscosity * viscosity)
  const free = (0.21 * (grashof * 0.71) ** 0.32 * conductivity) / lengthM
  return Math.cbrt(free * free * free + forced * forced * forced)
}

/** Ground temperature ratio and total-to-top convection ratio at the installed NOCT (800 W/m2, 20 °C, 1 m/s). */
function ratiosAtNoct(noctK: number): { readonly ground: number; readonly convection: number } {
  const rise = noctK - 293.15
  const top = convection((noctK + 293.15) / 2, 1, rise, false)
  const ground = emissivity * boltzmann * (noctK ** 2 + 293.15 ** 2) * (noctK + 293.15)
  const sky4 = 282.21 ** 4
  const back = (absorption * 800 - emissivity * boltzmann * (noctK ** 4 - sky4) - top * rise) / ((ground + top) * rise)
  const groundK = Math.min(Math.max((noctK ** 4 - back * (noctK ** 4 - 293.15 ** 4)) ** 0.25, 293.15), noctK)
  return {
    ground: (groundK - 293.15) / rise,
    convection: (absorption * 800 - emissivity * boltzmann * (2 * noctK ** 4 - sky4 - groundK ** 4)) / (top * rise),
  }
}

/**
 * Cell temperature with thermal lag, °C, as PVWatts uses it: at zero irradiance the module is taken at air temperature
 * and the heat balance is skipped. Steps with a missing input give NaN and leave the state.
 * Source: Fuentes, A Simplified Thermal Model for Flat-Plate Photovoltaic Arrays, SAND85-0330; night rule: PVWatts v5.
 */
export function fuentesCellTemperatureC(inputs: FuentesInputs): Float64Array {
  const { poaWm2, temperatureC, windSpeedMPerS, hours } = inputs
  const out = new Float64Array(poaWm2.length)
  const noctK = inputs.installedNoctC + 273.15
  const ratio = ratiosAtNoct(noctK)
  const cap = noctK > 321.15 ? capacity * (1 + (noctK - 321.15) / 12) : capacity
  const windFactor = ((inputs.moduleHeightM ?? 5) / (inputs.windHeightM ?? 9.144)) ** 0.2
  let moduleBeforeK = 293.15
  let sunBefore = 0
  for (let k = 0; k < out.length; k += 1) {
    const airC = temperatureC[k] as number
    const poa = poaWm2[k] as number
    const wind = (windSpeedMPerS[k] as number) * windFactor + 1e-4
    if (!(poa > 0) || Number.isNaN(airC) || Number.isNaN(wind)) {
      out[k] = poa <= 0 ? airC : Number.NaN
      continue
    }
    const airK = airC + 273.15
    const skyK = 0.68 * (0.0552 * airK ** 1.5) + 0.32 * airK
    const sun = poa * absorption
    let moduleK = moduleBeforeK
    for (let round = 0; round < 10; round += 1) {
      const startK = moduleK
      const air = ratio.convection * convection((moduleK + airK) / 2, wind, Math.abs(moduleK - airK), true)
      const sky = emissivity * boltzmann * (moduleK ** 2 + skyK ** 2) * (moduleK + skyK)
      const groundK = airK + ratio.ground * (moduleK - airK)
      const ground = emissivity * boltzmann * (moduleK ** 2 + groundK ** 2) * (moduleK + groundK)
      const loss = air + sky + ground
      const eigen = (-loss / cap) * hours[k]! * 3600
      const decay = eigen > -10 ? Math.exp(eigen) : 0
      moduleK =
        moduleBeforeK * decay +
        ((1 - decay) * (air * airK + sky * skyK + ground * groundK + sunBefore + (sun - sunBefore) / eigen) +
          sun -
          sunBefore) /
          loss
      if (Math.abs(moduleK - startK) < 1e-5) break
    }
    moduleBeforeK = moduleK
    sunBefore = sun
    out[k] = moduleK - 273.15
  }
  return out
}
