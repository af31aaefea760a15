/** Powers of base dimensions. A currency, CO2e and reactive power are dimensions of their own: they never mix silently. */
export type Dimension = Readonly<Record<string, number>>

export interface UnitEntry {
  /** In base units (m, kg, s, A, K, rad, and the dimensions of their own). */
  readonly factor: number
  readonly dimension: Dimension
  /** Whether k, M, G, T, m, µ may stand before it. */
  readonly prefixes?: boolean
  /** Added after scaling to reach the base unit; only a unit that stands alone may have it. */
  readonly offset?: number
}

const energy: Dimension = { kg: 1, m: 2, s: -2 }
const power: Dimension = { kg: 1, m: 2, s: -3 }
const volume: Dimension = { m: 3 }
const pressure: Dimension = { kg: 1, m: -1, s: -2 }
const none: Dimension = {}

const entry = (factor: number, dimension: Dimension, prefixes = false): UnitEntry => ({ factor, dimension, prefixes })

/**
 * Units by symbol. SI (BIPM 2019), with units of the trade: `tce` by GB/T 2589 (29.3076 GJ), Btu by ISO 80000-5,
 * `month` and `a` apart from days, for no bill counts a month as so many seconds.
 */
export const unitTable: Readonly<Record<string, UnitEntry>> = {
  '1': entry(1, none),
  '%': entry(0.01, none),
  ppm: entry(1e-6, none),
  m: entry(1, { m: 1 }, true),
  km: entry(1000, { m: 1 }),
  cm: entry(0.01, { m: 1 }),
  nmi: entry(1852, { m: 1 }),
  ha: entry(10_000, { m: 2 }),
  L: entry(0.001, volume, true),
  l: entry(0.001, volume, true),
  g: entry(0.001, { kg: 1 }, true),
  t: entry(1000, { kg: 1 }, true),
  s: entry(1, { s: 1 }, true),
  min: entry(60, { s: 1 }),
  h: entry(3600, { s: 1 }),
  d: entry(86_400, { s: 1 }),
  day: entry(86_400, { s: 1 }),
  month: entry(1, { month: 1 }),
  a: entry(12, { month: 1 }),
  year: entry(12, { month: 1 }),
  kn: entry(1852 / 3600, { m: 1, s: -1 }),
  Hz: entry(1, { s: -1 }, true),
  A: entry(1, { A: 1 }, true),
  V: entry(1, { kg: 1, m: 2, s: -3, A: -1 }, true),
  N: entry(1, { kg: 1, m: 1, s: -2 }, true),
  Pa: entry(1, pressure, true),
  bar: entry(100_000, pressure, true),
  J: entry(1, energy, true),
  Wh: entry(3600, energy, true),
  tce: entry(29_307_600_000, energy, true),
  kgce: entry(29_307_600, energy),
  Btu: entry(1055.055_852_62, energy),
  MMBtu: entry(1_055_055_852.62, energy),
  W: entry(1, power, true),
  /** Peak watts of a PV field: the power at standard test conditions. */
  Wp: entry(1, power, true),
  VA: entry(1, { apparent: 1 }, true),
  var: entry(1, { reactive: 1 }, true),
  varh: entry(3600, { reactive: 1, s: 1 }, true),
  K: entry(1, { K: 1 }),
  degC: { factor: 1, dimension: { K: 1 }, offset: 273.15 },
  '°C': { factor: 1, dimension: { K: 1 }, offset: 273.15 },
  rad: entry(1, { rad: 1 }),
  deg: entry(Math.PI / 180, { rad: 1 }),
  '°': entry(Math.PI / 180, { rad: 1 }),
  gCO2e: entry(0.001, { CO2e: 1 }, true),
  tCO2e: entry(1000, { CO2e: 1 }, true),
  gCO2: entry(0.001, { CO2: 1 }, true),
  tCO2: entry(1000, { CO2: 1 }, true),
}

export const prefixFactor: Readonly<Record<string, number>> = {
  T: 1e12,
  G: 1e9,
  M: 1e6,
  k: 1e3,
  m: 1e-3,
  µ: 1e-6,
  u: 1e-6,
}

/** What people call a dimension, for messages. */
export const dimensionNames: readonly (readonly [name: string, dimension: Dimension])[] = [
  ['a plain number', none],
  ['power', power],
  ['energy', energy],
  ['energy per area', { kg: 1, s: -2 }],
  ['power per area', { kg: 1, s: -3 }],
  ['length', { m: 1 }],
  ['area', { m: 2 }],
  ['volume', volume],
  ['flow of volume', { m: 3, s: -1 }],
  ['mass', { kg: 1 }],
  ['time', { s: 1 }],
  ['speed', { m: 1, s: -1 }],
  ['temperature', { K: 1 }],
  ['an angle', { rad: 1 }],
  ['pressure', pressure],
  ['reactive power', { reactive: 1 }],
  ['apparent power', { apparent: 1 }],
  ['greenhouse gas', { CO2e: 1 }],
  ['carbon dioxide', { CO2: 1 }],
  ['greenhouse gas per energy', { CO2e: 1, kg: -1, m: -2, s: 2 }],
]
