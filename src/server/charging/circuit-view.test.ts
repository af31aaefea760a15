import { describe, expect, it } from 'vitest'
import type { PreparedSite } from '../../gateway/index.ts'
import { waitOf } from './charger-view.ts'
import { circuitViews } from './circuit-view.ts'
import { plannedFromMs } from './planned-parts.ts'

const wired = { minA: 6, maxA: 32 }
/** `posts` hangs on `grid`; a cell is circuit × 3 + phase. */
const site: PreparedSite = {
  circuits: [
    { id: 'grid', limitA: [400, 400, 400] },
    { id: 'posts', parent: 'grid', limitA: [100, 80, 100] },
  ],
  chargers: [
    { id: 'three', circuit: 'posts', phases: [0, 1, 2], ...wired },
    { id: 'two', circuit: 'posts', phases: [1], ...wired },
    { id: 'switched', circuit: 'grid', phases: [0, 1, 2], ...wired },
  ],
  cells: [
    [3, 4, 5, 0, 1, 2],
    [4, 1],
    [0, 1, 2],
  ].map((cells) => Int32Array.from(cells)),
  limitA: Float64Array.of(400, 400, 400, 100, 80, 100),
  otherLoads: Uint8Array.of(1, 1, 1, 0, 0, 0),
  root: 0,
}
const moment = {
  ...{ voltageV: 230, meterKw: 69 },
  aloneOf: (number: number) => (number === 2 ? 0 : -1),
  grantA: [20, 10, 16],
  drawnKw: [13.8, 2.3, 3.68],
}

const near = (amperes: readonly number[] | undefined) => amperes?.map((ampere) => Math.round(ampere * 1e6) / 1e6)

describe('circuits of a site that shares', () => {
  it('carry what their chargers draw and are granted, phase by phase, and what else there is', () => {
    const [grid, posts] = circuitViews(site, moment)
    expect(posts).toMatchObject({ id: 'posts', parent: 'grid', limitA: [100, 80, 100], grantedA: [20, 30, 20] })
    expect(near(posts!.drawnA)).toEqual([20, 30, 20])
    expect(posts!.otherA).toBeUndefined()
    expect(grid!.grantedA).toEqual([36, 30, 20])
    expect(near(grid!.otherA)).toEqual([64, 70, 80])
  })

  it('say nothing of what nobody measured', () => {
    const [grid] = circuitViews(site, { ...moment, meterKw: undefined })
    expect(grid).toMatchObject({ otherA: undefined, grantedA: [36, 30, 20] })
    const [, posts] = circuitViews(site, { ...moment, drawnKw: [undefined, 2.3, 3.68] })
    expect(posts!.drawnA).toBeUndefined()
    // Who may draw nothing draws nothing.
    const [, idle] = circuitViews(site, { ...moment, grantA: [0, 10, 16], drawnKw: [undefined, 2.3, 3.68] })
    expect(near(idle!.drawnA)).toEqual([0, 10, 0])
  })
})

describe('what a vehicle waits for', () => {
  const vehicle = { energyLeftKwh: 10, departureMs: 0, arrivalMs: 0 }
  const waiting = {
    charger: { ...site.chargers[0]!, stationId: 'P1', evseId: 1, unit: 'A' as const, owner: undefined },
    ...{ mode: 'plan' as const, charges: true, reachable: true, vehicle, grantA: 0, must: false },
    ...{ place: 1, plannedFromMs: undefined },
  }
  it.each([
    ['line', { reachable: false }],
    ['nothing', { vehicle: undefined }],
    ['meter', { mode: 'fallback' as const }],
    ['room', { must: true }],
    ['room', { vehicle: { ...vehicle, plannedA: 8 } }],
    ['plan', { vehicle: { ...vehicle, plannedA: 0 } }],
    ['sun', {}],
    [undefined, { grantA: 6 }],
    [undefined, { charges: false }],
  ] as const)('is %s', (wait, more) => {
    expect(waitOf({ ...waiting, ...more })).toBe(wait)
  })

  it('comes when the plan gives it something', () => {
    const output = { startMs: 0, stepMinutes: 15, series: { 'ev.powerKw.car': [5, 0, 0, 3, 0] } }
    const at = (minute: number) => plannedFromMs({ output }, 'ev.powerKw.car', minute * 60_000)
    expect([at(0), at(15), at(40), at(50), at(61)]).toEqual([undefined, 2_700_000, 2_700_000, undefined, undefined])
    expect(plannedFromMs({ output }, 'ev.powerKw.other', 0)).toBeUndefined()
  })
})
