import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../../kernel/index.ts'
import { allPhases, siteNow } from './phase-switching.ts'
import { prepareSite, type SharingCharger } from './sharing-site.ts'
import { newSharingState, type SharingMoment, type SharingPace, stepSharing, usualPace } from './step-sharing.ts'

const startMs = Date.UTC(2026, 6, 6, 8)
const later = { energyLeftKwh: 20, departureMs: startMs + 86_400_000, arrivalMs: startMs }
const calm: SharingPace = { ...usualPace, riseAPerS: 0 }

const plain = { circuit: 'cable', phases: [0, 1, 2], minA: 6, maxA: 16 } as const
const able = { ...plain, onePhase: [0, 1, 2] } as const
type Draft = Omit<SharingCharger, 'id'>

const yard = (count: number, limitA: number, charger: (number: number) => Draft = () => able) =>
  prepareSite({
    circuits: [
      { id: 'grid', limitA: [limitA, limitA, limitA] },
      { id: 'cable', parent: 'grid', limitA: [limitA * 0.8, limitA, limitA * 0.9] },
    ],
    chargers: Array.from({ length: count }, (_, number) => ({ id: `p${number}`, ...charger(number) })),
  })

/** A yard that is stepped second by second, with the sun given in amperes summed over the phases. */
function run(site: ReturnType<typeof yard>, pace = calm) {
  let state = newSharingState(site)
  let second = 0
  const step = (sunA: number, more: Partial<SharingMoment> = {}) => {
    const otherA = new Float64Array(site.limitA.length)
    otherA.fill(-sunA / 3, 0, 3)
    const moment = { nowMs: startMs + second * 1000, otherA, voltageV: 230, vehicles: site.chargers.map(() => later) }
    second += 1
    const made = stepSharing(site, state, { ...moment, ...more }, pace)
    state = made.state
    return { grantA: [...made.grantA], alone: [...made.state.phases.alone] }
  }
  const hold = (seconds: number, sunA: number, more: Partial<SharingMoment> = {}) => {
    const steps = Array.from({ length: seconds }, () => step(sunA, more))
    return { ...steps.at(-1)!, steps }
  }
  return { step, hold }
}

describe('one phase or three', () => {
  it('charges on one phase what the sun gives too little for three, and goes back when it is enough, for a while', () => {
    const { hold } = run(yard(1, 100))
    expect(hold(30, 30)).toMatchObject({ grantA: [10], alone: [allPhases] })
    // A cloud passes: nothing changes. It stays: after a minute it pauses, and goes on alone.
    expect(hold(50, 9)).toMatchObject({ grantA: [6], alone: [allPhases] })
    expect(hold(30, 9)).toMatchObject({ grantA: [9], alone: [0] })
    expect(hold(700, 19)).toMatchObject({ grantA: [16], alone: [0] })
    // Enough with its margin, for three minutes.
    expect(hold(170, 40)).toMatchObject({ alone: [0] })
    expect(hold(30, 40)).toMatchObject({ grantA: [40 / 3], alone: [allPhases] })
    // Not before the dwell time.
    expect(hold(500, 9)).toMatchObject({ alone: [allPhases] })
    expect(hold(150, 9)).toMatchObject({ grantA: [9], alone: [0] })
    // What is too little for one phase too is no reason.
    expect(hold(700, 3)).toMatchObject({ grantA: [0], alone: [0] })
  })

  it('leaves a charger on all phases that cannot go over, and one of which it is not known that it pauses', () => {
    const fixed = run(yard(1, 100, () => plain))
    expect(fixed.hold(300, 9)).toMatchObject({ grantA: [0], alone: [allPhases] })
    const { hold } = run(yard(1, 100))
    hold(30, 30)
    expect(hold(300, 9, { toldA: Float64Array.of(10) })).toMatchObject({ grantA: [0], alone: [allPhases] })
    expect(hold(10, 9, { toldA: Float64Array.of(0) })).toMatchObject({ grantA: [9], alone: [0] })
  })

  it('goes back to three phases for who must charge', () => {
    const { hold } = run(yard(1, 100))
    expect(hold(700, 9)).toMatchObject({ alone: [0] })
    const vehicles = [{ ...later, departureMs: startMs + 1_800_000 }]
    expect(hold(10, 9, { vehicles })).toMatchObject({ grantA: [16], alone: [allPhases] })
  })

  it('spreads chargers over the phases, or takes the first where they cannot be told which', () => {
    const small = () => run(yard(3, 200, () => ({ ...able, maxA: 6 })))
    // Six amperes each for two of three, one after another.
    expect(small().hold(300, 15)).toMatchObject({ grantA: [6, 6, 0], alone: [0, 1, allPhases] })
    const choosesPhase = new Uint8Array(3)
    expect(small().hold(300, 15, { choosesPhase })).toMatchObject({ grantA: [6, 6, 0], alone: [0, 0, allPhases] })
    expect(small().hold(400, 17.9).alone.toSorted()).toEqual([allPhases, 0, 1])
  })

  it('breaks no limit in any phase, goes over no more often than it may, and grants nothing below the least', () => {
    const pace = { ...usualPace, riseAPerS: 4, phaseDownAfterS: 4, phaseUpAfterS: 8, phaseDwellS: 60 }
    let changes = 0
    fc.assert(
      fc.property(
        fc.integer(),
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 50, max: 160 }),
        (seed, count, limitA) => {
          const random = seededRandom(seed)
          const site = yard(count, limitA, (number) => (number % 4 === 3 ? { ...plain, phases: [number % 3] } : able))
          const { meterDelayS, reactionS, riseAPerS } = pace
          let state = newSharingState(site)
          const otherA = [0]
          const told: { readonly grantA: Float64Array; readonly cells: readonly Int32Array[] }[] = []
          const switched: number[] = []
          let sunA = 0
          for (let second = 1; second < 400; second += 1) {
            if (random.next() < 0.03) sunA = random.next() * Math.min(60, limitA)
            const last = otherA[second - 1]!
            otherA.push(last + Math.max(-riseAPerS, Math.min(riseAPerS, -sunA - last)))
          }
          for (let second = 0; second < 400; second += 1) {
            const seen = new Float64Array(site.limitA.length)
            seen.fill(otherA[Math.max(0, second - meterDelayS)]!, 0, 3)
            const urgent = random.next() < 0.002
            const vehicles = site.chargers.map(() => (urgent ? { ...later, departureMs: startMs } : later))
            const moment = { nowMs: startMs + second * 1000, otherA: seen, vehicles, voltageV: 230 }
            const step = stepSharing(site, state, moment, pace)
            for (const [number, phase] of step.state.phases.alone.entries())
              if (phase !== state.phases.alone[number]) switched.push(number)
            state = step.state
            told.push({ grantA: step.grantA, cells: siteNow(site, state.phases).cells })
            const drawn = new Float64Array(site.limitA.length)
            for (let number = 0; number < count; number += 1) {
              // Each follows when it likes, within its reaction, as it was connected when it was told.
              const from = told[Math.max(0, second - Math.floor(random.next() * (reactionS + 1)))]!
              const grant = from.grantA[number]!
              if (grant !== 0 && grant < 6 - 1e-9) throw new Error(`${grant} A is less than the least`)
              for (const cell of from.cells[number]!) drawn[cell]! += grant
            }
            for (const [cell, limit] of site.limitA.entries()) {
              const all = drawn[cell]! + (cell < 3 ? otherA[second]! : 0)
              if (all > limit + 1e-6) throw new Error(`${all} A of ${limit} in cell ${cell}, second ${second}`)
            }
          }
          changes += switched.length
          for (const [, own] of Map.groupBy(switched, (number) => number)) {
            expect(own.length).toBeLessThanOrEqual(Math.ceil(400 / pace.phaseDwellS))
          }
        },
      ),
      { numRuns: 12 },
    )
    expect(changes).toBeGreaterThan(10)
  })
})
