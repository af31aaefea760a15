import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { SetpointRule } from '../../commands/index.ts'
import { createMachines } from './machines.ts'

const rule = (id: string, over: Partial<SetpointRule> = {}): SetpointRule => ({
  ...{ id, title: id, ref: `${id}.targetKw`, unit: 'kW', power: { asset: id, perKw: 1 }, follows: null, gateway: null },
  ...{ least: -100, most: 100, step: 0, rampPerMinute: null, deadband: 0, minIntervalMs: 1000, repeatMs: 10_000 },
  ...{ readBack: null, interlocks: [], fallback: [{ fromMinute: 0, value: 5 }] },
  ...over,
})
const machinesOf = (...setpoints: SetpointRule[]) => createMachines({ zone: 'UTC', setpoints })

describe('machines that are told setpoints', () => {
  it('follow their safe schedule, then what they were told, then the schedule again when the word stops', () => {
    const machines = machinesOf(rule('battery'))
    expect(machines.setpointKw(0)).toEqual(new Map([['battery', 5]]))
    machines.take('battery.targetKw', -40, 1000)
    expect(machines.setpointKw(31_000)).toEqual(new Map([['battery', -40]]))
    expect(machines.held(31_000)).toEqual(new Map([['battery.targetKw', -40]]))
    expect(machines.setpointKw(31_001)).toEqual(new Map([['battery', 5]]))
    machines.take('battery.targetKw', 7, 40_000)
    expect(machines.held(40_000)).toEqual(new Map([['battery.targetKw', 7]]))
  })

  it('hold what they were told where nobody promised to repeat it, and take the schedule of the hour', () => {
    const fallback = [
      { fromMinute: 60, value: 1 },
      { fromMinute: 120, value: 2 },
    ]
    const machines = machinesOf(rule('battery', { repeatMs: null, fallback }))
    const held = (hour: number) => machines.held(hour * 3_600_000).get('battery.targetKw')
    expect([0, 1, 2].map(held)).toEqual([2, 1, 2])
    machines.take('battery.targetKw', 9, 0)
    expect(held(1000)).toBe(9)
  })

  it('turn units and signs to what they give, and stand still when they are switched off', () => {
    const draws = rule('heater', { unit: 'W', power: { asset: 'heater', perKw: -1000 } })
    const off = rule('genset', {
      ref: 'genset.run',
      power: null,
      follows: 'genset.on',
      fallback: [{ fromMinute: 0, value: 0 }],
    })
    const power = rule('genset', { fallback: [{ fromMinute: 0, value: 50 }] })
    const machines = machinesOf(draws, off, power)
    machines.take('heater.targetKw', 3000, 0)
    expect(machines.setpointKw(0)).toEqual(
      new Map([
        ['heater', -3],
        ['genset', 0],
      ]),
    )
    machines.take('genset.run', 1, 0)
    expect(machines.setpointKw(0).get('genset')).toBe(50)
  })

  it('heed no word that is no number or is for nobody', () => {
    fc.assert(
      fc.property(fc.constantFrom('battery.targetKw', 'toString', 'x.y'), fc.double(), (ref, value) => {
        const machines = machinesOf(rule('battery'))
        machines.take(ref, value, 0)
        const isTaken = ref === 'battery.targetKw' && Number.isFinite(value)
        expect(machines.setpointKw(0)).toEqual(new Map([['battery', isTaken ? value : 5]]))
      }),
      { numRuns: 50 },
    )
  })
})
