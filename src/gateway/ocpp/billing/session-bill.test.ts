import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ChargingTariff } from './charging-tariff.ts'
import { type BilledSession, billSession, type SessionBill } from './session-bill.ts'

const at = (clock: string) => Date.parse(`2026-07-06T${clock}:00+08:00`)
const zone = 'Asia/Shanghai'
const tariff: ChargingTariff = {
  id: 'day-night',
  currency: 'CNY',
  moneyUnit: 0.01,
  elements: [
    { components: [{ kind: 'energy', price: 0.4 }], when: { from: '22:00', to: '06:00' } },
    {
      components: [
        { kind: 'flat', price: 1 },
        { kind: 'energy', price: 1.2 },
        { kind: 'time', price: 0.5 },
        { kind: 'parking', price: 3 },
      ],
    },
  ],
}
const session = (...told: readonly [string, number][]): BilledSession => ({
  startedMs: at(told[0]![0]),
  endedMs: at(told.at(-1)![0]),
  startWh: told[0]![1],
  registerWh: told.map(([clock, wh]) => ({ atMs: at(clock), wh })),
})
const bill = (one: BilledSession, other = tariff): SessionBill => {
  const outcome = billSession(one, other, zone)
  if (outcome.kind !== 'bill') throw new Error(outcome.reason)
  return outcome.bill
}

describe('the bill of a session', () => {
  it('has a fee, energy, time and parking', () => {
    const { lines, net } = bill(session(['10:00', 5000], ['12:00', 25_000], ['12:30', 25_000]))
    expect(lines.map(({ kind, quantity, amount }) => [kind, quantity, amount])).toEqual([
      ['flat', 1, 1],
      ['energy', 20, 24],
      ['time', 2, 1],
      ['parking', 0.5, 1.5],
    ])
    expect(net).toBe(27.5)
  })

  it('charges what was told in the moment of the start, and says where an end was inferred', () => {
    const moment = { ...session(['10:00', 5000], ['10:00', 9000]), inferred: true }
    expect(bill(moment)).toMatchObject({ energyKwh: 4, net: 1 + 4.8, inferred: true })
    expect(bill(session(['10:00', 5000], ['11:00', 9000])).inferred).toBe(false)
  })

  it('changes its price in the minute in which the tariff does', () => {
    const { lines } = bill(session(['21:00', 0], ['23:00', 20_000]))
    expect(lines.filter(({ kind }) => kind === 'energy').map(({ price, quantity }) => [price, quantity])).toEqual([
      [1.2, 10],
      [0.4, 10],
    ])
  })

  it('changes its price at an amount of energy', () => {
    const steps: ChargingTariff = {
      ...tariff,
      elements: [
        { components: [{ kind: 'energy', price: 1 }], when: { maxKwh: 5 } },
        { components: [{ kind: 'energy', price: 2 }] },
      ],
    }
    expect(bill(session(['10:00', 0], ['11:00', 20_000]), steps).net).toBe(5 + 30)
  })

  it('keeps between the least and the most sum, and adds tax', () => {
    const taxed = { ...tariff, maximum: 20, taxShare: 0.06 }
    expect(bill(session(['10:00', 5000], ['12:00', 25_000]), taxed)).toMatchObject({ net: 20, tax: 1.2, gross: 21.2 })
    expect(bill(session(['10:00', 0], ['10:01', 10]), { ...tariff, minimum: 2 }).net).toBe(2)
  })

  it.each<[string, BilledSession, string]>([
    ['is still running', { ...session(['10:00', 0], ['11:00', 1]), endedMs: undefined }, 'still-running'],
    ['has no register', { startedMs: 0, endedMs: 1, startWh: undefined, registerWh: [] }, 'no-register'],
    ['has a register that fell', session(['10:00', 100], ['11:00', 50]), 'register-fell'],
  ])('is not made for one that %s', (_, one, reason) => {
    expect(billSession(one, tariff, zone)).toEqual({ kind: 'no-bill', reason })
  })

  it('adds up: lines to net, quantities to the energy, whatever the register says', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 1, max: 400 }), fc.integer({ min: 0, max: 30_000 })), {
          minLength: 1,
          maxLength: 12,
        }),
        (steps) => {
          let [ms, wh] = [at('20:00'), 1000]
          const registerWh = [{ atMs: ms, wh }]
          for (const [minutes, more] of steps) {
            ms += minutes * 60_000
            wh += more
            registerWh.push({ atMs: ms, wh })
          }
          const { lines, net, tax, gross, energyKwh } = bill(
            { startedMs: at('20:00'), endedMs: ms, startWh: 1000, registerWh },
            { ...tariff, taxShare: 0.13 },
          )
          const cents = (amount: number) => Math.round(amount * 100)
          expect(lines.reduce((sum, { amount }) => sum + cents(amount), 0)).toBe(cents(net))
          expect(cents(net) + cents(tax)).toBe(cents(gross))
          expect(energyKwh).toBeCloseTo((wh - 1000) / 1000, 6)
          const billed = lines.filter(({ kind }) => kind === 'energy').reduce((sum, { quantity }) => sum + quantity, 0)
          expect(billed).toBeCloseTo(energyKwh, 6)
        },
      ),
    )
  })

  it('refuses a tariff that says nothing sensible', () => {
    const wrong = { ...tariff, elements: [{ components: [], when: { from: '25:00', to: '06:00' } }] }
    expect(() => billSession(session(['10:00', 0], ['11:00', 1]), wrong, zone)).toThrow('ocpp.bad-tariff')
  })
})
