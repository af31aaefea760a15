import { describe, expect, it } from 'vitest'
import { isoTime } from '../format/iso-time.ts'
import { csvOf, fileNameOf, tableOfSpec } from './chart-table.ts'
import { roundTimes, roundValues } from './scales.ts'
import type { ChartSpec } from './spec.ts'
import { tableOfDiagram } from './table-of-diagram.ts'
import { writeChartSvg } from './write-chart-svg.ts'

const hourMs = 3_600_000
const startMs = Date.UTC(2026, 6, 5, 16)
const zone = 'Asia/Shanghai'
const spec: ChartSpec = {
  timestampsMs: [0, 1, 2, 3].map((hour) => startMs + hour * hourMs),
  unit: 'kW',
  rightUnit: 'CNY/kWh',
  heightPx: 100,
  planFromMs: startMs + 2 * hourMs,
  lines: [
    { label: 'Solar', token: 'solar', shape: 'area', values: [10, 20, 30] },
    { label: 'Wind', token: 'wind', shape: 'area', values: [15, 20, 90] },
    { label: 'Charging', token: 'battery', shape: 'area', values: [0, -5, 0] },
    { label: 'Export', token: 'grid', shape: 'area', values: [-1, -7, 0] },
    { label: '=Use <b>', token: 'ink', shape: 'line', values: [12, null, 9] },
    { label: 'Price', token: 'ink-soft', shape: 'line', axis: 'right', values: [0.5, 0.25, 1 / 3] },
  ],
}

describe('the table of a chart', () => {
  const table = tableOfSpec(spec, 'Time')

  it('gives each part of a stack alone, above and below zero', () => {
    expect(table.rows.map((row) => row.slice(1, 5))).toEqual([
      [10, 5, 0, -1],
      [20, 0, -5, -2],
      [30, 60, 0, 0],
    ])
  })

  it('knows the unit of each column, and that a gap is a gap', () => {
    expect(table.columns.map(({ unit }) => unit)).toEqual([undefined, 'kW', 'kW', 'kW', 'kW', 'kW', 'CNY/kWh'])
    expect(table.rows[1]?.[5]).toBeNull()
  })

  it('takes the own values of a line where it has some', () => {
    const band = { label: 'Band', token: 'ink', shape: 'area', values: [5, 6, 7], own: [1, 2, 3] } as const
    expect(tableOfSpec({ ...spec, lines: [...spec.lines, band] }, 'Time').rows.map((row) => row.at(-1))).toEqual([
      1, 2, 3,
    ])
  })

  it('is written as CSV in the time of the site; a name that looks like a formula is only a name', () => {
    const [head, firstRow, second] = csvOf(table, zone).split('\r\n')
    expect(head).toBe("Time,Solar [kW],Wind [kW],Charging [kW],Export [kW],'=Use <b> [kW],Price [CNY/kWh]")
    expect(firstRow).toBe('2026-07-06T00:00:00+08:00,10,5,0,-1,12,0.5')
    expect(second).toBe('2026-07-06T01:00:00+08:00,20,0,-5,-2,,0.25')
  })

  it('quotes what holds commas and quotes', () => {
    const hostile = { columns: [{ title: 'a,"b"\n', kind: 'text' as const }], rows: [['@SUM(1)'], ['x']] }
    expect(csvOf(hostile, zone)).toBe('"a,""b""\n"\r\n\'@SUM(1)\r\nx\r\n')
  })

  it('has a file name of letters and digits', () => {
    expect(fileNameOf('../../功率 / Power <script>')).toBe('功率-Power-script')
    expect(fileNameOf('///')).toBe('chart')
  })
})

describe('the table of a diagram', () => {
  const titles = { group: 'Group', value: 'Value' }
  it('has a row a category and a column a series', () => {
    const option = {
      yAxis: { type: 'category', name: 'Scope', data: ['Scope 1', 'Scope 2'] },
      series: [
        { name: 'a', data: [1, { value: 2 }] },
        { name: 'b', data: [3, Number.NaN] },
      ],
    }
    expect(tableOfDiagram(option, titles)).toEqual({
      columns: [
        { title: 'Scope', kind: 'text' },
        { title: 'a', kind: 'number' },
        { title: 'b', kind: 'number' },
      ],
      rows: [
        ['Scope 1', 1, 3],
        ['Scope 2', 2, null],
      ],
    })
  })

  it('has a row a mark of a heat map, its places by name', () => {
    const option = {
      xAxis: { type: 'category', name: 'Day', data: ['Mon', 'Tue'] },
      yAxis: { type: 'category', name: 'Hour', data: ['0', '1'] },
      series: { name: 'Share', data: [[1, 0, 0.5]] },
    }
    expect(tableOfDiagram(option, titles)).toMatchObject({
      columns: [{ title: 'Group' }, { title: 'Day' }, { title: 'Hour' }, { title: 'Value' }],
      rows: [['Share', 'Tue', '0', 0.5]],
    })
  })
})

describe('the picture of a chart', () => {
  const svg = writeChartSvg(spec, {
    title: 'Power </title><script>alert(1)</script>',
    source: 'Liyang & co\u0000',
    zone,
    language: 'en',
    widthPx: 800,
    paint: (token, share) => `${token}${share ?? ''}`,
  })

  it('says title and source as text, whatever they hold', () => {
    expect(svg).toContain('Liyang &#38; co<')
    expect(svg).not.toContain('<script>')
    expect(svg).toContain('&#60;script&#62;')
  })

  it('paints areas from the highest sum down, what was and what is planned apart', () => {
    const fills = [...svg.matchAll(/clip-path="url\(#(was|planned)\)" fill="([a-z]+)[\d.]+"/g)].map(
      ([, part, token]) => [part, token],
    )
    expect(fills.slice(0, 2)).toEqual([
      ['was', 'grid'],
      ['planned', 'grid'],
    ])
    expect(fills.at(-1)).toEqual(['planned', 'solar'])
    // The plan begins at two thirds of the plot.
    expect(svg).toContain('<clipPath id="planned"><rect x="509.3"')
  })

  it('lifts the pen over a gap', () => {
    const use = /stroke="ink"[^>]* d="([^"]+)"/.exec(svg)?.[1] ?? ''
    expect(use.match(/M/g)).toHaveLength(2)
  })
})

describe('axes of a picture', () => {
  it('have round values and midnights of the site', () => {
    expect(roundValues([0, 95], 5)).toEqual([0, 20, 40, 60, 80])
    expect(roundValues([-0.12, 0.31], 4)).toEqual([0, 0.2])
    const times = roundTimes(startMs + 1, startMs + 48 * hourMs, zone, 8).map((time) => isoTime(time, zone))
    expect(times).toContain('2026-07-07T00:00:00+08:00')
    expect(times.length).toBeLessThanOrEqual(8)
  })

  it('tell time with the offset of the zone, west of Greenwich too', () => {
    expect(isoTime(Date.UTC(2026, 0, 1, 2, 30), 'America/St_Johns')).toBe('2025-12-31T23:00:00-03:30')
  })
})
