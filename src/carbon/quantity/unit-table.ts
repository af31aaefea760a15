import type { Dimension } from '../../kernel/index.ts'

/** A unit in base units as a ratio of whole numbers, so that no conversion has an error of its own. */
export interface ExactEntry {
  readonly numerator: bigint
  readonly denominator: bigint
  readonly dimension: Dimension
  /** Whether k, M, G, T, m, µ may stand before it. */
  readonly prefixes: boolean
}

const entry = (
  dimension: Dimension,
  numerator: bigint | number = 1,
  denominator: bigint | number = 1,
  prefixes = false,
): ExactEntry => ({ numerator: BigInt(numerator), denominator: BigInt(denominator), dimension, prefixes })

const mass: Dimension = { kg: 1 }
const volume: Dimension = { m: 3 }
const energy: Dimension = { kg: 1, m: 2, s: -2 }
const power: Dimension = { kg: 1, m: 2, s: -3 }

/**
 * Units that activities and factors come in. SI (BIPM 2019); tonne of coal equivalent by GB/T 2589 (29.3076 GJ); Btu of
 * ISO 80000-5; pound, gallon and mile by NIST SP 811 (2008), Appendix B. A TEU, a passenger and a normal cubic metre are
 * dimensions of their own: none of them is ever taken for tonnes or for cubic metres.
 */
export const exactUnits: Readonly<Record<string, ExactEntry>> = {
  '1': entry({}),
  '%': entry({}, 1, 100),
  g: entry(mass, 1, 1000, true),
  t: entry(mass, 1000, 1, true),
  lb: entry(mass, 45_359_237, 100_000_000),
  m: entry({ m: 1 }, 1, 1, true),
  mi: entry({ m: 1 }, 1_609_344, 1000),
  nmi: entry({ m: 1 }, 1852),
  ha: entry({ m: 2 }, 10_000),
  mu: entry({ m: 2 }, 2000, 3),
  L: entry(volume, 1, 1000, true),
  l: entry(volume, 1, 1000, true),
  gal: entry(volume, 3_785_411_784n, 1_000_000_000_000n),
  Nm3: entry({ Nm3: 1 }),
  s: entry({ s: 1 }),
  h: entry({ s: 1 }, 3600),
  d: entry({ s: 1 }, 86_400),
  month: entry({ month: 1 }),
  a: entry({ month: 1 }, 12),
  year: entry({ month: 1 }, 12),
  J: entry(energy, 1, 1, true),
  Wh: entry(energy, 3600, 1, true),
  tce: entry(energy, 29_307_600_000n, 1, true),
  gce: entry(energy, 29_307_600, 1000, true),
  Btu: entry(energy, 105_505_585_262n, 100_000_000n),
  MMBtu: entry(energy, 105_505_585_262n, 100n),
  W: entry(power, 1, 1, true),
  Wp: entry(power, 1, 1, true),
  TEU: entry({ TEU: 1 }),
  passenger: entry({ passenger: 1 }),
  pkm: entry({ passenger: 1, m: 1 }, 1000),
  tkm: entry({ kg: 1, m: 1 }, 1_000_000),
  vehicle: entry({ vehicle: 1 }),
  night: entry({ night: 1 }),
  piece: entry({ piece: 1 }),
}

export const exactPrefixes: Readonly<Record<string, readonly [numerator: bigint, denominator: bigint]>> = {
  T: [1_000_000_000_000n, 1n],
  G: [1_000_000_000n, 1n],
  M: [1_000_000n, 1n],
  k: [1000n, 1n],
  m: [1n, 1000n],
  µ: [1n, 1_000_000n],
}

/** What people call a dimension. */
export const exactDimensionNames: readonly (readonly [name: string, dimension: Dimension])[] = [
  ['a plain number', {}],
  ['mass', mass],
  ['volume', volume],
  ['normal volume', { Nm3: 1 }],
  ['energy', energy],
  ['power', power],
  ['length', { m: 1 }],
  ['area', { m: 2 }],
  ['time', { s: 1 }],
  ['months', { month: 1 }],
  ['mass over a distance', { kg: 1, m: 1 }],
  ['containers over a distance', { TEU: 1, m: 1 }],
  ['passengers over a distance', { passenger: 1, m: 1 }],
  ['mass per energy', { m: -2, s: 2 }],
  ['energy per mass', { m: 2, s: -2 }],
  ['mass per volume', { kg: 1, m: -3 }],
  ['energy per volume', { kg: 1, m: -1, s: -2 }],
  ['energy per normal volume', { kg: 1, m: 2, s: -2, Nm3: -1 }],
  ['mass per mass over a distance', { m: -1 }],
  ['mass per container over a distance', { kg: 1, TEU: -1, m: -1 }],
]
