import { conversion, type ProblemDetails, parseUnit, sameDimension } from '../../../kernel/index.ts'
import { isBitTable, type ModbusTable } from '../wire/pdu.ts'
import type { ByteOrder, RegisterEntry, RegisterType } from './register-schema.ts'

/** A register as it is read and written: everything looked up, the unit of the device turned into that of the point. */
export interface Register {
  /** `<asset>.<point>` */
  readonly ref: string
  readonly unit: string
  readonly table: ModbusTable
  /** From 0, as on the wire. */
  readonly address: number
  /** Registers, or bits of a table of bits. */
  readonly words: number
  readonly type: RegisterType
  readonly order: ByteOrder
  /** Value in the unit of the point = raw · 10^(scale factor) · gain + shift. */
  readonly gain: number
  readonly shift: number
  readonly scaleFactorAt: number | undefined
  /** Raw values that say there is none. */
  readonly missing: ReadonlySet<bigint>
  readonly bits: { readonly first: number; readonly count: number } | undefined
  /** Of an enumeration; undefined: any. */
  readonly known: ReadonlySet<number> | undefined
  /** In the unit of the point. */
  readonly least: number
  readonly most: number
  readonly periodMs: number
  readonly write: 'single' | 'multiple' | undefined
  /** It is never read, and a setpoint not read back. */
  readonly isWriteOnly: boolean
  readonly isCounter: boolean
}

export interface RegisterDefaults {
  readonly table?: ModbusTable
  readonly order?: ByteOrder
  /** Number of the first register in the document: 0 or 1. */
  readonly addressBase?: number
  readonly periodMs: number
}

/** The point that a register stands for. */
export interface RegisterPoint {
  readonly ref: string
  readonly unit: string
  /** −1: the meter counts the other way; 40: behind a transformer of 40 : 1. */
  readonly factor?: number
}

const wordsOfType: Readonly<Record<Exclude<RegisterType, 'text'>, number>> = {
  ...{ u16: 1, i16: 1, bool: 1, bits: 1, enum: 1 },
  ...{ u32: 2, i32: 2, f32: 2, u64: 4, i64: 4, f64: 4 },
}

/** Values that SunSpec devices give for what they do not have (SunSpec Information Model Specification V2, data types). */
const sunspecMissing: Partial<Readonly<Record<RegisterType, readonly bigint[]>>> = {
  u16: [0xffffn],
  enum: [0xffffn],
  bits: [0xffffn],
  i16: [0x8000n],
  u32: [0xffff_ffffn],
  i32: [0x8000_0000n],
  u64: [0xffff_ffff_ffff_ffffn],
  i64: [0x8000_0000_0000_0000n],
}

/**
 * Makes a register of an entry of data; problems have paths relative to the entry.
 */
export function makeRegister(
  entry: RegisterEntry,
  point: RegisterPoint,
  { table: usualTable = 'holding', order = 'ABCD', addressBase = 0, periodMs }: RegisterDefaults,
): Register | readonly ProblemDetails[] {
  const table = entry.table ?? usualTable
  const type = entry.type ?? (isBitTable(table) ? 'bool' : 'u16')
  const problems = entryProblems(entry, table, type, addressBase)
  const words = type === 'text' ? (entry.registers ?? 1) : wordsOfType[type]
  const address = entry.address - addressBase
  if (address + words > 65_536) {
    problems.push({
      detail: 'The value goes beyond the last register',
      found: entry.address,
      place: { path: 'address' },
    })
  }
  let turned = { scale: 1, offset: 0 }
  try {
    turned = conversion(entry.unit ?? '1', point.unit)
  } catch (error) {
    const [problem] = (error as { problems?: readonly ProblemDetails[] }).problems ?? []
    if (!problem) throw error
    problems.push({
      detail: `The register of ${point.ref}: ${problem.detail}`,
      place: { path: 'unit' },
      found: entry.unit ?? '1',
      expected: `a unit of the dimension of ${point.unit}`,
    })
  }
  if (problems.length > 0) return problems
  const { factor = 1 } = point
  const inPointUnit = (value: number): number => (value * turned.scale + turned.offset) * factor
  const bounds = [
    entry.least === undefined ? Number.NEGATIVE_INFINITY * Math.sign(factor) : inPointUnit(entry.least),
    entry.most === undefined ? Number.POSITIVE_INFINITY * Math.sign(factor) : inPointUnit(entry.most),
  ]
  return {
    ...{ ref: point.ref, unit: point.unit, table, address, words, type },
    order: entry.order ?? order,
    gain: (entry.scale ?? 1) * turned.scale * factor,
    shift: inPointUnit(entry.offset ?? 0),
    scaleFactorAt: entry.scaleFactor === undefined ? undefined : entry.scaleFactor - addressBase,
    missing: new Set(
      entry.missing === 'sunspec'
        ? (sunspecMissing[type] ?? [])
        : (entry.missing ?? []).map((raw) => asRaw(raw, words)),
    ),
    bits: type === 'bits' ? (entry.bits ?? { first: 0, count: 16 }) : undefined,
    known: entry.values && type === 'enum' ? new Set(Object.keys(entry.values).map(Number)) : undefined,
    least: Math.min(...bounds),
    most: Math.max(...bounds),
    periodMs,
    write: entry.write,
    isWriteOnly: entry.writeOnly ?? false,
    isCounter: entry.counter ?? isEnergy(point.unit),
  }
}

/** A raw value as the unsigned number that its bytes are: −1 of a register is 0xFFFF. */
const asRaw = (value: number | string, words: number): bigint => BigInt.asUintN(16 * words, BigInt(value))

const isEnergy = (unit: string): boolean => sameDimension(parseUnit(unit).dimension, parseUnit('kWh').dimension)

function entryProblems(
  entry: RegisterEntry,
  table: ModbusTable,
  type: RegisterType,
  addressBase: number,
): ProblemDetails[] {
  const problems: ProblemDetails[] = []
  const wrong = (path: string, detail: string, found: unknown, expected: string): void => {
    problems.push({ detail, place: { path }, found, expected })
  }
  if (entry.address < addressBase) wrong('address', 'The map counts from 1', entry.address, '1 or more')
  if (isBitTable(table) && type !== 'bool') wrong('type', `A table of bits (${table}) holds no ${type}`, type, 'bool')
  if (type === 'text') wrong('type', 'A text is no value of a point', type, 'a type of numbers')
  if (entry.bits && type !== 'bits') wrong('bits', 'Only the type `bits` has some', type, 'bits')
  if (entry.bits && entry.bits.first + entry.bits.count > 16) {
    wrong('bits', 'The bits go beyond their register', `${entry.bits.first} + ${entry.bits.count}`, 'at most 16')
  }
  if (entry.values && type !== 'enum') wrong('values', 'Only the type `enum` has some', type, 'enum')
  if (entry.scale === 0) wrong('scale', 'A scale of 0 makes every value 0', 0, 'another number')
  if (entry.scaleFactor !== undefined && isBitTable(table)) {
    wrong('scaleFactor', 'A table of bits has none', table, 'holding or input')
  }
  if (entry.write && (table === 'input' || table === 'discrete')) {
    wrong('write', `The table ${table} can only be read`, entry.write, 'holding or coil')
  }
  if (entry.writeOnly && !entry.write) wrong('writeOnly', 'It could neither be read nor written', true, '`write`')
  if (entry.write && type === 'bits')
    wrong('write', 'Single bits of a register are not written', type, 'a whole register')
  if (entry.write === 'single' && type !== 'text' && wordsOfType[type] > 1) {
    wrong('write', 'A value of more than one register needs one request for all', entry.write, 'multiple')
  }
  return problems
}
