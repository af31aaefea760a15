/** Cell temperature of the Sandia Array Performance Model, °C. Source: King et al., SAND2004-3535, eq. 11 and 12. */
export function sapmCellTemperatureC(
  poaWm2: number,
  temperatureC: number,
  windSpeedMPerS: number,
  parameters: { readonly a: number; readonly b: number; readonly deltaK: number } = sapmMountings[
    'open-rack-glass-glass'
  ],
): number {
  const { a, b, deltaK } = parameters
  return temperatureC + poaWm2 * Math.exp(a + b * windSpeedMPerS) + (poaWm2 / 1000) * deltaK
}

/** SAND2004-3535, table 1. */
export const sapmMountings = {
  'open-rack-glass-glass': { a: -3.47, b: -0.0594, deltaK: 3 },
  'close-mount-glass-glass': { a: -2.98, b: -0.0471, deltaK: 1 },
  'open-rack-glass-polymer': { a: -3.56, b: -0.075, deltaK: 3 },
  'insulated-back-glass-polymer': { a: -2.81, b: -0.0455, deltaK: 0 },
} as const

/** Cell temperature of the PVsyst model, °C. `uv` per m/s of wind. Source: PVsyst documentation, «Array thermal losses». */
export function pvsystCellTemperatureC(
  poaWm2: number,
  temperatureC: number,
  windSpeedMPerS: number,
  parameters: { readonly uc: number; readonly uv: number; readonly efficiency: number; readonly absorption: number } = {
    uc: 29,
    uv: 0,
    efficiency: 0.1,
    absorption: 0.9,
  },
): number {
  const { uc, uv, efficiency, absorption } = parameters
  return temperatureC + (poaWm2 * absorption * (1 - efficiency)) / (uc + uv * windSpeedMPerS)
}

/** Module temperature by Faiman, Progress in Photovoltaics 16 (2008) 307, °C. */
export function faimanTemperatureC(
  poaWm2: number,
  temperatureC: number,
  windSpeedMPerS: number,
  parameters: { readonly u0: number; readonly u1: number } = { u0: 25, u1: 6.84 },
): number {
  return temperatureC + poaWm2 / (parameters.u0 + parameters.u1 * windSpeedMPerS)
}
