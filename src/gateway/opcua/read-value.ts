import { type Quality, quality } from '../../kernel/index.ts'

/** What a data value of the library holds, as far as it matters here. */
export interface ToldValue {
  readonly statusCode: { readonly value: number; readonly name: string }
  readonly value?: { readonly dataType: number; readonly arrayType: number; readonly value: unknown } | null
  readonly sourceTimestamp?: Date | null
  readonly serverTimestamp?: Date | null
}

/** A number of a node: NaN where it has none. */
export interface ReadNumber {
  readonly raw: number
  readonly quality: Quality
  /** Why there is none that can be understood; undefined: the server says so itself, or all is well. */
  readonly malformed: string | undefined
}

/** Built-in types of OPC UA (part 6, table 1) that are numbers. */
export const builtInType = {
  Boolean: 1,
  SByte: 2,
  Byte: 3,
  Int16: 4,
  UInt16: 5,
  Int32: 6,
  UInt32: 7,
  Int64: 8,
  UInt64: 9,
  Float: 10,
  Double: 11,
} as const

const none = { raw: Number.NaN, quality: quality.missing, malformed: undefined } as const

/** The two highest bits of a status code: 0 good, 1 uncertain, 2 and 3 bad (OPC UA part 4, 7.39). */
export const severityOf = (statusCode: number): number => statusCode >>> 30

/**
 * Reads a number. Bad: there is none. Uncertain: it is suspect. Booleans are 0 and 1; a text, an array or a time is no number,
 * and nothing is made of it.
 */
export function readNumber({ statusCode, value }: ToldValue): ReadNumber {
  const severity = severityOf(statusCode.value)
  if (severity >= 2) return none
  if (!value || value.dataType === 0 || value.value === null || value.value === undefined) return none
  const raw = value.arrayType === 0 ? numberOf(value.dataType, value.value) : undefined
  if (raw === undefined) {
    const what = value.arrayType === 0 ? `type ${value.dataType}` : 'an array'
    return { ...none, malformed: `its value is ${what}, a number is meant` }
  }
  if (!Number.isFinite(raw)) return none
  return { raw, quality: severity === 1 ? quality.suspect : quality.good, malformed: undefined }
}

function numberOf(dataType: number, value: unknown): number | undefined {
  switch (dataType) {
    case builtInType.Boolean:
      return typeof value === 'boolean' ? Number(value) : undefined
    case builtInType.Int64:
      return wide(value, BigInt.asIntN)
    case builtInType.UInt64:
      return wide(value, BigInt.asUintN)
    default:
      return dataType >= builtInType.SByte && dataType <= builtInType.Double && typeof value === 'number'
        ? value
        : undefined
  }
}

/** The library gives 64 bits as two words, the high one first. */
function wide(value: unknown, as: (bits: number, value: bigint) => bigint): number | undefined {
  if (!Array.isArray(value) || value.length !== 2) return undefined
  const [high, low] = value as unknown[]
  if (!Number.isInteger(high) || !Number.isInteger(low)) return undefined
  return Number(as(64, (BigInt(high as number) << 32n) | (BigInt(low as number) & 0xffff_ffffn)))
}

/** A clock of a server that is further ahead is wrong. */
const aheadMs = 300_000
/** An older time says when the value last changed, not when it was so. */
const behindMs = 86_400_000

/**
 * When a value was so: the source's own time, else that of the server, each where it can be believed, else now. After something
 * newer was told of the point (a gap, before the server was found again), a value that did not change is one of now.
 */
export function timeOf(
  { sourceTimestamp, serverTimestamp }: ToldValue,
  nowMs: number,
  lastMs: number | undefined,
): number {
  for (const told of [sourceTimestamp, serverTimestamp]) {
    const ms = told?.getTime() ?? Number.NaN
    if (ms <= nowMs + aheadMs && ms >= nowMs - behindMs && (lastMs === undefined || ms >= lastMs)) return ms
  }
  return nowMs
}

const bounds: Readonly<Record<number, readonly [number, number]>> = {
  [builtInType.SByte]: [-128, 127],
  [builtInType.Byte]: [0, 255],
  [builtInType.Int16]: [-32_768, 32_767],
  [builtInType.UInt16]: [0, 65_535],
  [builtInType.Int32]: [-2_147_483_648, 2_147_483_647],
  [builtInType.UInt32]: [0, 4_294_967_295],
  [builtInType.Int64]: [-Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
  [builtInType.UInt64]: [0, Number.MAX_SAFE_INTEGER],
}

/** A number as a type of OPC UA holds it, and what the library wants for it; undefined where it cannot be held. */
export function writeNumber(
  dataType: number,
  raw: number,
): { readonly held: number; readonly value: number | boolean | [number, number] } | undefined {
  if (!Number.isFinite(raw)) return undefined
  if (dataType === builtInType.Double) return { held: raw, value: raw }
  if (dataType === builtInType.Float) {
    const held = Math.fround(raw)
    return Number.isFinite(held) ? { held, value: raw } : undefined
  }
  if (dataType === builtInType.Boolean) {
    return raw === 0 || raw === 1 ? { held: raw, value: raw === 1 } : undefined
  }
  const [least, most] = bounds[dataType] ?? [1, 0]
  const held = Math.round(raw)
  if (held < least || held > most) return undefined
  if (dataType !== builtInType.Int64 && dataType !== builtInType.UInt64) return { held, value: held }
  const bits = BigInt.asUintN(64, BigInt(held))
  return { held, value: [Number(bits >> 32n), Number(bits & 0xffff_ffffn)] }
}
