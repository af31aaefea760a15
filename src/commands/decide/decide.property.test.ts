import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalJson } from '../../kernel/index.ts'
import { dawnMs, hours, planOf, reading, rulesOf, usualCommands } from '../commands.fixture.ts'
import { compileRules } from './compile-rules.ts'
import { type Decided, decide } from './decide.ts'
import { acknowledge, type CommandMemory, emptyMemory, memoryOf } from './memory.ts'
import { roundToStep } from './round-to-step.ts'
import type { Situation } from './situation.ts'

const ref = 'battery.targetKw'
const noonMs = dawnMs + 12 * 3_600_000
const number = fc.double({ min: -1e6, max: 1e6, noNaN: true })

/** What happens in one turn. */
const turnOf = fc.record({
  elapsedMs: fc.oneof({ weight: 5, arbitrary: fc.constant(1000) }, fc.integer({ min: 0, max: 600_000 })),
  planKw: fc.option(number, { nil: undefined }),
  planAgeMs: fc.integer({ min: -60_000, max: 2_400_000 }),
  override: fc.option(fc.record({ value: number, leftMs: fc.integer({ min: -5000, max: 5000 }) }), { freq: 3 }),
  hold: fc.constantFrom(...Array.from({ length: 9 }, () => false), true),
  door: fc.constantFrom(...Array.from({ length: 12 }, () => 0), 1, null),
  cellC: fc.constantFrom(...Array.from({ length: 12 }, () => 44), 46, null),
  ageMs: fc.constantFrom(...Array.from({ length: 16 }, () => 1000), 40_000, -40_000),
  gridKw: fc.oneof(fc.constant(0), fc.double({ min: -600, max: 600, noNaN: true })),
  done: fc.constantFrom(...Array.from({ length: 12 }, () => 'done'), 'failed', 'unknown', 'under way'),
})
const setup = fc.record({
  rampPerMinute: fc.constantFrom(6, 60, 300, 600, 6000),
  step: fc.constantFrom(0, 0.1, 1, 7, 50),
  deadband: fc.constantFrom(0, 2, 30),
  turns: fc.array(turnOf, { minLength: 20, maxLength: 60 }),
})

interface Turned {
  readonly before: CommandMemory
  readonly situation: Situation
  readonly decided: Decided
}

/** Lives a row of turns with a machine that does what gets there. */
function live({ rampPerMinute, step, deadband, turns }: typeof setup extends fc.Arbitrary<infer T> ? T : never) {
  const text = usualCommands
    .replace('rampPerMinute: 600 kW', `rampPerMinute: ${rampPerMinute}`)
    .replace('step: 1 kW', `step: ${step}`)
    .replace('deadband: 2 kW', `deadband: ${deadband}`)
  const rules = rulesOf(text)
  const compiled = compileRules(rules)
  let memory = emptyMemory(rules)
  let nowMs = noonMs
  let powerKw = 0
  const lived: Turned[] = []
  for (const turn of turns) {
    nowMs += turn.elapsedMs
    const at = nowMs - turn.ageMs
    const situation: Situation = {
      nowMs,
      elapsedMs: turn.elapsedMs,
      plan:
        turn.planKw === undefined
          ? null
          : { ...planOf({ 'battery.powerKw': hours(turn.planKw) }), publishedMs: nowMs - turn.planAgeMs },
      readings: {
        'grid.powerKw': reading(turn.gridKw, nowMs),
        'battery.powerKw': reading(powerKw, nowMs),
        'battery.doorOpen': reading(turn.door, at),
        'battery.cellC': reading(turn.cellC, at),
      },
      overrides: turn.override
        ? [
            {
              ref,
              value: turn.override.value,
              reason: 'test',
              by: 'x',
              fromMs: 0,
              untilMs: nowMs + turn.override.leftMs,
            },
          ]
        : [],
      hold: turn.hold ? { reason: 'test', by: 'x', sinceMs: 0 } : null,
      nowhere: [],
    }
    const decided = decide(compiled, situation, memory)
    lived.push({ before: memory, situation, decided })
    memory = decided.memory
    if (turn.done === 'under way' || !memoryOf(memory, ref).sent?.pending) continue
    const { value, atMs: sentMs } = memoryOf(memory, ref).sent!
    if (turn.done === 'done') powerKw = value
    memory = acknowledge(memory, { ref, value, sentMs, atMs: nowMs, outcome: turn.done as 'done' })
  }
  return { rules, compiled, lived }
}

const isKnown = ({ readings, nowMs }: Situation, name: string): boolean =>
  readings[name]!.value !== null && Math.abs(nowMs - readings[name]!.atMs) <= 30_000

describe('whatever happens, a command', () => {
  it('is a number inside the limits, a multiple of the step, and the same again', () => {
    fc.assert(
      fc.property(setup, (drawn) => {
        const { compiled, lived } = live(drawn)
        for (const { before, situation, decided } of lived) {
          for (const { value } of [...decided.commands, ...decided.states]) {
            expect(value).toBeGreaterThanOrEqual(-150)
            expect(value).toBeLessThanOrEqual(150)
            const steps = drawn.step === 0 ? 0 : value / drawn.step
            expect(Math.abs(steps - Math.round(steps))).toBeLessThan(1e-9)
          }
          // By what JSON keeps of it, too: a log can be replayed.
          const kept = JSON.parse(canonicalJson({ before, situation })) as Pick<Turned, 'before' | 'situation'>
          expect(canonicalJson(decide(compiled, kept.situation, kept.before))).toBe(canonicalJson(decided))
        }
      }),
      { numRuns: 60 },
    )
  })

  it('yields to every interlock that holds, or whose values are not known', () => {
    fc.assert(
      fc.property(setup, (drawn) => {
        for (const { situation, decided } of live(drawn).lived) {
          const { readings } = situation
          const door = !isKnown(situation, 'battery.doorOpen') || readings['battery.doorOpen']!.value! > 0
          const hot = !isKnown(situation, 'battery.cellC') || readings['battery.cellC']!.value! > 45
          const [state] = decided.states
          expect(state!.interlocks).toEqual([...(door ? ['door'] : []), ...(hot ? ['hot'] : [])])
          for (const { value } of decided.commands) {
            if (door) expect(value).toBe(0)
            if (hot) expect(Math.abs(value)).toBeLessThanOrEqual(50)
          }
        }
      }),
      { numRuns: 60 },
    )
  })

  it('changes no faster than its ramp, unless an interlock takes it there or the machine stands elsewhere', () => {
    fc.assert(
      fc.property(setup, (drawn) => {
        for (const { before, situation, decided } of live(drawn).lived) {
          const from = memoryOf(before, ref).reference
          const to = memoryOf(decided.memory, ref).reference
          if (from === null || to === null || decided.states[0]!.interlocks.length > 0) continue
          const mostKw = (drawn.rampPerMinute * Math.min(5000, situation.elapsedMs)) / 60_000
          expect(Math.abs(to - from)).toBeLessThanOrEqual(mostKw + 1e-9)
          // What is sent is that, rounded.
          for (const { value } of decided.commands) {
            expect(Math.abs(value - to)).toBeLessThanOrEqual(Math.max(1e-9, drawn.step))
          }
        }
      }),
      { numRuns: 60 },
    )
  })

  it('follows an override only between its beginning and its end, a hold before all, and no plan that is old', () => {
    fc.assert(
      fc.property(setup, (drawn) => {
        for (const { situation, decided } of live(drawn).lived) {
          const [state] = decided.states
          const { hold, overrides, plan, nowMs } = situation
          const set = overrides.some(({ untilMs }) => untilMs > nowMs)
          const old = !plan || nowMs - plan.publishedMs > 1_200_000
          expect(state!.source).toBe(hold ? 'hold' : set ? 'override' : old ? 'fallback' : 'plan')
          expect(decided.mode.kind).toBe(hold ? 'hold' : old ? 'fallback' : 'plan')
        }
      }),
      { numRuns: 60 },
    )
  })

  it('does not draw more, or supply more, than the connection has room for', () => {
    fc.assert(
      fc.property(setup, (drawn) => {
        for (const { before, situation, decided } of live(drawn).lived) {
          const from = memoryOf(before, ref).reference
          const to = memoryOf(decided.memory, ref).reference
          if (from === null || to === null || decided.states[0]!.interlocks.length > 0) continue
          const doneKw = situation.readings['battery.powerKw']!.value!
          const importKw = situation.readings['grid.powerKw']!.value! - (from - doneKw)
          const after = importKw - (to - from)
          if (to < from) expect(after).toBeLessThanOrEqual(Math.max(400, importKw) + 1e-6)
          if (to > from) expect(-after).toBeLessThanOrEqual(Math.max(300, -importKw) + 1e-6)
        }
      }),
      { numRuns: 60 },
    )
  })
})

it('law: rounding stays inside, is next to the value, and is a multiple where one is inside', () => {
  const limits = fc.tuple(fc.integer({ min: -1000, max: 1000 }), fc.integer({ min: 0, max: 500 }))
  fc.assert(
    fc.property(
      fc.double({ min: -2000, max: 2000, noNaN: true }),
      fc.constantFrom(0, 0.1, 0.25, 3, 10),
      limits,
      (value, step, [least, width]) => {
        const most = least + width
        const rounded = roundToStep(value, step, { least, most })
        expect(rounded).toBeGreaterThanOrEqual(least)
        expect(rounded).toBeLessThanOrEqual(most)
        expect(Object.is(rounded, -0)).toBe(false)
        const inside = Math.min(most, Math.max(least, value))
        expect(Math.abs(rounded - inside)).toBeLessThanOrEqual(Math.max(step, 1e-9))
        if (step > 0 && width >= step) expect(Math.abs(rounded / step - Math.round(rounded / step))).toBeLessThan(1e-9)
      },
    ),
  )
})
