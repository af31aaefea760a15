import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { quality } from '../../../kernel/index.ts'
import { makeRegister, type Register, type RegisterPoint } from './register.ts'
import { byteOrders, type RegisterEntry } from './register-schema.ts'
import { missingWords, readValue, scaleFactorOf, writeValue } from './register-value.ts'

const registerOf = (entry: Partial<RegisterEntry>, point: Partial<RegisterPoint> = {}): Register => {
  const made = makeRegister(
    { point: 'x', address: 0, ...entry },
    { ref: 'a.x', unit: entry.unit ?? '1', ...point },
    { periodMs: 1000 },
  )
  if ('ref' in made) return made
  throw new Error(made.map(({ detail }) => detail).join())
}
const read = (entry: Partial<RegisterEntry>, words: readonly number[], power?: number): number =>
  readValue(registerOf(entry), words, 0, power).value

describe('a register', () => {
  // Bytes of 0x12345678 and of 123.456 (IEEE 754: 0x42F6E979) as four makers send them.
  it.each([
    ['ABCD', [0x1234, 0x5678], [0x42f6, 0xe979]],
    ['CDAB', [0x5678, 0x1234], [0xe979, 0x42f6]],
    ['BADC', [0x3412, 0x7856], [0xf642, 0x79e9]],
    ['DCBA', [0x7856, 0x3412], [0x79e9, 0xf642]],
  ] as const)('in the order %s', (order, whole, float) => {
    expect(read({ type: 'u32', order }, whole)).toBe(0x12345678)
    expect(read({ type: 'f32', order }, float)).toBe(123.456)
  })

  it.each([
    [{ type: 'i16' }, [0xffff], -1],
    [{ type: 'i32' }, [0xffff, 0xfffe], -2],
    [{ type: 'u64' }, [0, 1, 0, 2], 2 ** 32 + 2],
    [{ type: 'i64' }, [0xffff, 0xffff, 0xffff, 0xfffd], -3],
    [{ type: 'i64', order: 'CDAB' }, [0xfffd, 0xffff, 0xffff, 0xffff], -3],
    [{ type: 'f64' }, [0x405e, 0xdd2f, 0x1a9f, 0xbe77], 123.456],
    [{ type: 'bool' }, [7], 1],
    [{ type: 'bits', bits: { first: 4, count: 3 } }, [0b101_1111], 0b101],
    [{ scale: 0.1, unit: 'V' }, [2301], 230.1],
    [{ scale: 0.01, offset: -40, unit: 'degC' }, [6525], 25.25],
    [{ scale: -1, type: 'i16' }, [0], 0],
  ] as const)('%j of %j is %d', (entry, words, value) => {
    expect(read(entry as Partial<RegisterEntry>, words)).toBe(value)
  })

  it('comes in the unit of its point, the other way round and behind a transformer too', () => {
    expect(readValue(registerOf({ type: 'i16', unit: 'W' }, { unit: 'kW', factor: -40 }), [500], 0).value).toBe(-20)
    expect(readValue(registerOf({ unit: '%' }, { unit: '1' }), [55], 0).value).toBe(0.55)
    expect(readValue(registerOf({ unit: 'degC' }, { unit: 'K' }), [20], 0).value).toBeCloseTo(293.15, 9)
  })

  it('takes the power of ten from its scale factor', () => {
    expect(read({ type: 'u16' }, [12345], -2)).toBe(123.45)
    expect(read({ type: 'u16' }, [12], 3)).toBe(12_000)
    expect([0xfffe, 10, 0x8000, 11].map(scaleFactorOf)).toEqual([-2, 10, undefined, undefined])
  })

  it.each([
    ['u16', [0xffff]],
    ['i16', [0x8000]],
    ['u32', [0xffff, 0xffff]],
    ['i32', [0x8000, 0]],
    ['u64', [0xffff, 0xffff, 0xffff, 0xffff]],
    ['i64', [0x8000, 0, 0, 0]],
    ['enum', [0xffff]],
    ['f32', [0x7fc0, 0]],
    ['f32', [0x7f80, 0]],
    ['f64', [0xfff8, 0, 0, 1]],
  ] as const)('of type %s is missing by SunSpec with %j', (type, words) => {
    expect(readValue(registerOf({ type, missing: 'sunspec' }), words, 0)).toEqual({
      value: Number.NaN,
      quality: quality.missing,
    })
  })

  it('is missing by a word of its own, of more than 53 bits too, and only by that', () => {
    const entry = { type: 'u64', missing: ['0xfffffffffffffffe', -3] } as const
    expect(read({ ...entry, missing: [...entry.missing] }, [0xffff, 0xffff, 0xffff, 0xfffe])).toBeNaN()
    expect(read({ ...entry, missing: [...entry.missing] }, [0xffff, 0xffff, 0xffff, 0xfffd])).toBeNaN()
    expect(read({ ...entry, missing: [...entry.missing] }, [0, 0, 0, 0])).toBe(0)
  })

  it('is suspect beyond its bounds, beyond all reason, and with a number that its list does not know', () => {
    const suspect = (entry: Partial<RegisterEntry>, words: readonly number[]) =>
      readValue(registerOf(entry), words, 0).quality === quality.suspect
    expect(suspect({ least: 10, most: 20 }, [21])).toBe(true)
    expect(suspect({ least: 10, most: 20 }, [20])).toBe(false)
    expect(suspect({ type: 'f32' }, [0x7f00, 0])).toBe(true)
    expect(suspect({ type: 'enum', values: { 1: 'on' } }, [2])).toBe(true)
    expect(suspect({ type: 'enum', values: { 1: 'on' } }, [1])).toBe(false)
  })

  it('reads what it wrote, to half of its step, in every type and order', () => {
    const whole = ['u16', 'i16', 'u32', 'i32', 'u64', 'i64', 'f64'] as const
    fc.assert(
      fc.property(
        fc.constantFrom(...whole),
        fc.constantFrom(...byteOrders),
        fc.constantFrom(0.001, 0.1, 1, 2.5, 100, -1),
        fc.integer({ min: -3, max: 3 }),
        fc.double({ min: -1e6, max: 1e6, noNaN: true }),
        (type, order, scale, power, value) => {
          const register = registerOf({ type, order, scale })
          const words = writeValue(register, value, power)
          const step = Math.abs(scale) * 10 ** power
          if (!words) return true
          return Math.abs(readValue(register, words, 0, power).value - value) <= step * 0.5 + Math.abs(value) * 1e-12
        },
      ),
    )
  })

  it('does not take what it cannot hold, nor what would say that there is no value', () => {
    expect(writeValue(registerOf({ type: 'u16' }), -1)).toBeUndefined()
    expect(writeValue(registerOf({ type: 'i16' }), 40_000)).toBeUndefined()
    expect(writeValue(registerOf({ type: 'f32' }), 1e39)).toBeUndefined()
    expect(writeValue(registerOf({ type: 'u16' }), Number.NaN)).toBeUndefined()
    expect(writeValue(registerOf({ type: 'u16', missing: [0xffff] }), 65_535)).toBeUndefined()
    expect(writeValue(registerOf({ type: 'bits', bits: { first: 2, count: 2 } }), 3, 0, 0b1000_0001)).toEqual(
      Uint16Array.of(0b1000_1101),
    )
  })

  it('says that it has no value only where it can', () => {
    expect(missingWords(registerOf({ type: 'u16' }))).toBeUndefined()
    for (const type of ['u16', 'i32', 'u64', 'f32', 'f64'] as const) {
      const register = registerOf({ type, missing: 'sunspec' })
      expect(readValue(register, missingWords(register)!, 0).quality).toBe(quality.missing)
    }
  })

  it.each([
    [{ table: 'coil', type: 'u16' }, 'type'],
    [{ table: 'input', write: 'multiple' }, 'write'],
    [{ type: 'u32', write: 'single' }, 'write'],
    [{ type: 'bits', bits: { first: 10, count: 8 } }, 'bits'],
    [{ type: 'text' }, 'type'],
    [{ scale: 0 }, 'scale'],
    [{ unit: 'kWh' }, 'unit'],
    [{ unit: 'parsec' }, 'unit'],
    [{ address: 65_535, type: 'u32' }, 'address'],
    [{ values: { 1: 'on' } }, 'values'],
    [{ writeOnly: true }, 'writeOnly'],
  ] as const)('cannot be %j: told at %s', (entry, path) => {
    const made = makeRegister(
      { point: 'x', address: 0, ...(entry as Partial<RegisterEntry>) },
      { ref: 'a.x', unit: '1' },
      { periodMs: 1 },
    )
    expect(made).toMatchObject([{ place: { path } }])
  })

  it('counts from 1 where its document does', () => {
    const made = makeRegister({ point: 'x', address: 3060 }, { ref: 'a.x', unit: '1' }, { addressBase: 1, periodMs: 1 })
    expect(made).toMatchObject({ address: 3059 })
    expect(
      makeRegister({ point: 'x', address: 0 }, { ref: 'a.x', unit: '1' }, { addressBase: 1, periodMs: 1 }),
    ).toHaveLength(1)
  })
})
