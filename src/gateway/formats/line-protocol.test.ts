import { describe, expect, it } from 'vitest'
import { context, parse, refusals, rowsOf } from './observations.fixture.ts'

const ns = '1783310400000000000'
const one = (line: string, own = {}) => rowsOf(parse('line-protocol', line, own).batch)

describe('line protocol', () => {
  it('makes a point of measurement and field, with site, source, unit and quality from tags', () => {
    expect(one(`battery,site=liyang-park,source=bms,unit=kW,quality=estimated powerKw=120.5 ${ns}`)).toEqual([
      {
        site: 'liyang-park',
        point: 'battery.powerKw',
        unit: 'kW',
        ms: 1783310400000,
        value: 120.5,
        quality: 'estimated',
        source: 'bms',
      },
    ])
  })

  it('takes the asset from its tag, and the point from the measurement where the field only says value', () => {
    const rows = one(`modbus,asset=meter kW=3\npowerKw,asset=meter value=4\npowerKw value=5`)
    expect(rows.map(({ point }) => point)).toEqual(['meter.kW', 'meter.powerKw', 'powerKw.value'])
  })

  // Regressions of thingsboard/thingsboard#12160 and OpenEMS/openems#3798: a point forked by the type of its value.
  it('never makes two series of integers, floats and booleans of one point (G5)', () => {
    const { batch } = parse('line-protocol', 'a b=1\na b=1i\na b=1u\na b=t\na b=True\na b=1.0\na b=1e0')
    expect(batch.series).toEqual([{ site: 'park', point: 'a.b' }])
    expect([...batch.values]).toEqual([1, 1, 1, 1, 1, 1, 1])
  })

  // https://docs.influxdata.com/influxdb/v2/reference/syntax/line-protocol/, "Data types and format" and "Special characters"
  it.each([
    ['fieldKey=1.0', 1],
    ['fieldKey=1', 1],
    ['fieldKey=-1.234456e+78', -1.234456e78],
    ['fieldKey=1i', 1],
    ['fieldKey=12485903i', 12485903],
    ['fieldKey=-12485903i', -12485903],
    ['fieldKey=12485903u', 12485903],
    ['fieldKey=true', 1],
    ['fieldKey=TRUE', 1],
    ['fieldKey=f', 0],
    ['fieldKey=False', 0],
  ])('reads the published value %s', (field, value) => {
    expect(one(`myMeasurement ${field}`)).toMatchObject([{ point: 'myMeasurement.fieldKey', value }])
  })

  it.each([
    ['my\\ Measurement fieldKey=1', 'my Measurement.fieldKey'],
    ['myMeasurement,tag\\ Key1=tag\\ Value1,tag\\ Key2=tag\\ Value2 fieldKey=100', 'myMeasurement.fieldKey'],
    ['myMeasurement,tagKey=🍭 fieldKey=1 1556813561098000000', 'myMeasurement.fieldKey'],
    ['wea\\,ther,location=us-midwest temperature=82 1465839830100400200', 'wea,ther.temperature'],
    ['weather,location=us-midwest temp\\=rature=82 1465839830100400200', 'weather.temp=rature'],
    ['weather,location\\ place=us-midwest temperature=82 1465839830100400200', 'weather.temperature'],
    ['weather,location=us\\midwest temperature=82 1465839830100400200', 'weather.temperature'],
    ['weather,asset=us\\midwest temperature=82 1465839830100400200', 'us\\midwest.temperature'],
    ['"weather","location"="us-midwest" "temperature"=82 1465839830100400200', '"weather"."temperature"'],
  ])('reads the published escapes of %s', (line, point) => {
    const ignoredTags = ['tag Key1', 'tag Key2', 'tagKey', 'location', 'location place', '"location"']
    expect(one(line, { ignoredTags }).map((row) => row.point)).toEqual([point])
  })

  it('refuses texts and keeps what stands beside them, over line ends and escaped quotes too', () => {
    const body = `myMeasurement fieldKey="\\"string\\" within a string",n=1\nm s="a, b\nc=3 4",n=2 ${ns}\nm n=3`
    const parsed = parse('line-protocol', body)
    expect([...parsed.batch.values]).toEqual([1, 2, 3])
    expect(refusals(parsed)).toEqual([
      ['gateway.not-a-number', 1],
      ['gateway.not-a-number', 2],
    ])
  })

  it('counts lines through comments, blank lines, CRLF and texts', () => {
    const parsed = parse('line-protocol', `# comment\r\n\r\na b=1 ${ns}\r\na s="x\ny",b=2i\r\na b=3\r\nbad\r\n  a b=4`)
    expect([...parsed.batch.values]).toEqual([1, 2, 3, 4])
    expect(refusals(parsed)).toEqual([
      ['gateway.not-a-number', 4],
      ['gateway.bad-row', 7],
    ])
  })

  it.each([
    ['ns', '1783310400123999999'],
    ['us', '1783310400123999'],
    ['ms', '1783310400123'],
  ] as const)('cuts times in %s off to milliseconds', (precision, stamp) => {
    expect(one(`a b=1 ${stamp}`, { precision })[0]?.ms).toBe(1783310400123)
  })

  it('reads seconds, and takes the time of arrival where there is none', () => {
    expect(one('a b=1 1783310400', { precision: 's' })[0]?.ms).toBe(1783310400000)
    expect(one('a b=1')[0]?.ms).toBe(context.receivedMs)
  })

  it('refuses times of another precision, naming the one that was told', () => {
    const { refused } = parse('line-protocol', 'a b=1,c=2 1783310400000\na b=1 now')
    expect(refused[0]).toMatchObject({ code: 'gateway.implausible-time', found: '1783310400000', place: { line: 1 } })
    expect(refused[0]?.expected).toContain('nanoseconds')
    expect(refused[1]?.code).toBe('gateway.bad-time')
  })

  it('refuses a tag that may tell two series apart, and leaves carriers out', () => {
    const body = 'current,phase=L1 value=3\ncurrent,phase=L2 value=4\ncurrent,host=gw value=5'
    const parsed = parse('line-protocol', body)
    expect(rowsOf(parsed.batch)).toMatchObject([{ point: 'current.value', value: 5 }])
    expect(refusals(parsed)).toEqual([
      ['gateway.unknown-field', 1],
      ['gateway.unknown-field', 2],
    ])
    expect(parse('line-protocol', body, { ignoredTags: ['phase'] }).refusedCount).toBe(0)
  })

  it.each([
    'a',
    'a ',
    'a b',
    'a b=',
    'a =1',
    'a b=1,',
    'a b=1,c',
    ',t=1 b=1',
    'a,t b=1',
    'a,t= b=1',
    'a,=x b=1',
    'a b="x',
    'a b="x"y',
    'a,unit=kW,unit=W b=1',
    'a b=1x',
    'a b=1.5i',
    'a b=i',
    'a b=-1u',
    'a b=tru',
    'a b=NaN',
    'a b=1 2 3',
    'a,quality=fine b=1',
  ])('refuses %s and keeps its neighbours', (line) => {
    const parsed = parse('line-protocol', `a b=1\n${line}\na b=2`)
    expect([...parsed.batch.values].filter((value) => value !== 1)).toEqual([2])
    expect(parsed.refusedCount).toBeGreaterThan(0)
    expect(parsed.refused.every(({ place }) => place?.line === 2)).toBe(true)
  })

  it('keeps an integer beyond 2^53 as the nearest double', () => {
    expect(one('a b=9223372036854775807i')[0]?.value).toBe(2 ** 63)
  })
})
