import { describe, expect, it } from 'vitest'
import { parse, refusals, rowsOf } from './observations.fixture.ts'

const stamp = '2026-07-06T00:00:00Z'
const values = (body: string) => [...parse('csv', body).batch.values]
const code = (body: string): string => {
  try {
    parse('csv', body)
    return 'kept'
  } catch (error) {
    return (error as { code: string }).code
  }
}

describe('CSV', () => {
  it('reads the long form, in any order of columns', () => {
    const body = `unit,value,point,quality,time,source,site\nkW,1.5,a.b,suspect,2026-07-06T08:00:00+08:00,m2,other\n,2,a.b,,1783296000000,,\n`
    expect(rowsOf(parse('csv', body).batch)).toEqual([
      { site: 'other', point: 'a.b', unit: 'kW', ms: Date.parse(stamp), value: 1.5, quality: 'suspect', source: 'm2' },
      {
        site: 'park',
        point: 'a.b',
        unit: undefined,
        ms: Date.parse(stamp),
        value: 2,
        quality: 'good',
        source: 'gateway',
      },
    ])
  })

  it('reads the wide form, where an empty cell says nothing', () => {
    const parsed = parse('csv', `time,a.b,"c,d.e"\n${stamp},1,\n${stamp},,true\n`)
    expect(rowsOf(parsed.batch)).toMatchObject([
      { point: 'a.b', value: 1, quality: 'good' },
      { point: 'c,d.e', value: 1, quality: 'good' },
    ])
    expect(parsed.total).toBe(2)
  })

  it('reads an empty value of the long form as missing', () => {
    expect(rowsOf(parse('csv', `time,point,value\n${stamp},a.b,\n`).batch)).toMatchObject([
      { value: Number.NaN, quality: 'missing' },
    ])
  })

  it('reads RFC 4180: quotes, doubled quotes, commas, CRLF, a byte order mark, no line end at the end', () => {
    const body = `\ufefftime,point,value\r\n"${stamp}","a ""b"", c",1\r\n${stamp}, "x.y" ,"2"\r\n\r\n${stamp},x.y,3`
    const parsed = parse('csv', body)
    expect(rowsOf(parsed.batch).map(({ point, value }) => [point, value])).toEqual([
      ['a "b", c', 1],
      ['x.y', 2],
      ['x.y', 3],
    ])
    expect(parsed.refusedCount).toBe(0)
  })

  it('refuses records by line and column and keeps the others', () => {
    const rows = [
      `${stamp},a.b,1,good`,
      '2026-07-06T00:00:00,a.b,2,good',
      `${stamp},a.b,NaN,good`,
      `${stamp},a.b,x,good`,
      `${stamp},,5,good`,
      `${stamp},a.b,6,fine`,
      `${stamp},a.b,7`,
      `${stamp},a.b,,good`,
      `${stamp},a"b,9,good`,
      `${stamp},"a"b,10,good`,
      `${stamp},a.b,11,good`,
    ]
    const parsed = parse('csv', `time,point,value,quality\n${rows.join('\n')}`)
    expect([...parsed.batch.values]).toEqual([1, 11])
    expect(parsed.refused.map(({ code, place }) => [code.slice(8), place?.line, place?.path])).toEqual([
      ['no-offset', 3, 'time'],
      ['not-finite', 4, 'value'],
      ['not-a-number', 5, 'value'],
      ['missing-field', 6, 'point'],
      ['bad-quality', 7, 'quality'],
      ['bad-row', 8, undefined],
      ['quality-contradicts', 9, undefined],
      ['bad-row', 10, undefined],
      ['bad-row', 11, undefined],
    ])
  })

  it('loses one line, not the rest, by a quote that does not end', () => {
    const parsed = parse('csv', `time,point,value\n${stamp},"a.b,1\n${stamp},a.b,2\n${stamp},a.b,3`)
    expect([...parsed.batch.values]).toEqual([2, 3])
    expect(refusals(parsed)).toEqual([['gateway.bad-row', 2]])
  })

  it('counts the values that are lost with the time of a wide record', () => {
    const parsed = parse('csv', `time,a.b,c.d,e.f\nnever,1,2,\n${stamp},1,2,x\n`)
    expect(parsed.total).toBe(5)
    expect(parsed.refusedCount).toBe(3)
    expect(refusals(parsed)).toEqual([
      ['gateway.bad-time', 2],
      ['gateway.not-a-number', 3],
    ])
  })

  it('goes on after a line end within quotes, with the right line', () => {
    const parsed = parse('csv', `time,point,value\n${stamp},"a\nb",1\n${stamp},a.b,x\n${stamp},a.b,3\n`)
    expect([...parsed.batch.values]).toEqual([3])
    expect(refusals(parsed)).toEqual([
      ['gateway.bad-name', 2],
      ['gateway.not-a-number', 4],
    ])
  })

  it.each([
    '',
    'point,value\n',
    'time\n',
    'time,point\n',
    'time,point,value,colour\n',
    'time,a.b,a.b\n',
    'time,a.b,value\n',
    'time;point;value\n',
    'time,"a\n',
    'time,timestampMs,point,value\n',
  ])('does not take the heading %j', (heading) => expect(code(`${heading}${stamp},1,2`)).toBe('gateway.bad-body'))

  it('reads true and false of any case as 1 and 0', () => {
    expect(values(`time,point,value\n${stamp},a.b,TRUE\n${stamp},a.b,false`)).toEqual([1, 0])
  })
})
