import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../../kernel/index.ts'
import { shareLimit } from './share-limit.ts'
import { prepareSite, type SharingSite } from './sharing-site.ts'
import { newSharingState, stepSharing, usualPace, type WaitingVehicle } from './step-sharing.ts'

const drawnSite: fc.Arbitrary<SharingSite> = fc
  .record({
    limits: fc.array(fc.tuple(...Array.from({ length: 3 }, () => fc.integer({ min: 0, max: 100 }))), {
      minLength: 1,
      maxLength: 4,
    }),
    parents: fc.array(fc.nat(), { minLength: 4, maxLength: 4 }),
    chargers: fc.array(
      fc.record({
        circuit: fc.nat(),
        phases: fc.subarray([0, 1, 2], { minLength: 1 }),
        maxA: fc.integer({ min: 6, max: 32 }),
      }),
      { maxLength: 12 },
    ),
  })
  .map(({ limits, parents, chargers }) => ({
    circuits: limits.map((limitA, index) => ({
      id: `c${index}`,
      limitA: limitA as [number, number, number],
      ...(index === 0 ? {} : { parent: `c${parents[index]! % index}` }),
    })),
    chargers: chargers.map(({ circuit, phases, maxA }, index) => ({
      id: `p${index}`,
      circuit: `c${circuit % limits.length}`,
      phases,
      minA: 6,
      maxA,
    })),
  }))

const everyone = (count: number, urgent: (number: number) => number) => ({
  urgentA: Float64Array.from({ length: count }, (_, number) => urgent(number)),
  solar: new Uint8Array(count).fill(1),
  hold: new Uint8Array(count),
  queue: Array.from({ length: count }, (_, number) => number),
})

const hall = (chargers: number, limitA: number, phases: readonly number[] = [0, 1, 2]) =>
  prepareSite({
    circuits: [{ id: 'grid', limitA: [limitA, limitA, limitA] }],
    chargers: Array.from({ length: chargers }, (_, index) => ({
      id: `p${index}`,
      circuit: 'grid',
      phases,
      minA: 6,
      maxA: 32,
    })),
  })

describe('sharing a limit', () => {
  it('is never above any cable in any phase, and grants nothing between a pause and the least current', () => {
    fc.assert(
      fc.property(
        drawnSite,
        fc.integer({ min: -50, max: 400 }),
        fc.infiniteStream(fc.integer({ min: 0, max: 40 })),
        (drawn, surplusA, draws) => {
          const site = prepareSite(drawn)
          const count = site.chargers.length
          const demands = everyone(count, () => draws.next().value!)
          const heldA = Float64Array.from({ length: count }, () => Math.min(32, draws.next().value!))
          const grantA = shareLimit(site, { demands, freeA: site.limitA, surplusA, heldA })
          const usedA = new Float64Array(site.limitA.length)
          const drawnA = new Float64Array(site.limitA.length)
          const beforeA = new Float64Array(site.limitA.length)
          for (const [number, cells] of site.cells.entries()) {
            for (const cell of cells) {
              usedA[cell]! += grantA[number]!
              drawnA[cell]! += Math.max(grantA[number]!, heldA[number]!)
              beforeA[cell]! += heldA[number]!
            }
            const { minA, maxA } = site.chargers[number]!
            const grant = grantA[number]!
            expect(grant === 0 || (grant >= minA - 1e-9 && grant <= maxA + 1e-9)).toBe(true)
          }
          for (const [cell, limit] of site.limitA.entries()) {
            expect(usedA[cell]!).toBeLessThanOrEqual(limit + 1e-6)
            // While the lowered ones still draw: no more than before, or inside the limit.
            expect(drawnA[cell]!).toBeLessThanOrEqual(Math.max(limit, beforeA[cell]!) + 1e-6)
          }
        },
      ),
    )
  })

  it('gives each the same where all need the same', () => {
    const site = hall(5, 100)
    const request = { demands: everyone(5, () => 32), freeA: site.limitA, surplusA: 0, heldA: new Float64Array(5) }
    expect([...shareLimit(site, request)].map((ampere) => Math.round(ampere * 1e6) / 1e6)).toEqual([20, 20, 20, 20, 20])
  })

  it('gives who needs little that, and the rest to the others', () => {
    const site = hall(3, 60)
    const request = {
      demands: everyone(3, (number) => (number === 0 ? 8 : 32)),
      freeA: site.limitA,
      surplusA: 0,
      heldA: new Float64Array(3),
    }
    expect([...shareLimit(site, request)].map((ampere) => Math.round(ampere * 1e6) / 1e6)).toEqual([8, 26, 26])
  })

  it('lets the last of the queue wait where the least current does not go round', () => {
    const site = hall(4, 20)
    const request = { demands: everyone(4, () => 32), freeA: site.limitA, surplusA: 0, heldA: new Float64Array(4) }
    const grantA = shareLimit(site, request)
    expect(grantA.map((ampere) => Math.sign(ampere))).toEqual(Float64Array.of(1, 1, 1, 0))
  })

  it('gives the sun to the first, and none below the least current', () => {
    const site = hall(3, 100)
    const demands = everyone(3, () => 0)
    const share = (surplusA: number) => [
      ...shareLimit(site, { demands, freeA: site.limitA, surplusA, heldA: new Float64Array(3) }),
    ]
    expect(share(17)).toEqual([0, 0, 0])
    expect(share(18)).toEqual([6, 0, 0])
    expect(share(96 + 30)).toEqual([32, 10, 0])
  })

  it.each<[string, SharingSite]>([
    [
      'a circle',
      {
        circuits: [
          { id: 'a', limitA: [1, 1, 1] },
          { id: 'b', parent: 'c', limitA: [1, 1, 1] },
          { id: 'c', parent: 'b', limitA: [1, 1, 1] },
        ],
        chargers: [],
      },
    ],
    ['two connections', { circuits: ['a', 'b'].map((id) => ({ id, limitA: [1, 1, 1] as const })), chargers: [] }],
    [
      'a charger on no circuit',
      {
        circuits: [{ id: 'a', limitA: [1, 1, 1] }],
        chargers: [{ id: 'p', circuit: 'x', phases: [0], minA: 6, maxA: 16 }],
      },
    ],
    [
      'a fourth phase',
      {
        circuits: [{ id: 'a', limitA: [1, 1, 1] }],
        chargers: [{ id: 'p', circuit: 'a', phases: [3], minA: 6, maxA: 16 }],
      },
    ],
  ])('refuses a site with %s', (_, wrong) => {
    expect(() => prepareSite(wrong)).toThrow('ocpp.bad-limit')
  })
})

describe('the guard', () => {
  it('keeps measured import below the limit while loads rise as fast as it was told, meters are late and chargers slow', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 80, max: 300 }),
        (seed, count, limitA) => {
          const random = seededRandom(seed)
          const site = hall(count, limitA)
          const { meterDelayS, reactionS, riseAPerS } = usualPace
          let state = newSharingState(site)
          const seconds = 400
          const otherA: number[] = [limitA * 0.3]
          const grants: Float64Array[] = []
          // A wild load that turns at once, and never asks for more than the connection has without chargers.
          for (let second = 1; second < seconds; second += 1) {
            const move = (random.next() * 2 - 1) * riseAPerS
            const turn = Math.floor(second / 40) % 2 === 0 ? riseAPerS : -riseAPerS
            const next = otherA[second - 1]! + (random.next() < 0.5 ? turn : move)
            otherA.push(Math.max(-limitA, Math.min(limitA, next)))
          }
          const start = Date.UTC(2026, 6, 6, 8)
          const vehicles: WaitingVehicle[] = Array.from({ length: count }, (_, number) => ({
            energyLeftKwh: 50,
            departureMs: start + (number % 2 === 0 ? 6e5 : 36e6),
            arrivalMs: start,
          }))
          for (let second = 0; second < seconds; second += 1) {
            const seen = otherA[Math.max(0, second - meterDelayS)]!
            const step = stepSharing(site, state, {
              nowMs: start + second * 1000,
              otherA: Float64Array.of(seen, seen, seen),
              vehicles,
              voltageV: 230,
            })
            state = step.state
            grants.push(step.grantA)
            // Each charger follows when it likes, within its reaction.
            let drawn = 0
            for (let number = 0; number < count; number += 1) {
              const behind = Math.floor(random.next() * (reactionS + 1))
              drawn += grants[Math.max(0, second - behind)]![number]!
            }
            expect(otherA[second]! + drawn, `second ${second}`).toBeLessThanOrEqual(limitA + 1e-6)
          }
        },
      ),
      { numRuns: 40 },
    )
  })

  it('lets who comes later begin: others give way first', () => {
    const { circuits, chargers } = hall(2, 200)
    const site = prepareSite({
      circuits: [...circuits, { id: 'cable', parent: 'grid', limitA: [21, 21, 21] }],
      chargers: chargers.map((one) => ({ ...one, circuit: 'cable', maxA: 16 })),
    })
    let state = newSharingState(site)
    const vehicle = { energyLeftKwh: 50, departureMs: 1000, arrivalMs: 0 }
    const turn = (vehicles: readonly (WaitingVehicle | undefined)[]): number[] => {
      const step = stepSharing(site, state, { nowMs: 0, otherA: new Float64Array(6), vehicles, voltageV: 230 })
      state = step.state
      return [...step.grantA]
    }
    expect(turn([vehicle, undefined])).toEqual([16, 0])
    turn([vehicle, undefined])
    const seconds = Array.from({ length: 8 }, () => turn([vehicle, vehicle]))
    expect(seconds[0]).toEqual([10.5, 0])
    expect(seconds.at(-1)).toEqual([10.5, 10.5])
  })

  it('shares nothing while the meter is silent', () => {
    const site = hall(2, 100)
    const vehicle = { energyLeftKwh: 50, departureMs: 1000, arrivalMs: 0 }
    const moment = {
      nowMs: 0,
      otherA: new Float64Array(3).fill(Number.NaN),
      vehicles: [vehicle, vehicle],
      voltageV: 230,
    }
    expect([...stepSharing(site, newSharingState(site), moment).grantA]).toEqual([0, 0])
  })

  it('goes on through a short cloud, stops after a long one, and does not begin with a flicker', () => {
    const site = hall(1, 100)
    let state = newSharingState(site)
    const vehicle = { energyLeftKwh: 10, departureMs: 86_400_000, arrivalMs: 0 }
    const at = (second: number, sunA: number): number => {
      const moment = {
        nowMs: 1e6 + second * 1000,
        otherA: new Float64Array(3).fill(-sunA),
        vehicles: [vehicle],
        voltageV: 230,
      }
      const step = stepSharing(site, state, moment)
      state = step.state
      return step.grantA[0]!
    }
    const run = (from: number, to: number, sunA: number) =>
      Array.from({ length: to - from }, (_, k) => at(from + k, sunA))
    expect(Math.max(...run(0, 4, 12))).toBe(0)
    expect(Math.max(...run(4, 6, 0))).toBe(0)
    expect(run(6, 20, 12).at(-1)).toBe(12)
    expect(new Set(run(20, 100, 0))).toEqual(new Set([6]))
    expect(run(100, 110, 12).at(-1)).toBe(12)
    expect(run(110, 240, 0).at(-1)).toBe(0)
  })
})

describe('a plan', () => {
  const at = (
    vehicle: Partial<WaitingVehicle>,
    moment: { readonly fixedA?: Float64Array; readonly sunA?: number } = {},
  ) => {
    const site = hall(2, 100)
    const one = { energyLeftKwh: 10, departureMs: 8 * 3_600_000, arrivalMs: 0, ...vehicle }
    return stepSharing(site, newSharingState(site), {
      nowMs: 0,
      otherA: new Float64Array(3).fill(-(moment.sunA ?? 0)),
      vehicles: [undefined, one],
      voltageV: 230,
      ...(moment.fixedA ? { fixedA: moment.fixedA } : {}),
    }).grantA[1]!
  }

  it('gives a vehicle its share, more where it would be late, and no more than it takes', () => {
    expect(at({ plannedA: 9 })).toBe(9)
    expect(at({ plannedA: 0 })).toBe(0)
    // Below the least current it charges with that, and is done sooner.
    expect(at({ plannedA: 2 })).toBe(6)
    expect(at({ plannedA: 0, departureMs: 1_800_000 })).toBe(20)
    expect(at({ plannedA: 30, mostA: 10 })).toBe(10)
    expect(at({ plannedA: 9, mostA: 16 }, { sunA: 12 })).toBe(12)
    expect(at({ plannedA: 9, mostA: 16 }, { sunA: 50 })).toBe(16)
  })

  it('leaves to a charger whose line is cut what it may draw', () => {
    const reserve = usualPace.riseAPerS * (usualPace.meterDelayS + usualPace.reactionS + 1)
    expect(at({ plannedA: 32 }, { fixedA: Float64Array.of(8, 0) })).toBe(100 - reserve - 8)
    expect(at({ plannedA: 32 }, { fixedA: Float64Array.of(16, 0) })).toBe(0)
  })
})
