import { describe, expect, it } from 'vitest'
import { chargingFigures, timeLeft } from './charging-figures.ts'
import type { Charging, Circuit, Evse, Session, Station } from './charging-queries.ts'
import { circuitBars } from './circuit-bars.ts'
import { chargersOf, evseState, groupChargers, queueOf } from './evse-state.ts'
import { powerShares } from './power-bar.ts'
import { filterSessions, paidPerKwh, sessionTotals } from './session-rows.ts'

const running = { id: 'P1/1', sinceMs: 0, energyKwh: 1, card: 'car', chargingState: null }
const evse = (more: Partial<Evse> = {}): Evse => ({
  ...{ id: 1, asset: null, status: 'available', connectors: [], running: null, grantKw: 0, phases: [1, 2, 3] },
  ...{ limit: null, plannedKw: null, energyLeftKwh: null, deadlineMs: null, why: null, drawnKw: null, askedKw: null },
  ...{ place: null, waitsFor: null, plannedFromMs: null },
  ...more,
})
const station = (evses: readonly Evse[] = [evse()], more: Partial<Station> = {}): Station => ({
  ...{ id: 'P1', gateway: 'door', connected: true, version: null, lastHeardMs: 1, admitted: 'accepted', bootedMs: 1 },
  ...{ vendor: null, model: null, firmware: null, evses: [...evses] },
  ...more,
})
const charging = (more: Partial<Charging> = {}): Charging => ({
  ...{ site: 'yard', mode: 'plan', limitKw: 0, chargersKw: 22, circuits: [], doors: [], stations: [] },
  meter: { ref: 'grid.powerKw', powerKw: -10, atMs: 0, silent: false },
  ...more,
})

describe('how a charger is', () => {
  it.each([
    ['free', evse()],
    ['charging', evse({ status: 'charging', running, grantKw: 11 })],
    ['waiting', evse({ status: 'suspended-station', running, waitsFor: 'sun' })],
    ['waiting', evse({ status: 'charging', running, grantKw: 0 })],
    ['declines', evse({ status: 'suspended-vehicle', running, grantKw: 11 })],
    ['finished', evse({ status: 'suspended-station', running, waitsFor: 'nothing' })],
    ['finished', evse({ status: 'finishing' })],
    ['plugged', evse({ status: 'preparing' })],
    ['faulted', evse({ status: 'faulted', running })],
    ['out', evse({ status: 'unavailable' })],
    ['reserved', evse({ status: 'reserved' })],
    ['unknown', evse({ status: null })],
  ] as const)('is %s', (state, one) => {
    expect(evseState(station(), one)).toBe(state)
  })

  it('is offline where the line is cut, and never called where it was never there', () => {
    expect(evseState(station([], { connected: false }), evse({ status: 'charging', running }))).toBe('offline')
    expect(evseState(station([], { connected: false, bootedMs: null, lastHeardMs: null }), evse())).toBe('never')
  })

  it('stands in one group, with its vehicle among those that have one', () => {
    const chargers = chargersOf(
      charging({
        stations: [
          station([
            evse(),
            evse({ id: 2, status: 'faulted' }),
            evse({ id: 3, status: 'charging', running, grantKw: 5 }),
          ]),
          station([evse({ status: 'charging', running })], { id: 'P2', connected: false }),
        ],
      }),
    )
    const { trouble, used, free } = groupChargers(chargers)
    const ids = (of: typeof used) => of.map(({ id }) => id)
    expect([ids(trouble), ids(used), ids(free)]).toEqual([['P1/2'], ['P1/3', 'P2'], ['P1/1']])
  })

  it('stands in the queue by its place', () => {
    const chargers = chargersOf(
      charging({ stations: [station([evse({ id: 1, place: 2 }), evse({ id: 2 }), evse({ id: 3, place: 1 })])] }),
    )
    expect(queueOf(chargers).map(({ id }) => id)).toEqual(['P1/3', 'P1/1'])
  })
})

describe('figures of charging', () => {
  it('are how many, what is drawn and granted, and how much of it would be fed in otherwise', () => {
    const stations = [
      station([
        evse({ status: 'charging', running, grantKw: 20 }),
        evse({ id: 2, running, waitsFor: 'sun' }),
        evse({ id: 3 }),
      ]),
    ]
    // Without the 22 kW of the chargers 32 kW would be fed in: all of them are of the surplus.
    const all = charging({ stations })
    const figures = chargingFigures(all, chargersOf(all))
    expect(figures).toEqual({
      ...{ charging: 1, waiting: 1, chargers: 3, drawnKw: 22, grantedKw: 20, surplusKw: 32, sunShare: 1 },
    })
    const part = charging({ meter: { ref: 'm', powerKw: 16.5, atMs: 0, silent: false } })
    expect(chargingFigures(part, []).sunShare).toBeCloseTo(0.25, 9)
  })

  it('are not made up where a meter is silent, or nothing charges', () => {
    const silent = charging({ meter: { ref: 'm', powerKw: 16.5, atMs: 0, silent: true } })
    expect(chargingFigures(silent, [])).toMatchObject({
      sunShare: undefined,
      surplusKw: undefined,
      grantedKw: undefined,
    })
    expect(chargingFigures(charging({ chargersKw: 0 }), []).sunShare).toBeUndefined()
    expect(chargingFigures(charging({ chargersKw: null }), [])).toMatchObject({
      drawnKw: undefined,
      sunShare: undefined,
    })
  })

  it('tell the time that is left, and that it is over', () => {
    expect(timeLeft(90 * 60_000, 0)).toEqual({ hours: 1, minutes: 30, late: false })
    expect(timeLeft(0, 5 * 60_000)).toEqual({ hours: 0, minutes: 5, late: true })
  })
})

describe('the bar of a charger', () => {
  it('is what is drawn within what is granted within what is asked', () => {
    expect(powerShares({ askedKw: 20, grantKw: 10, drawnKw: 5 })).toEqual({ drawn: 0.25, spared: 0.25, untold: 0 })
  })

  it('calls nothing spared where a vehicle draws what it may, and where nobody knows what it draws', () => {
    expect(powerShares({ askedKw: 11, grantKw: 11, drawnKw: 10.9 }).spared).toBe(0)
    expect(powerShares({ askedKw: 11, grantKw: 11, drawnKw: null })).toEqual({ drawn: 0, spared: 0, untold: 1 })
  })
})

describe('bars of cables', () => {
  const circuit = (more: Partial<Circuit> = {}): Circuit => ({
    ...{ id: 'grid', parent: null, limitA: [100, 100, 100], grantedA: [30, 20, 0], drawnA: [25, 20, 0] },
    otherA: [50, 50, 50],
    ...more,
  })

  it('are other loads, what is drawn, what is granted beyond, and the limit', () => {
    const [{ phases, fullness, isEven }] = circuitBars([circuit()]) as [ReturnType<typeof circuitBars>[number]]
    const [l1, , l3] = phases
    const track = 108
    expect(l1).toMatchObject({ phase: 'L1', flowA: 75, grantedA: 30, limitA: 100, fullness: 0.75 })
    expect([l1!.otherShare, l1!.drawnShare, l1!.sparedShare, l1!.limitShare]).toEqual(
      [50, 25, 5, 100].map((one) => one / track),
    )
    expect(l3).toMatchObject({ flowA: 50, drawnShare: 0, sparedShare: 0 })
    expect([fullness, isEven]).toEqual([0.75, false])
  })

  it('do not call spared what may be drawn while nobody knows', () => {
    const [{ phases }] = circuitBars([circuit({ drawnA: null })]) as [ReturnType<typeof circuitBars>[number]]
    expect([phases[0]!.sparedShare, phases[0]!.untoldShare * 108]).toEqual([0, 30])
  })

  it('show what flows through the connection, not what the sun takes off it', () => {
    const [{ phases }] = circuitBars([circuit({ otherA: [-20, -40, 0] })]) as [ReturnType<typeof circuitBars>[number]]
    // 25 A are drawn and 20 A of them come from the roof: 5 A flow.
    expect(phases[0]).toMatchObject({ flowA: 5, otherShare: 0 })
    expect(phases[0]!.drawnShare * 108).toBeCloseTo(5, 9)
    expect(phases[1]).toMatchObject({ flowA: -20, drawnShare: 0, fullness: 0 })
  })

  it('stay on their track above a limit, and say what is granted where nothing is measured', () => {
    const [over] = circuitBars([circuit({ otherA: [190, 0, 0] })])
    expect(over!.fullness).toBeCloseTo(2.15, 9)
    const { otherShare, drawnShare, sparedShare } = over!.phases[0]!
    expect(otherShare + drawnShare + sparedShare).toBeLessThanOrEqual(1)
    const [unknown] = circuitBars([circuit({ drawnA: null, otherA: null })])
    expect(unknown!.phases[0]).toMatchObject({ flowA: undefined, grantedA: 30, fullness: 0.3 })
  })

  it('stand under what they hang on, whatever their order', () => {
    const bars = circuitBars([
      circuit({ id: 'posts', parent: 'canopy' }),
      circuit({ id: 'canopy', parent: 'grid' }),
      circuit(),
      circuit({ id: 'fast', parent: 'canopy' }),
    ])
    expect(bars.map(({ id, depth }) => [id, depth])).toEqual([
      ['grid', 0],
      ['canopy', 1],
      ['posts', 2],
      ['fast', 2],
    ])
  })
})

describe('sessions', () => {
  const bill = { tariff: 'day', currency: 'CNY', lines: [], net: 10, tax: 0.6, gross: 10.6 }
  const session = (id: string, more: Partial<Session> = {}): Session => ({
    ...{ id, gateway: 'door', station: id.split('/')[0]!, evse: 1, card: 'CARD-1', startedMs: 0, endedMs: 10 },
    ...{ energyKwh: 5, reason: null, inferred: false, bill, noBill: null },
    ...more,
  })
  const sessions = [
    session('P1/1'),
    session('P2/2', { endedMs: null, bill: null, noBill: 'still-running', card: null }),
    session('P1/3', { bill: { ...bill, currency: 'EUR' }, energyKwh: null }),
  ]

  it('are found by state, charger and card', () => {
    const ids = (...of: [Parameters<typeof filterSessions>[1], string]) =>
      filterSessions(sessions, ...of).map(({ id }) => id)
    expect(ids('all', '')).toEqual(['P1/1', 'P2/2', 'P1/3'])
    expect(ids('running', '')).toEqual(['P2/2'])
    expect(ids('ended', ' p1/3')).toEqual(['P1/3'])
    expect(ids('all', 'card')).toEqual(['P1/1', 'P1/3'])
  })

  it('add up, each money by itself', () => {
    expect(sessionTotals(sessions)).toEqual({
      energyKwh: 10,
      money: [
        { currency: 'CNY', gross: 10.6 },
        { currency: 'EUR', gross: 10.6 },
      ],
    })
    expect(paidPerKwh(sessions[0]!)).toBeCloseTo(2.12, 9)
    expect(sessions.slice(1).map(paidPerKwh)).toEqual([undefined, undefined])
  })
})
