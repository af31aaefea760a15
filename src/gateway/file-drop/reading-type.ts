/** What the readings of a meter are: ESPI `ReadingType` (NAESB REQ.21; codes of IEC 61968-9). */
export interface ReadingType {
  readonly title: string
  /** Unit of a value; undefined: of a code that is not known here. */
  readonly unit: string | undefined
  readonly code: string
  /** 10 to the power of `powerOfTenMultiplier`. */
  readonly factor: number
  /** Key of `points` by the direction of the flow. */
  readonly flow: 'forward' | 'reverse' | 'net' | 'total'
  /** Whether a value is the amount of its interval, not the state of a register. */
  readonly isAmount: boolean
}

/** ESPI `UomType`, those that a meter of energy, gas or water has. */
const units: Readonly<Record<string, string>> = {
  ...{ 5: 'A', 23: '°C', 29: 'V', 33: 'Hz', 38: 'W', 42: 'm3', 61: 'VA', 63: 'var', 71: 'VAh', 72: 'Wh', 73: 'varh' },
  ...{ 31: 'J', 134: 'L' },
}

/** `AccumulationKind`: bulk quantity, cumulative, indicating, instantaneous. All others are amounts of an interval. */
const standing = new Set(['1', '3', '6', '12'])

export function readingTypeOf(title: string, fields: ReadonlyMap<string, string>): ReadingType {
  const code = fields.get('uom') ?? ''
  const power = Number(fields.get('powerOfTenMultiplier') ?? 0)
  const flow = fields.get('flowDirection')
  return {
    ...{ title, code, unit: units[code] },
    factor: Number.isInteger(power) && Math.abs(power) <= 18 ? 10 ** power : Number.NaN,
    flow: flow === '19' ? 'reverse' : flow === '4' ? 'net' : flow === '20' ? 'total' : 'forward',
    isAmount: !standing.has(fields.get('accumulationBehaviour') ?? '4'),
  }
}
