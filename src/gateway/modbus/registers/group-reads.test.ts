import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { groupReads, type ReadGroup, splitGroup } from './group-reads.ts'
import { makeRegister, type Register } from './register.ts'
import type { RegisterEntry } from './register-schema.ts'

const registerAt = (address: number, more: Partial<RegisterEntry> = {}, periodMs = 1000): Register => {
  const made = makeRegister({ point: 'x', address, ...more }, { ref: `a.r${address}`, unit: '1' }, { periodMs })
  if ('ref' in made) return made
  throw new Error('no register')
}
const shape = (groups: readonly ReadGroup[]) => groups.map(({ table, address, count }) => [table, address, count])
const covers = ({ address, count }: ReadGroup, from: number, words: number): boolean =>
  from >= address && from + words <= address + count

const entries = fc.uniqueArray(
  fc.record({
    address: fc.integer({ min: 0, max: 600 }),
    type: fc.constantFrom('u16' as const, 'f32' as const, 'u64' as const),
    table: fc.constantFrom('holding' as const, 'input' as const),
    scaleFactor: fc.option(fc.integer({ min: 0, max: 600 }), { nil: undefined, freq: 3 }),
    periodMs: fc.constantFrom(1000, 5000),
  }),
  { selector: ({ address }) => address, maxLength: 60 },
)
const registersOf = (drawn: readonly { address: number; periodMs: number; scaleFactor: number | undefined }[]) =>
  drawn.map(({ periodMs, scaleFactor, ...entry }) =>
    registerAt(entry.address, { ...entry, ...(scaleFactor === undefined ? {} : { scaleFactor }) }, periodMs),
  )

describe('requests for registers', () => {
  it('join what is near, and part at gaps, tables, periods and the limit of the device', () => {
    const registers = [
      ...[0, 2, 4, 13, 30].map((address) => registerAt(address, { type: 'f32' })),
      registerAt(6, { type: 'f32', table: 'input' }),
      registerAt(6, { type: 'f32' }, 60_000),
    ]
    expect(shape(groupReads(registers, { maxGap: 7, maxRegisters: 125 }))).toEqual([
      ['holding', 0, 15],
      ['holding', 30, 2],
      ['input', 6, 2],
      ['holding', 6, 2],
    ])
    expect(shape(groupReads(registers.slice(0, 3), { maxGap: 7, maxRegisters: 4 }))).toEqual([
      ['holding', 0, 4],
      ['holding', 4, 2],
    ])
    expect(shape(groupReads(registers.slice(0, 4), { maxGap: 0, maxRegisters: 125 }))).toEqual([
      ['holding', 0, 6],
      ['holding', 13, 2],
    ])
  })

  it('bring a value and its scale factor in one answer', () => {
    const far = [registerAt(10, { scaleFactor: 50 }), registerAt(11, { scaleFactor: 50 })]
    expect(groupReads(far, { maxGap: 0, maxRegisters: 125 })).toMatchObject([
      { address: 10, count: 41, scaleFactors: [50] },
    ])
    // Too far apart for the device: the factor first.
    expect(groupReads(far, { maxGap: 0, maxRegisters: 20 })).toMatchObject([
      { address: 50, count: 1, scaleFactors: [50], registers: [] },
      { address: 10, count: 2, scaleFactors: [] },
    ])
  })

  it('hold every register whole and once, its scale factor somewhere, and stay within the limits', () => {
    fc.assert(
      fc.property(
        entries,
        fc.integer({ min: 0, max: 20 }),
        fc.integer({ min: 4, max: 125 }),
        (drawn, maxGap, maxRegisters) => {
          const registers = registersOf(drawn)
          const groups = groupReads(registers, { maxGap, maxRegisters })
          expect(groups.flatMap((group) => group.registers).toSorted((a, b) => a.address - b.address)).toEqual(
            registers.toSorted((a, b) => a.address - b.address),
          )
          for (const group of groups) {
            expect(group.count).toBeLessThanOrEqual(maxRegisters)
            for (const { address, words, table, periodMs } of group.registers) {
              expect(covers(group, address, words)).toBe(true)
              expect([table, periodMs]).toEqual([group.table, group.periodMs])
            }
          }
          for (const { scaleFactorAt, table } of registers) {
            if (scaleFactorAt === undefined) continue
            expect(groups.some((one) => one.table === table && one.scaleFactors.includes(scaleFactorAt))).toBe(true)
          }
        },
      ),
    )
  })

  it('that are refused become two smaller ones, which lose nothing', () => {
    fc.assert(
      fc.property(entries, (drawn) => {
        for (const group of groupReads(registersOf(drawn), { maxGap: 8, maxRegisters: 125 })) {
          const halves = splitGroup(group)
          if (group.registers.length < 2) {
            expect(halves).toEqual([])
            continue
          }
          expect(halves.flatMap(({ registers }) => registers)).toHaveLength(group.registers.length)
          expect(new Set(halves.flatMap(({ scaleFactors }) => scaleFactors))).toEqual(new Set(group.scaleFactors))
          for (const half of halves) {
            expect(half.count).toBeLessThanOrEqual(group.count)
            for (const { address, words } of half.registers) expect(covers(half, address, words)).toBe(true)
            for (const at of half.scaleFactors) expect(covers(half, at, 1)).toBe(true)
          }
        }
      }),
    )
  })
})
