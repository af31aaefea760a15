import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseUnit, quality } from '../../kernel/index.ts'
import { objectText, objectTypes, readObjectId } from './object-id.ts'
import { readState, tag } from './read-state.ts'
import { noUnits, numberOfUnit, unitOfNumber } from './units.ts'
import { holdValue } from './write-object.ts'

const real = (value: number, len = 5) => ({ type: tag.real, value, len })
const flags = (...bits: readonly number[]) => ({
  type: tag.bits,
  value: { value: [bits.reduce((byte, bit) => byte | (1 << bit), 0)], bitsUsed: 4 },
})
const reliability = (value: number) => ({ type: tag.enumerated, value })

describe('the state of an object', () => {
  it.each([
    ['is good', { presentValue: real(1) }, quality.good],
    ['is good in alarm', { presentValue: real(1), statusFlags: flags(0) }, quality.good],
    ['is suspect with a fault', { presentValue: real(1), statusFlags: flags(1) }, quality.suspect],
    ['is suspect where a hand set it', { presentValue: real(1), statusFlags: flags(2) }, quality.suspect],
    ['is suspect out of service', { presentValue: real(1), statusFlags: flags(3) }, quality.suspect],
    ['is suspect over its range', { presentValue: real(1), reliability: reliability(2) }, quality.suspect],
    ['is missing without a sensor', { presentValue: real(1), reliability: reliability(1) }, quality.missing],
    ['is missing with an open loop', { presentValue: real(1), reliability: reliability(4) }, quality.missing],
    ['is missing as NaN', { presentValue: real(Number.NaN) }, quality.missing],
    ['is missing as null', { presentValue: { type: tag.null, value: null } }, quality.missing],
    ['is missing as nothing', { presentValue: undefined }, quality.missing],
    ['is missing as a text', { presentValue: { type: 7, value: 'on' } }, quality.missing],
    ['is missing as a real of three bytes', { presentValue: real(0, 4) }, quality.missing],
  ])('%s', (_, told, how) => {
    expect(readState(told).quality).toBe(how)
    expect(Number.isNaN(readState(told).raw)).toBe(how === quality.missing)
  })

  it('is never a fault of ours, whatever comes', () => {
    const any = fc.record({ type: fc.nat(120), value: fc.anything(), len: fc.nat(20) })
    fc.assert(
      fc.property(any, any, any, (presentValue, statusFlags, reliable) => {
        const state = readState({ presentValue, statusFlags, reliability: reliable })
        expect(Number.isNaN(state.raw)).toBe(state.quality === quality.missing)
      }),
    )
  })
})

describe('objects and units', () => {
  it('are read from their text and written as it', () => {
    for (const name of Object.keys(objectTypes)) expect(objectText(readObjectId(`${name}:17`)!)).toBe(`${name}:17`)
    expect(['analog-input', 'analog-input:-1', 'device:1', 'analog-input:1 ', 'toString:1'].map(readObjectId)).toEqual(
      Array(5).fill(undefined),
    )
    expect(objectText({ type: 8, instance: 1 })).toBeUndefined()
  })

  // Numbers as in ASHRAE 135-2020, clause 21, BACnetEngineeringUnits.
  it.each([
    ['kW', 48],
    ['W', 47],
    ['kWh', 19],
    ['degC', 62],
    ['%', 98],
    ['m3/h', 135],
    ['V', 5],
    ['A', 3],
    ['Hz', 27],
    ['ppm', 96],
  ])('%s is %d', (unit, number) => {
    expect(numberOfUnit(unit)).toBe(number)
    expect(unitOfNumber(number)).toBe(unit)
  })

  it('of every number are units of the house', () => {
    for (let number = 0; number < 300; number += 1) {
      const unit = unitOfNumber(number)
      if (unit !== undefined) expect(() => parseUnit(unit)).not.toThrow()
    }
    expect(numberOfUnit('CNY/kWh')).toBe(noUnits)
  })

  it.each([
    [tag.real, 0.1, Math.fround(0.1)],
    [tag.real, 1e39, undefined],
    [tag.enumerated, 2, undefined],
    [tag.unsigned, -1, undefined],
    [tag.unsigned, 2.4, 2],
    [tag.signed, -5.6, -6],
    [tag.double, Number.NaN, undefined],
  ])('hold in type %d of %d: %s', (valueTag, raw, held) => {
    expect(holdValue(valueTag, raw)).toBe(held)
  })
})
