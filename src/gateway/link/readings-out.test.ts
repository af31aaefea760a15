import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { quality } from '../../kernel/index.ts'
import { playHouse, until } from './house.fixture.ts'
import { createLinkRecord } from './link-record.ts'
import { createOutbox } from './outbox.ts'
import { createOutlet } from './outlet.ts'
import { isScaled, type ScaledUse, scaledPoint } from './scaled-point.ts'
import { within } from './within.ts'

const units: Readonly<Record<string, string>> = { 'pv.powerKw': 'kW', 'hall.temperatureC': 'degC' }
const unitOf = (ref: string): string | undefined => units[ref]

describe('a scaled point', () => {
  it('gives back the raw number that its value came from, whatever unit, scale and offset', () => {
    const number = fc.double({ noNaN: true, min: -1e6, max: 1e6 })
    fc.assert(
      fc.property(
        number,
        fc.double({ noNaN: true, min: 0.001, max: 1000 }),
        number,
        fc.constantFrom('W', 'kW', 'MW'),
        (raw, scale, offset, unit) => {
          const point = scaledPoint('pv.powerKw', { unit, scale, offset }, unitOf)
          if (!isScaled(point)) throw new Error(point.detail)
          const slack = 1e-9 * (1 + Math.abs(raw) + Math.abs(offset / scale))
          expect(Math.abs(point.toRaw(point.fromRaw(raw)) - raw)).toBeLessThanOrEqual(slack)
        },
      ),
    )
  })

  it('has its bounds in the unit of the point, and the unit that is told where the settings say none', () => {
    const point = scaledPoint('pv.powerKw', { unit: 'W', least: -5000, most: 5000 }, unitOf)
    expect(point).toMatchObject({ unit: 'kW', least: -5, most: 5, write: false })
    const warm = scaledPoint('hall.temperatureC', {}, unitOf, 'K')
    expect(isScaled(warm) && warm.fromRaw(300)).toBeCloseTo(26.85, 9)
    // The bounds are those of the site file, whatever a device tells.
    expect(scaledPoint('hall.temperatureC', { least: 15, most: 28 }, unitOf, 'K')).toMatchObject({
      least: 15,
      most: 28,
    })
    const told = scaledPoint('pv.powerKw', { unit: 'kW' }, unitOf, 'W')
    expect(isScaled(told) && told.fromRaw(2)).toBe(2)
  })

  it.each<[string, ScaledUse, string]>([
    ['nobody.x', {}, 'no such point'],
    ['pv.powerKw', { unit: 'kWh' }, 'power is meant'],
    ['pv.powerKw', { unit: 'furlong' }, 'no unit'],
    ['pv.powerKw', { scale: 0 }, 'scale of 0'],
  ])('%s with %j cannot be: %s', (ref, use, words) => {
    const point = scaledPoint(ref, use, unitOf)
    expect(isScaled(point)).toBe(false)
    expect('detail' in point && point.detail).toContain(words)
  })
})

describe('readings on their way out', () => {
  it('tell a gap once for each time that a point falls silent, and count what was taken', async () => {
    const house = playHouse()
    const record = createLinkRecord(house.clock)
    const outlet = createOutlet(house, record, 'link')
    const point = { ref: 'pv.powerKw', unit: 'kW' }
    const value = (one: number, timestampMs: number) => ({ ...point, value: one, quality: quality.good, timestampMs })
    // Never spoken: a gap all the same.
    outlet.gaps([point], 1)
    outlet.gaps([point], 2)
    outlet.put([value(5, 3), value(Number.POSITIVE_INFINITY, 4), value(Number.NaN, 5)])
    outlet.gaps([point], 6)
    outlet.put([value(6, 7)])
    outlet.gaps([point], 8)
    expect(outlet.lastMs(point.ref)).toBe(8)
    await outlet.close()
    expect(house.readings.map(({ value: one, timestampMs }) => [one, timestampMs])).toEqual([
      [Number.NaN, 1],
      [5, 3],
      [Number.NaN, 4],
      [6, 7],
      [Number.NaN, 8],
    ])
    expect(new Set(house.readings.filter(({ value: one }) => Number.isNaN(one)).map((one) => one.quality))).toEqual(
      new Set([quality.missing]),
    )
    expect(record.figures().readings).toBe(5)
  })

  it.each([0, 1, 2, 3, 4, 5, 6, 8])('are never left behind: pushed %d turns after others were taken', async (turns) => {
    const house = playHouse()
    const outbox = createOutbox(house, 'link')
    const reading = { ref: 'pv.powerKw', unit: 'kW', value: 1, quality: quality.good }
    outbox.push([{ ...reading, timestampMs: 1 }])
    for (let turn = 0; turn < turns; turn += 1) await null
    outbox.push([{ ...reading, timestampMs: 2 }])
    await new Promise((resolve) => setImmediate(resolve))
    expect(house.readings.map(({ timestampMs }) => timestampMs)).toEqual([1, 2])
  })

  it('tell when there are too many, and when there is room again', async () => {
    const gate = Promise.withResolvers<void>()
    const outbox = createOutbox({ ...playHouse(), take: () => gate.promise }, 'link', 3)
    const reading = { ref: 'pv.powerKw', unit: 'kW', value: 1, quality: quality.good, timestampMs: 1 }
    outbox.push([reading, reading])
    outbox.push([reading])
    expect(outbox.isFull).toBe(true)
    const room = outbox.room()
    gate.resolve()
    await room
    expect(outbox.isFull).toBe(false)
    await outbox.close()
  })

  it('come again until they are taken, and say who they are of', async () => {
    const house = playHouse()
    house.refusal = new Error('full')
    const outlet = createOutlet(house, createLinkRecord(house.clock), 'plc')
    outlet.put([{ ref: 'pv.powerKw', unit: 'kW', value: 1, quality: quality.good, timestampMs: 1 }])
    await until(() => house.reports.length > 0, 'they are refused')
    expect(house.reports[0]).toContain('Readings of plc were not taken')
    house.refusal = undefined
    await until(() => house.readings.length === 1, 'they are taken')
    await outlet.close()
  })
})

describe('a promise within a time', () => {
  it('settles as it does, fails when it is late, and at once when a stop comes', async () => {
    const never = new Promise<number>(() => undefined)
    const late = () => new Error('late')
    expect(await within(Promise.resolve(1), 1000, late)).toBe(1)
    await expect(within(Promise.reject(new Error('own')), 1000, late)).rejects.toThrow('own')
    await expect(within(never, 1, late)).rejects.toThrow('late')
    const stopping = new AbortController()
    const waiting = within(never, 60_000, late, stopping.signal)
    stopping.abort()
    await expect(waiting).rejects.toThrow('stopped')
    await expect(within(never, 60_000, late, stopping.signal)).rejects.toThrow('stopped')
  })
})
