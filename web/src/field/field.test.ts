import { describe, expect, it } from 'vitest'
import { commandRows } from './command-rows.ts'
import type { LogLine } from './field-queries.ts'
import { linkState, ratePerS, setpointState } from './link-state.ts'

describe('a link', () => {
  const link = { state: 'connected', sinceMs: 0, lastHeardMs: 100_000 } as const

  it('that is open and brings nothing for a minute is silent, not good', () => {
    expect(linkState(link, 160_000)).toEqual({ word: 'connected', tone: 'good' })
    expect(linkState(link, 160_001)).toEqual({ word: 'silent', tone: 'warning' })
    expect(linkState({ ...link, lastHeardMs: null }, 60_001).word).toBe('silent')
  })

  it('that was opened anew a moment ago may still be quiet', () => {
    expect(linkState({ ...link, sinceMs: 198_000 }, 200_000).tone).toBe('good')
    expect(linkState({ ...link, sinceMs: 194_000 }, 200_000).word).toBe('silent')
  })

  it('that is not there is an alarm in whatever state of trying', () => {
    expect(linkState({ ...link, state: 'waiting' }, 0)).toEqual({ word: 'waiting', tone: 'alarm' })
    expect(linkState({ ...link, state: 'connecting' }, 0).tone).toBe('advisory')
  })

  it('has a rate over two answers, and none where the server started anew', () => {
    const at = (readings: number, askedMs: number) => ({ readings, askedMs })
    expect(ratePerS(at(10, 1000), at(40, 11_000))).toBe(3)
    expect(ratePerS(at(10, 1000), at(10, 1000))).toBeUndefined()
    expect(ratePerS(at(10, 1000), at(4, 2000))).toBeUndefined()
    expect(ratePerS(undefined, at(4, 2000))).toBeUndefined()
  })
})

describe('a setpoint', () => {
  const sound = { gateway: 'plc', failures: 0, mismatch: false, source: 'plan', interlocks: [] } as const

  it('is told by the worst that can be said of it', () => {
    const word = (more: Partial<Parameters<typeof setpointState>[0]>) => setpointState({ ...sound, ...more }).word
    expect(word({})).toBe('plan')
    expect(word({ interlocks: ['empty'] })).toBe('interlock')
    expect(word({ source: 'override', interlocks: ['empty'] })).toBe('override')
    expect(word({ source: 'override', mismatch: true })).toBe('mismatch')
    expect(word({ failures: 2, mismatch: true })).toBe('unreached')
    expect(word({ gateway: null, failures: 2 })).toBe('no-gateway')
    expect(word({ source: null, gateway: null })).toBe('undecided')
  })
})

describe('the log', () => {
  let sequence = 0
  const line = (kind: string, atMs: number, body: object): LogLine => ({
    sequence: ++sequence,
    body: { kind, atMs, ...body },
  })
  const snapshot = (atMs: number, more = {}) =>
    line('snapshot', atMs, { overrides: [], hold: null, memory: { mode: { kind: 'plan' } }, ...more })
  const decision = (atMs: number, mode: string, commands: readonly object[] = []) =>
    line('decision', atMs, { mode: { kind: mode }, commands })
  const command = { ref: 'battery.setpointKw', value: 5, unit: 'kW', source: 'plan', why: [] }

  it('has each command with its own end, the newest first', () => {
    const rows = commandRows([
      snapshot(0),
      decision(10, 'plan', [command]),
      line('acknowledgement', 12, { ref: command.ref, value: 5, sentMs: 10, outcome: 'done', readBack: 5 }),
      decision(20, 'plan', [command]),
    ])
    expect(rows).toMatchObject([
      { kind: 'command', atMs: 20 },
      { kind: 'command', atMs: 10, ended: { atMs: 12, outcome: 'done', readBack: 5 } },
    ])
    expect(rows[0]).not.toHaveProperty('ended')
  })

  it('tells tries that failed alike in one row, the newest, until something else happens', () => {
    const failed = (sentMs: number, problem = 'no link') =>
      line('acknowledgement', sentMs + 1, { ref: command.ref, value: 5, sentMs, outcome: 'failed', problem })
    const rows = commandRows([
      snapshot(0),
      ...[10, 20, 30].flatMap((atMs) => [decision(atMs, 'plan', [command]), failed(atMs)]),
      ...[decision(40, 'plan', [command]), failed(40, 'refused')],
      ...[decision(50, 'fallback', [command]), failed(50, 'refused')],
    ])
    expect(rows.map((row) => [row.kind, row.atMs, row.kind === 'command' ? row.tries : undefined])).toEqual([
      ['command', 50, undefined],
      ['mode', 50, undefined],
      ['command', 40, undefined],
      ['command', 30, { count: 3, sinceMs: 10 }],
    ])
  })

  it('tells when the plan is left and followed again, and not that it goes on', () => {
    const rows = commandRows([
      snapshot(0),
      decision(1, 'plan'),
      decision(2, 'fallback'),
      decision(3, 'fallback'),
      decision(4, 'plan'),
    ])
    expect(rows.map((row) => [row.atMs, row.kind === 'mode' && row.mode])).toEqual([
      [4, 'plan'],
      [2, 'fallback'],
    ])
  })

  it('tells what operators asked for once, also across a snapshot', () => {
    const byHand = { ref: 'battery.setpointKw', value: 7, reason: 'test', by: 'm.rivera', untilMs: 99 }
    const hold = { by: 'm.rivera', reason: 'work' }
    const rows = commandRows([
      snapshot(0),
      line('orders', 1, { overrides: [byHand], hold: null }),
      snapshot(2, { overrides: [byHand] }),
      line('orders', 3, { overrides: [byHand], hold }),
      line('orders', 4, { overrides: [byHand], hold: null }),
    ])
    expect(rows.map(({ kind, atMs }) => [kind, atMs])).toEqual([
      ['release', 4],
      ['hold', 3],
      ['by-hand', 1],
    ])
  })
})
