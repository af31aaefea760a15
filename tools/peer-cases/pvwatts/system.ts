import { installedNoctC } from '../../../src/energy/pv/index.ts'

/** Module types of PVWatts v5. Source: NREL/TP-6A20-62641, table 3. */
export const moduleTypes = {
  standard: { coefficientPerC: -0.0047, coated: false },
  premium: { coefficientPerC: -0.0035, coated: true },
  'thin-film': { coefficientPerC: -0.002, coated: false },
} as const
export type ModuleType = keyof typeof moduleTypes

/**
 * Array types with the installed nominal operating cell temperature that goes with them.
 * Source: NREL/TP-6A20-62641, table 2 and section 9.
 */
export const arrayTypes = {
  'open-rack': { noctC: installedNoctC['open-rack'] },
  'roof-mount': { noctC: installedNoctC.roof },
  'one-axis': { noctC: installedNoctC['open-rack'] },
  'one-axis-backtracking': { noctC: installedNoctC['open-rack'] },
  'two-axis': { noctC: installedNoctC['open-rack'] },
} as const
export type ArrayType = keyof typeof arrayTypes

/** Ground coverage of one-axis trackers and ground reflectance, where the header is silent. Source: as above. */
export const defaultGroundCoverage = 0.4
export const defaultAlbedo = 0.2

/** What the header block of an export says of the system. */
export interface PvwattsSystem {
  readonly capacityKw: number
  readonly module: ModuleType
  readonly array: ArrayType
  readonly tiltDeg: number
  readonly azimuthDeg: number
  /** Share of DC power that is lost. */
  readonly losses: number
  readonly inverterEfficiency: number
  readonly dcAcRatio: number
  readonly groundCoverage: number
}

/** The words of the web tool and of SAM for each type, matched without case, blanks and punctuation. */
const moduleWords: readonly (readonly [RegExp, ModuleType])[] = [
  [/^standard/, 'standard'],
  [/^premium/, 'premium'],
  [/^thinfilm/, 'thin-film'],
]
const arrayWords: readonly (readonly [RegExp, ArrayType])[] = [
  [/^(fixed)?openrack|^fixedtilt/, 'open-rack'],
  [/^(fixed)?roofmount/, 'roof-mount'],
  [/^(1|one|single)axisback/, 'one-axis-backtracking'],
  [/^(1|one|single)axis/, 'one-axis'],
  [/^(2|two|dual)axis/, 'two-axis'],
]

const bare = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]/g, '')
const find = <T>(words: readonly (readonly [RegExp, T])[], text: string): T | undefined =>
  words.find(([pattern]) => pattern.test(bare(text)))?.[1]

export const moduleTypeOf = (text: string): ModuleType | undefined => find(moduleWords, text)
export const arrayTypeOf = (text: string): ArrayType | undefined => find(arrayWords, text)
