import { describe, expect, it } from 'vitest'
import { quality } from '../../kernel/index.ts'
import {
  dawnMs,
  hours,
  planOf,
  reading,
  rigOf,
  rulesOf,
  siteOf,
  unitsOf,
  usualCommands,
  yardText,
} from '../commands.fixture.ts'
import { readCommands } from '../rules/read-rules.ts'
import { memoryOf } from './memory.ts'

const noonMs = dawnMs + 12 * 3_600_000
const codesOf = (why: readonly { readonly code: string }[]): readonly string[] => why.map(({ code }) => code)
const planned = (powerKw: number) => ({ ...planOf({ 'battery.powerKw': hours(powerKw) }), publishedMs: noonMs })

describe('a setpoint', () => {
  it('follows the plan by its ramp, in steps, and says so', () => {
    const rig = rigOf()
    rig.plan = planned(100.4)
    const first = rig.turn()
    // 600 kW a minute are 10 kW a second.
    expect(rig.powerKw).toBe(10)
    expect(codesOf(first.commands[0]!.why)).toEqual(['commands.plan', 'commands.begins', 'commands.ramp'])
    rig.turn(9)
    expect(rig.powerKw).toBe(100)
    const settled = rig.turn(60)
    expect(settled.commands).toEqual([])
    expect(settled.states[0]).toMatchObject({ source: 'plan', value: 100, mismatch: false })
    expect(rig.sent).toHaveLength(10)
  })

  it('is held inside its limits, and inside what the connection has room for', () => {
    const rig = rigOf()
    rig.plan = planned(-400)
    // 40 kW more may be imported.
    rig.readings = { 'grid.powerKw': reading(360, noonMs) }
    for (let second = 1; second <= 30; second += 1) {
      rig.readings = { 'grid.powerKw': reading(360 - rig.powerKw, rig.nowMs + 1000) }
      rig.turn()
    }
    expect(rig.powerKw).toBe(-40)
    const state = rig.turn().states[0]!
    expect(codesOf(state.why)).toEqual(['commands.plan', 'commands.limit', 'commands.import-limit'])
    rig.readings = {}
    rig.turn(30)
    expect(rig.powerKw).toBe(-150)
  })

  it('of what draws counts what it draws; of a source that the plan leaves alone it is the most', () => {
    const text = `
setpoints:
  works: { point: works.powerKw, least: 0, most: 200, fallback: [{ from: "00:00", value: 100 }] }
  roof: { point: roof.limitKw, least: 0, most: 300, fallback: [{ from: "00:00", value: 0 }] }`
    const site = siteOf(yardText(text))
    const rig = rigOf(readCommands(site, unitsOf(site)).rules!)
    rig.plan = {
      ...planOf({
        'works.powerKw': hours(120),
        'works.demandKw': hours(150),
        'roof.powerKw': hours(100),
        'roof.availableKw': hours(100),
      }),
      publishedMs: noonMs,
    }
    expect(rig.turn().states.map(({ value }) => value)).toEqual([120, 300])
    rig.plan = { ...planOf({ 'roof.powerKw': hours(60), 'roof.availableKw': hours(100) }), publishedMs: noonMs }
    const [works, roof] = rig.turn(2).states
    expect([works?.value, codesOf(works!.why)]).toEqual([100, ['commands.plan-silent', 'commands.fallback']])
    expect(roof?.value).toBe(60)
  })
})

describe('the watchdog', () => {
  it('takes the safe schedule where there is no plan that can be followed, and says why', () => {
    const rig = rigOf()
    const why = () => codesOf(rig.turn().causes)
    expect(why()).toEqual(['commands.no-plan'])
    rig.plan = { ...planOf({ 'battery.powerKw': hours(50) }, dawnMs, false), publishedMs: noonMs }
    expect(why()).toEqual(['commands.plan-unproven'])
    rig.plan = { ...planOf({ 'battery.powerKw': hours(50) }, dawnMs - 86_400_000), publishedMs: noonMs }
    expect(why()).toEqual(['commands.plan-over'])
    rig.plan = { ...planOf({ 'battery.powerKw': hours(50) }, dawnMs + 86_400_000), publishedMs: noonMs }
    expect(why()).toEqual(['commands.plan-ahead'])
    rig.plan = planned(50)
    rig.readings = { 'grid.powerKw': reading(null, noonMs) }
    expect(why()).toEqual(['commands.input-stale'])
    rig.readings = {}
    expect(why()).toEqual([])
  })

  it('falls back when the controller is silent, by the clock of the site, and comes back without a jump', () => {
    const rig = rigOf()
    rig.plan = planned(120)
    rig.turn(20)
    expect(rig.powerKw).toBe(120)
    rig.nowMs = noonMs + 20 * 60_000
    const silent = rig.turn()
    expect(silent.mode).toMatchObject({ kind: 'fallback', causes: ['commands.plan-old'] })
    const { sinceMs } = silent.mode
    rig.turn(30)
    expect(rig.powerKw).toBe(0)
    expect(rig.turn().mode.sinceMs).toBe(sinceMs)
    rig.nowMs = dawnMs + 23 * 3_600_000
    rig.turn(10)
    expect(rig.powerKw).toBe(-40)
    rig.plan = { ...rig.plan, publishedMs: rig.nowMs }
    const before = rig.sent.length
    expect(rig.turn().mode.kind).toBe('plan')
    rig.turn(30)
    expect(rig.powerKw).toBe(120)
    const steps = [-40, ...rig.sent.slice(before).map(({ value }) => value)]
    expect(Math.max(...steps.slice(1).map((value, k) => value - steps[k]!))).toBeLessThanOrEqual(11)
  })
})

describe('operators', () => {
  it('set a value until its end, after which the plan is followed again', () => {
    const rig = rigOf()
    rig.plan = planned(50)
    rig.turn(10)
    const untilMs = rig.nowMs + 60_000
    rig.overrides = [
      { ref: 'battery.targetKw', value: -20, reason: 'capacity test', by: 'm.rivera', fromMs: rig.nowMs, untilMs },
    ]
    rig.turn(20)
    expect(rig.powerKw).toBe(-20)
    expect(rig.turn().states[0]).toMatchObject({ source: 'override', wanted: -20 })
    // No plan is needed for it.
    rig.plan = null
    expect(rig.turn().states[0]?.source).toBe('override')
    rig.plan = planned(50)
    while (rig.nowMs < untilMs - 1000) rig.turn()
    expect(rig.turn().states[0]?.source).toBe('plan')
    rig.turn(20)
    expect(rig.powerKw).toBe(50)
  })

  it('hold everything: also what was set by hand goes to the safe schedule', () => {
    const rig = rigOf()
    rig.plan = planned(50)
    rig.overrides = [{ ref: 'battery.targetKw', value: 80, reason: 'test', by: 'm.rivera', fromMs: 0, untilMs: 1e15 }]
    rig.turn(20)
    expect(rig.powerKw).toBe(80)
    rig.hold = { reason: 'work at the switchgear', by: 'm.rivera', sinceMs: rig.nowMs }
    rig.turn(20)
    expect(rig.powerKw).toBe(0)
    expect(codesOf(rig.turn().states[0]!.why)).toEqual(['commands.hold', 'commands.fallback'])
  })
})

describe('an interlock', () => {
  it('wins at once, over ramp, deadband and override', () => {
    const rig = rigOf()
    rig.overrides = [{ ref: 'battery.targetKw', value: 100, reason: 'test', by: 'm.rivera', fromMs: 0, untilMs: 1e15 }]
    rig.turn(20)
    rig.readings = { 'battery.doorOpen': reading(1, rig.nowMs) }
    const open = rig.turn()
    expect(open.commands[0]).toMatchObject({ value: 0, source: 'override' })
    expect(codesOf(open.commands[0]!.why)).toContain('commands.interlock')
    rig.readings = {}
    rig.turn()
    // It goes on from where it stands.
    expect(rig.powerKw).toBe(10)
    rig.turn(20)
    rig.readings = { 'battery.cellC': reading(46, rig.nowMs) }
    rig.turn()
    expect(rig.powerKw).toBe(50)
  })

  it.each([
    ['old', reading(0, noonMs - 60_000)],
    ['missing', reading(null, noonMs)],
    ['doubtful', reading(0, noonMs, quality.suspect)],
    ['ahead of the clock', reading(0, noonMs + 60_000)],
  ])('counts as holding where what it looks at is %s', (_, told) => {
    const rig = rigOf()
    rig.plan = planned(100)
    rig.turn(20)
    rig.nowMs = noonMs
    rig.readings = { 'battery.doorOpen': told }
    const decided = rig.turn()
    expect(decided.commands[0]?.value).toBe(0)
    expect(codesOf(decided.states[0]!.why)).toContain('commands.interlock-unknown')
    expect(decided.states[0]?.interlocks).toEqual(['door'])
  })

  it('looks at computed points, and not further than at what they are made of', () => {
    const rig = rigOf(rulesOf(usualCommands.replace('battery.doorOpen > 0', 'roof.otherKw > 100 kW')))
    rig.plan = planned(100)
    rig.turn(4)
    expect(rig.powerKw).toBe(40)
    rig.turn(2)
    // 50 kW of the connection and 60 kW of the battery are more than 100.
    expect(rig.sent.map(({ value }) => value)).toEqual([10, 20, 30, 40, 50, 60])
    rig.turn()
    expect(rig.powerKw).toBe(0)
  })
})

describe('a machine that does not follow', () => {
  it('is a mismatch after its time, and none any more once it follows', () => {
    const rig = rigOf()
    rig.plan = planned(50)
    rig.turn(10)
    rig.stuck = true
    rig.powerKw = 20
    expect(rig.turn(9).states[0]?.mismatch).toBe(false)
    const off = rig.turn(2)
    expect(off.states[0]?.mismatch).toBe(true)
    expect(codesOf(off.states[0]!.why)).toContain('commands.mismatch')
    // Nothing that is not known ends it.
    rig.readings = { 'battery.powerKw': reading(50, noonMs - 1e6) }
    expect(rig.turn().states[0]?.mismatch).toBe(true)
    rig.readings = {}
    rig.powerKw = 47
    expect(rig.turn().states[0]?.mismatch).toBe(false)
  })

  it('may lag behind a ramp', () => {
    const rig = rigOf()
    rig.plan = planned(150)
    rig.stuck = true
    for (let second = 1; second <= 40; second += 1) {
      const lagged = rig.sent.findLast(({ atMs }) => atMs <= rig.nowMs - 6000)
      rig.powerKw = lagged?.value ?? 0
      expect(rig.turn().states[0]?.mismatch).toBe(false)
    }
    expect(rig.powerKw).toBe(150)
  })

  it('and one that cannot be reached is tried ever more seldom, and gone on with from where it stands', () => {
    const rig = rigOf()
    rig.plan = planned(100)
    rig.turn(5)
    expect(rig.powerKw).toBe(50)
    rig.refuses = true
    rig.turn(300)
    const tries = rig.sent.slice(5)
    expect(tries.length).toBeGreaterThan(5)
    expect(tries.length).toBeLessThan(12)
    // Never further than one step of the ramp, however long it takes.
    expect(Math.max(...tries.map(({ value }) => value))).toBe(60)
    expect(memoryOf(rig.memory, 'battery.targetKw').confirmed?.value).toBe(50)
    expect(codesOf(rig.turn().states[0]!.why)).toContain('commands.write-failed')
    rig.refuses = false
    rig.turn(61)
    expect(rig.sent.slice(5 + tries.length)[0]?.value).toBe(60)
    rig.turn(10)
    expect(rig.powerKw).toBe(100)
  })
})

it('a change within the deadband is not sent; what is to be repeated is', () => {
  const rig = rigOf(rulesOf(usualCommands.replace('deadband: 2 kW', 'deadband: 2 kW\n    repeat: 30s')))
  rig.plan = planned(50)
  rig.turn(10)
  const sent = rig.sent.length
  rig.plan = planned(52)
  rig.turn(10)
  expect(rig.sent).toHaveLength(sent)
  rig.plan = planned(53)
  rig.turn(1)
  expect(rig.sent).toHaveLength(sent + 1)
  rig.turn(90)
  expect(rig.sent).toHaveLength(sent + 4)
})
