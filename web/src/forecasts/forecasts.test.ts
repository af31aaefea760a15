import { describe, expect, it } from 'vitest'
import { comparedSpec } from './compared-spec.ts'
import type { Compared, Lead, Quantity } from './forecast-queries.ts'
import { heatMapOf } from './heat-rows.ts'
import { verdictOf } from './quality-verdict.ts'

type Hour = Lead['hours'][number]
/** Hours with a mean error and level by the hour. */
const hoursOf = (bias: (hour: number) => number | null, level: (hour: number) => number = () => 100): Hour[] =>
  Array.from({ length: 24 }, (_, hour) => {
    const own = bias(hour)
    const known = own !== null
    return {
      hour,
      pairs: known ? 4 : 1,
      bias: own,
      mae: known ? Math.abs(own) : null,
      level: known ? level(hour) : null,
    }
  })
const judged = (hours: Hour[], more: Partial<Lead> = {}) => verdictOf({ pairs: 96, mae: 3, nmae: 0.03, hours, ...more })

describe('what is said of forecasts', () => {
  it('names the part of the day that is off most to one side', () => {
    expect(judged(hoursOf((hour) => (hour >= 12 && hour < 18 ? -4 : 1)))).toEqual({
      ...{ kind: 'low', part: 'afternoon', share: 0.04 },
    })
    expect(judged(hoursOf((hour) => (hour < 6 ? 30 : -20)))).toMatchObject({ kind: 'high', part: 'night' })
    expect(judged(hoursOf((hour) => (hour >= 18 ? 2.5 : 0)))).toMatchObject({ kind: 'high', part: 'evening' })
  })

  it('says that both sides are alike where no part stands out', () => {
    expect(judged(hoursOf((hour) => (hour % 2 === 0 ? 10 : -10)))).toEqual({ kind: 'even', share: 0.03 })
    expect(
      judged(
        hoursOf(() => 0.1),
        { nmae: null },
      ),
    ).toEqual({ kind: 'even', share: undefined })
  })

  it('takes nothing from a part of the day in which there is almost nothing, or too little is known', () => {
    // At night the sun gives a kilowatt where none was foreseen: no word of it.
    const sun = hoursOf(
      (hour) => (hour < 6 ? -1 : 0),
      (hour) => (hour >= 6 && hour < 18 ? 500 : 1),
    )
    expect(judged(sun).kind).toBe('even')
    expect(judged(hoursOf((hour) => (hour === 3 ? -50 : hour < 6 ? null : 0))).kind).toBe('even')
  })

  it('is no judgement where there are too few pairs, and exact where nothing was off', () => {
    expect(judged([], { pairs: 3, mae: null })).toEqual({ kind: 'tooFew', pairs: 3 })
    expect(
      judged(
        hoursOf(() => 0),
        { mae: 0 },
      ),
    ).toEqual({ kind: 'exact' })
  })
})

const quantity = (leads: readonly Partial<Lead>[] = []): Quantity => ({
  ...{ ref: 'roof.availableKw', asset: 'roof', assetKind: 'pv', title: 'Roof', what: 'available', unit: 'kW' },
  leads: leads as Lead[],
})

describe('the heat map', () => {
  it('goes from the largest error of either sign to its opposite, and leaves open what is not known', () => {
    const { rows, most } = heatMapOf(
      quantity([{ leadHours: 1, hours: hoursOf((hour) => (hour === 8 ? -40 : hour === 9 ? 10 : null)) }]),
    )
    expect(most).toBe(40)
    const cells = rows[0]!.cells
    expect(cells[8]).toEqual({ hour: 8, bias: -40, share: 1, side: 'low' })
    expect(cells[9]).toEqual({ hour: 9, bias: 10, share: 0.25, side: 'high' })
    expect(cells[10]).toEqual({ hour: 10, bias: null, share: 0, side: 'unknown' })
    expect(heatMapOf(quantity([{ leadHours: 1, hours: hoursOf(() => 0) }])).rows[0]!.cells[0]!.share).toBe(0)
  })
})

describe('the chart of what was foreseen and measured', () => {
  const words = { measured: 'Measured', foreseen: 'Foreseen', low: 'From', high: 'To' }
  const compared = (more: Partial<Compared> = {}): Compared => ({
    ...{ ref: 'roof.availableKw', leadHours: 1, timestampsMs: [0, 900, 1800, 2700] },
    ...{ foreseen: [null, null, 3, 4], measured: [null, 2, null, 5] },
    ...{ low: [null, null, null, null], high: [null, null, null, null] },
    ...more,
  })
  const spec = (of: Compared) => comparedSpec(quantity(), of, { words, stepMs: 900 })

  it('begins where something is known, keeps gaps, and has the colour of its family', () => {
    const { timestampsMs, lines } = spec(compared())!
    expect(timestampsMs).toEqual([900, 1800, 2700, 3600])
    expect(lines.map(({ label, token, values }) => [label, token, values])).toEqual([
      ['Measured', 'solar', [2, null, 5]],
      ['Foreseen', 'accent', [null, 3, 4]],
    ])
  })

  it('has its band where one was told, and nothing where nothing was', () => {
    expect(
      spec(compared({ low: [null, null, 2, 3], high: [null, null, 4, 5] }))!.lines.map(({ label }) => label),
    ).toEqual([...['Measured', 'From', 'To', 'Foreseen']])
    const nothing = [null, null, null, null]
    expect(spec(compared({ foreseen: nothing, measured: nothing }))).toBeUndefined()
  })
})
