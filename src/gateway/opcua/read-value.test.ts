import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { quality } from '../../kernel/index.ts'
import { numberedNodeId, readNodeId } from './node-id.ts'
import { builtInType, readNumber, timeOf, writeNumber } from './read-value.ts'

const good = { value: 0, name: 'Good' }
const told = (dataType: number, value: unknown, arrayType = 0, statusCode = good) => ({
  statusCode,
  value: { dataType, arrayType, value },
})

describe('a number of OPC UA', () => {
  it.each(Object.entries(builtInType))('is held as %s and read as it is held', (_, dataType) => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, min: -1e15, max: 1e15 }), (raw) => {
        const held = writeNumber(dataType, raw)
        if (!held) return
        const read = readNumber(told(dataType, dataType === builtInType.Float ? Math.fround(raw) : held.value))
        expect(read).toEqual({
          raw: held.held === 0 ? expect.closeTo(0) : held.held,
          quality: quality.good,
          malformed: undefined,
        })
        if (![builtInType.Float, builtInType.Double].includes(dataType as 10)) {
          expect(Math.abs(held.held - raw)).toBeLessThanOrEqual(0.5)
        }
      }),
      { numRuns: 30 },
    )
  })

  it.each([
    [builtInType.Byte, 256],
    [builtInType.Byte, -1],
    [builtInType.Int16, 32_768],
    [builtInType.UInt64, -1],
    [builtInType.Boolean, 0.5],
    [builtInType.Float, 1e39],
    [builtInType.Double, Number.NaN],
    [12, 1],
  ])('of type %d does not hold %d', (dataType, raw) => {
    expect(writeNumber(dataType, raw)).toBeUndefined()
  })

  it.each([
    [told(builtInType.Int64, [0xffffffff, 0xffffffff]), -1],
    [told(builtInType.UInt64, [0xffffffff, 0xffffffff]), 2 ** 64],
    [told(builtInType.Boolean, false), 0],
  ])('is read: %j', (value, raw) => {
    expect(readNumber(value).raw).toBe(raw)
  })

  it('is none of what a broken server may send, and never a fault', () => {
    fc.assert(
      fc.property(fc.nat(30), fc.anything(), fc.nat(2), fc.nat(0xffffffff), (dataType, value, arrayType, code) => {
        const read = readNumber(told(dataType, value, arrayType, { value: code, name: '' }))
        expect(Number.isNaN(read.raw)).toBe(read.quality === quality.missing)
        if (code >= 0x80000000) expect(read.quality).toBe(quality.missing)
      }),
    )
  })

  it('is of its own time, where that can be', () => {
    const nowMs = Date.UTC(2026, 10, 26)
    const at = (ms: number) => new Date(nowMs + ms)
    const time = (source?: Date | null, server?: Date | null, lastMs?: number) =>
      timeOf({ ...told(11, 1), sourceTimestamp: source ?? null, serverTimestamp: server ?? null }, nowMs, lastMs) -
      nowMs
    expect(time(at(-500), at(-100))).toBe(-500)
    expect(time(at(3_600_000), at(-100))).toBe(-100)
    expect(time(at(-864_000_000), at(-100))).toBe(-100)
    expect(time(new Date(Number.NaN))).toBe(0)
    expect(time(null, null)).toBe(0)
    expect(time(at(-500), at(-100), nowMs - 300)).toBe(-100)
    expect(time(at(-500), at(-400), nowMs - 300)).toBe(0)
  })
})

describe('a node id', () => {
  it.each([
    'i=2258',
    'ns=2;s=Battery.Power; now',
    'ns=0;i=0',
    'ns=3;g=09087e75-8e5e-499b-954f-f2a9603db28a',
    'ns=1;b=M/RbKBsRVkePCePcx24oRA==',
  ])('%s is read as it stands', (text) => {
    expect(numberedNodeId(readNodeId(text)!, [])).toBe(text)
  })
  it('with the address of its namespace has the number that the server gives', () => {
    const read = readNodeId('nsu=http://maker.example/plc;s=A;B')!
    expect(numberedNodeId(read, ['http://opcfoundation.org/UA/', 'x', 'http://maker.example/plc'])).toBe('ns=2;s=A;B')
    expect(numberedNodeId(read, [])).toBeUndefined()
  })
  it.each(['', 'Battery', 'ns=70000;i=1', 'i=4294967296', 'ns=1;g=1', 's=', 'ns=-1;i=1', 'i=1x', 'nsu=;i=1', 's=a\nb'])(
    '%j is none',
    (text) => {
      expect(readNodeId(text)).toBeUndefined()
    },
  )
})
