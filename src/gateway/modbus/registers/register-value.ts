import { isPlausible, type Quality, quality } from '../../../kernel/index.ts'
import type { Register } from './register.ts'
import type { ByteOrder } from './register-schema.ts'

/** What a register says, in the unit of its point. */
export interface RegisterValue {
  /** NaN = missing. */
  readonly value: number
  readonly quality: Quality
}

/** What there is where there is no value. */
export const noValue: RegisterValue = { value: Number.NaN, quality: quality.missing }
/** SunSpec: a scale factor that is not there; beyond ±10 it is none. */
const mostScaleFactor = 10

const scratch = new DataView(new ArrayBuffer(8))

/** Lays the words of a value into a view in the order of the standard. */
function gather(words: ArrayLike<number>, at: number, count: number, order: ByteOrder): void {
  const lowWordFirst = order === 'CDAB' || order === 'DCBA'
  const lowByteFirst = order === 'BADC' || order === 'DCBA'
  for (let index = 0; index < count; index += 1) {
    scratch.setUint16(2 * index, words[at + (lowWordFirst ? count - 1 - index : index)]!, lowByteFirst)
  }
}

function scatter(count: number, order: ByteOrder): Uint16Array {
  const lowWordFirst = order === 'CDAB' || order === 'DCBA'
  const lowByteFirst = order === 'BADC' || order === 'DCBA'
  return Uint16Array.from({ length: count }, (_, index) =>
    scratch.getUint16(2 * (lowWordFirst ? count - 1 - index : index), lowByteFirst),
  )
}

/** The power of ten that a scale factor register says; undefined where it says none. */
export function scaleFactorOf(word: number): number | undefined {
  const power = (word << 16) >> 16
  return Math.abs(power) <= mostScaleFactor ? power : undefined
}

/**
 * Value of a register from the words that were read, from index `at`. Missing: NaN, what the device gives for "not there", and
 * infinity, which is no reading. Suspect: beyond its bounds, an unknown number of an enumeration.
 *
 * @param power of ten: the scale factor
 */
export function readValue(register: Register, words: ArrayLike<number>, at: number, power = 0): RegisterValue {
  const raw = readRaw(register, words, at)
  if (Number.isNaN(raw)) return noValue
  const value = scaled(raw, register, power)
  if (!Number.isFinite(value)) return noValue
  const doubtful =
    value < register.least ||
    value > register.most ||
    !isPlausible(value) ||
    (register.known !== undefined && !register.known.has(raw))
  return { value, quality: doubtful ? quality.suspect : quality.good }
}

/** The number in the registers; NaN where it stands for none. */
function readRaw({ type, order, words: count, missing, bits }: Register, words: ArrayLike<number>, at: number): number {
  gather(words, at, count, order)
  if (missing.size > 0 && missing.has(unsigned(count))) return Number.NaN
  switch (type) {
    case 'u16':
    case 'enum':
      return scratch.getUint16(0)
    case 'i16':
      return scratch.getInt16(0)
    case 'u32':
      return scratch.getUint32(0)
    case 'i32':
      return scratch.getInt32(0)
    case 'u64':
      return Number(scratch.getBigUint64(0))
    case 'i64':
      return Number(scratch.getBigInt64(0))
    case 'f32':
      return shortest(scratch.getFloat32(0))
    case 'f64':
      return scratch.getFloat64(0)
    case 'bool':
      return scratch.getUint16(0) === 0 ? 0 : 1
    case 'bits':
      return (scratch.getUint16(0) >> bits!.first) & ((1 << bits!.count) - 1)
    case 'text':
      return Number.NaN
  }
}

const unsigned = (count: number): bigint => {
  if (count === 1) return BigInt(scratch.getUint16(0))
  return count === 2 ? BigInt(scratch.getUint32(0)) : scratch.getBigUint64(0)
}

/** A float of 32 bits knows seven digits: 230.1, not 230.10000610351562. */
const shortest = (value: number): number => {
  const short = Number(value.toPrecision(7))
  return Math.fround(short) === value ? short : value
}

/** raw · 10^power · gain + shift. A gain of 0.1 divides by 10, so that 2301 is 230.1 to the last digit. */
function scaled(raw: number, { gain, shift }: Register, power: number): number {
  const tens = power < 0 ? raw / 10 ** -power : raw * 10 ** power
  const divisor = Math.round(1 / gain)
  const exact = Math.abs(gain) < 1 && Math.abs(divisor * gain - 1) < 1e-12
  return (exact ? tens / divisor : tens * gain) + shift + 0
}

/** The range of whole numbers of a type. */
const ranges: Readonly<Record<string, readonly [number, number]>> = {
  ...{ u16: [0, 0xffff], enum: [0, 0xffff], i16: [-0x8000, 0x7fff], bool: [0, 1] },
  ...{ u32: [0, 0xffff_ffff], i32: [-0x8000_0000, 0x7fff_ffff] },
  ...{ u64: [0, Number.MAX_SAFE_INTEGER], i64: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER] },
}

/**
 * The words of a value in the unit of its point, rounded to what the register can hold; undefined where it cannot hold it, or
 * where its words would say that there is no value.
 *
 * @param before the word that stands there, of which a register of bits keeps the others
 */
export function writeValue(register: Register, value: number, power = 0, before = 0): Uint16Array | undefined {
  const { type, gain, shift, words: count, order, missing, bits } = register
  const exact = (value - shift) / gain / 10 ** power
  if (!Number.isFinite(exact)) return undefined
  if (type === 'f32') {
    if (!Number.isFinite(Math.fround(exact))) return undefined
    scratch.setFloat32(0, exact)
  } else if (type === 'f64') scratch.setFloat64(0, exact)
  else {
    const raw = Math.round(exact)
    if (type === 'bits') {
      const mask = ((1 << bits!.count) - 1) << bits!.first
      if (raw < 0 || raw >= 1 << bits!.count) return undefined
      scratch.setUint16(0, (before & ~mask) | (raw << bits!.first))
    } else {
      const range = ranges[type]
      if (!range || raw < range[0] || raw > range[1]) return undefined
      const [high, low] = [BigInt.asUintN(64, BigInt(raw)), 0]
      if (count === 1) scratch.setUint16(low, Number(high & 0xffffn))
      else if (count === 2) scratch.setUint32(low, Number(high & 0xffff_ffffn))
      else scratch.setBigUint64(low, high)
    }
  }
  if (missing.size > 0 && missing.has(unsigned(count))) return undefined
  return scatter(count, order)
}

/** The words that say "there is no value"; undefined where the register has none for it. */
export function missingWords({ type, missing, words: count, order }: Register): Uint16Array | undefined {
  const [raw] = missing
  if (raw !== undefined) {
    if (count === 1) scratch.setUint16(0, Number(raw))
    else if (count === 2) scratch.setUint32(0, Number(raw))
    else scratch.setBigUint64(0, raw)
  } else if (type === 'f32') scratch.setFloat32(0, Number.NaN)
  else if (type === 'f64') scratch.setFloat64(0, Number.NaN)
  else return undefined
  return scatter(count, order)
}
