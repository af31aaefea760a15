import { type Quality, quality } from '../../kernel/index.ts'

/** A value of a property as the library gives it. */
export interface PropertyValue {
  readonly type: number
  readonly value: unknown
  /** Bytes of the value with its tag. */
  readonly len?: number
}

/** What a device told of an object; undefined: it did not, or has no such property. */
export interface ToldState {
  readonly presentValue: PropertyValue | undefined
  readonly statusFlags?: PropertyValue | undefined
  readonly reliability?: PropertyValue | undefined
}

export interface ReadState {
  /** NaN: there is none. */
  readonly raw: number
  readonly quality: Quality
  /** Why the value could not be understood; undefined: it could, or there was none. */
  readonly malformed: string | undefined
}

export const tag = {
  null: 0,
  boolean: 1,
  unsigned: 2,
  signed: 3,
  real: 4,
  double: 5,
  bits: 8,
  enumerated: 9,
  error: 105,
} as const

/** Bits of BACnetStatusFlags (ASHRAE 135-2020, clause 12.2.6). */
const flag = { fault: 1, overridden: 2, outOfService: 3 } as const
/** BACnetReliability of a sensor that is not there or does not speak: no sensor, open and shorted loop, no output, communication failure. */
const nothing: ReadonlySet<number> = new Set([1, 4, 5, 6, 12])

/**
 * Reads the state of an object. A sensor that is not there gives no value, whatever its number says; another fault, a value that was
 * set by hand and an object out of service are suspect. An alarm alone says nothing of the value.
 */
export function readState({ presentValue, statusFlags, reliability }: ToldState): ReadState {
  const none = { raw: Number.NaN, quality: quality.missing, malformed: undefined } as const
  if (!presentValue || presentValue.type === tag.null) return none
  const raw = numberOf(presentValue)
  if (raw === undefined) return { ...none, malformed: `its value has type ${presentValue.type}, a number is meant` }
  const reason = reliability?.type === tag.enumerated ? Number(reliability.value) : 0
  if (nothing.has(reason) || !Number.isFinite(raw)) return none
  const isSuspect =
    reason !== 0 || [flag.fault, flag.overridden, flag.outOfService].some((bit) => hasBit(statusFlags, bit))
  return { raw, quality: isSuspect ? quality.suspect : quality.good, malformed: undefined }
}

/** Bytes of a real and of a double with their tags. The library takes another length for 0, which no device said. */
const lengths: Readonly<Record<number, number>> = { [tag.real]: 5, [tag.double]: 10 }

export function numberOf({ type, value, len }: PropertyValue): number | undefined {
  if (type === tag.boolean) return typeof value === 'boolean' ? Number(value) : undefined
  const isNumber = [tag.unsigned, tag.signed, tag.real, tag.double, tag.enumerated].includes(type as 2)
  if (!isNumber || typeof value !== 'number') return undefined
  const expected = lengths[type]
  return expected !== undefined && len !== undefined && len !== expected ? undefined : value
}

/** Whether an object says that its value is not to be believed; why, its reliability tells. */
export const isFaulty = (statusFlags: PropertyValue | undefined): boolean => hasBit(statusFlags, flag.fault)

function hasBit(flags: PropertyValue | undefined, bit: number): boolean {
  if (flags?.type !== tag.bits || typeof flags.value !== 'object' || flags.value === null) return false
  const { value } = flags.value as { readonly value?: unknown }
  const byte: unknown = Array.isArray(value) ? value[bit >> 3] : undefined
  return typeof byte === 'number' && (byte & (1 << (bit & 7))) !== 0
}
