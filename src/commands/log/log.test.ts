import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dawnMs, hours, planOf, reading, rulesOf } from '../commands.fixture.ts'
import { emptyMemory, memoryOf } from '../decide/memory.ts'
import { type ChainHead, chainStart, seal, verifyChain } from './chain.ts'
import { applyLine, decideFrom, type LogState, plansIn, snapshotOf } from './fold.ts'
import type { DecisionBody, LogBody, LogLine } from './log-line.ts'
import { quarterHourMs, quarterOf, replayQuarter } from './replay.ts'

const noonMs = dawnMs + 12 * 3_600_000
const plan = { ...planOf({ 'battery.powerKw': hours(0).map((_, hour) => 40 * Math.sin(hour)) }), publishedMs: noonMs }
const { output, ...ref } = plan
const plans = new Map([[ref.evidence, output]])

/** Lives `minutes` of a yard that does as it is told, as the server does, and returns its log. */
function logOf(minutes: number): readonly LogLine[] {
  const rules = rulesOf()
  const lines: LogLine[] = []
  let head: ChainHead = chainStart
  let state: LogState = {
    ...{ rules, nowhere: [], plan: null, readings: {}, overrides: [], hold: null },
    memory: emptyMemory(rules),
  }
  const write = (body: LogBody): void => {
    const line = seal(head, body)
    head = line
    lines.push(JSON.parse(JSON.stringify(line)) as LogLine)
    state = applyLine(state, body, plans)
  }
  let powerKw = 0
  let quarter = 0
  for (let nowMs = noonMs + 60_000; nowMs < noonMs + 60_000 * (minutes + 1); nowMs += 1000) {
    if (quarterOf(nowMs) !== quarter) {
      quarter = quarterOf(nowMs)
      write(snapshotOf(state, nowMs))
    }
    const second = (nowMs - noonMs) / 1000
    if (second === 90) write({ kind: 'plan', atMs: nowMs, plan: ref })
    if (second === 500) {
      const order = {
        ref: 'battery.targetKw',
        value: 90,
        reason: 'test',
        by: 'm.rivera',
        fromMs: nowMs,
        untilMs: nowMs + 60_000,
      }
      write({ kind: 'orders', atMs: nowMs, overrides: [order], hold: null })
    }
    const readings = {
      'grid.powerKw': reading(60 + (second % 7), nowMs),
      'battery.powerKw': reading(powerKw + 0.1 * (second % 3), nowMs),
      'battery.doorOpen': reading(second > 1000 && second < 1010 ? 1 : 0, nowMs),
      'battery.cellC': reading(25, nowMs),
    }
    const { body } = decideFrom(state, { atMs: nowMs, elapsedMs: 1000, readings }, plans)
    if (!body) continue
    write(body)
    for (const { value, ref: point } of body.commands) {
      powerKw = value
      write({
        kind: 'acknowledgement',
        sentMs: nowMs,
        atMs: nowMs,
        ref: point,
        value,
        outcome: 'done',
        readBack: value,
      })
    }
  }
  return lines
}

const lines = logOf(45)

describe('the log of commands', () => {
  it('holds what decisions stand on, and only decisions by which something changed', () => {
    const kinds = lines.map(({ body }) => body.kind)
    expect(kinds.filter((kind) => kind === 'snapshot')).toHaveLength(4)
    const decisions = kinds.filter((kind) => kind === 'decision').length
    expect(decisions).toBeGreaterThan(20)
    // Most of 2700 turns are quiet.
    expect(decisions).toBeLessThan(200)
    expect(plansIn(lines.map(({ body }) => body))).toEqual([ref])
  })

  it('is whole, and a page of it too', () => {
    expect(verifyChain(lines)).toMatchObject({ ok: true, lines: lines.length, faults: [] })
    const [before] = lines.slice(9)
    expect(verifyChain(lines.slice(10, 40), before).ok).toBe(true)
  })

  it('law: whatever is changed, left out, doubled, moved or put between is found', () => {
    const at = fc.integer({ min: 0, max: lines.length - 2 })
    const change = fc.constantFrom('value', 'time', 'leave out', 'double', 'swap', 'forge')
    fc.assert(
      fc.property(at, change, (place, how) => {
        const line = lines[place]!
        const forged = { ...line.body, atMs: line.body.atMs + 1 } as LogBody
        const tampered = {
          value: [{ ...line, body: { ...line.body, hidden: 1 } as never }],
          time: [{ ...line, body: forged }],
          'leave out': [],
          double: [line, line],
          swap: [lines[place + 1]!, line],
          // With a hash that fits: the line after it does not.
          forge: [seal(place === 0 ? chainStart : lines[place - 1]!, forged)],
        }[how]!
        const rest = lines.slice(place + (how === 'swap' ? 2 : 1))
        const check = verifyChain([...lines.slice(0, place), ...tampered, ...rest])
        expect(check.ok).toBe(false)
        expect(check.faults[0]!.sequence).toBeLessThanOrEqual(place + 3)
      }),
      { numRuns: 60 },
    )
  })

  it('bears a line of a node that wrote beside another', () => {
    const place = 20
    const orphan = seal(lines[place - 1]!, { kind: 'plan', atMs: noonMs, plan: null })
    const next = seal({ sequence: lines[place]!.sequence + 1, sha256: orphan.sha256 }, lines[place + 1]!.body)
    const check = verifyChain([...lines.slice(0, place + 1), orphan, next])
    expect(check).toMatchObject({ ok: true, raced: 1, head: { sequence: next.sequence } })
  })

  it('gives each of its quarters of an hour again, to the byte', () => {
    let decisions = 0
    for (let quarter = noonMs; quarter < noonMs + 3 * quarterHourMs; quarter += quarterHourMs) {
      const from = lines.findLastIndex(
        ({ body }) => body.kind === 'snapshot' && body.atMs <= Math.max(quarter, noonMs + 60_000),
      )
      const replay = replayQuarter(quarter, lines.slice(from), plans)
      expect(replay).toMatchObject({ identical: true, deviations: [] })
      decisions += replay.decisions.length
    }
    expect(decisions).toBe(
      lines.filter(({ body }) => body.kind === 'decision' && body.atMs < noonMs + 3 * quarterHourMs).length,
    )
  })

  it('shows a command that was never decided', () => {
    const place = lines.findIndex(({ body }) => body.kind === 'decision' && body.commands.length > 0)
    const line = lines[place] as LogLine & {
      readonly body: { readonly kind: 'decision'; readonly commands: readonly object[] }
    }
    const other = { ...line, body: { ...line.body, commands: [{ ...line.body.commands[0], value: 149 }] } } as LogLine
    const replay = replayQuarter(
      quarterOf(line.body.atMs),
      [...lines.slice(0, place), other, ...lines.slice(place + 1)],
      plans,
    )
    expect(replay.identical).toBe(false)
    expect(replay.deviations[0]).toMatchObject({ sequence: line.sequence, was: [{ value: 149 }] })
  })

  it('tells of nothing where nothing was logged, and of a plan whose evidence is gone', () => {
    expect(() => replayQuarter(noonMs, [], plans)).toThrow(/commands.nothing-logged/)
    expect(() => replayQuarter(noonMs, lines, new Map())).toThrow(/commands.broken-log/)
    expect(() => replayQuarter(noonMs, lines.slice(1), plans)).toThrow(/commands.broken-log/)
  })

  it('leaves the machine where it is told that a command did not get there', () => {
    const upTo = lines.findIndex(({ body }) => body.kind === 'acknowledgement')
    const state = lines
      .slice(0, upTo)
      .reduce<LogState | undefined>((now, { body }) => applyLine(now, body, plans), undefined)!
    const { ref: point, value } = (lines[upTo - 1]!.body as DecisionBody).commands[0]!
    const lost = {
      kind: 'acknowledgement',
      sentMs: lines[upTo - 1]!.body.atMs,
      atMs: noonMs,
      ref: point,
      value,
      outcome: 'unknown',
    } as const
    expect(memoryOf(applyLine(state, lost, plans).memory, point)).toMatchObject({
      sent: null,
      confirmed: null,
      failures: 1,
    })
  })
})
