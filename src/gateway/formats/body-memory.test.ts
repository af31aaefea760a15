import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createBodyMemory } from './body-memory.ts'
import { bytesOf, context, rowsOf } from './observations.fixture.ts'
import { parseObservations } from './parse-observations.ts'
import { remoteWriteBody } from './remote-write.fixture.ts'

const names = fc.constantFrom('a', 'b', 'long-name', 'ü', 'x y', '', '\u0001')
const line = fc
  .record({ asset: names, field: names, unit: fc.constantFrom('', 'kW', 'MW'), site: fc.constantFrom('', 'other') })
  .map(({ asset, field, unit, site }) => {
    const escaped = (text: string): string => text.replaceAll(' ', '\\ ')
    return `${escaped(asset)}${unit && `,unit=${unit}`}${site && `,site=${site}`} ${escaped(field)}=1.5 1783310400000000000`
  })
const labels = fc.record({
  __name__: fc.constantFrom('powerKw', 'soc'),
  asset: names,
  source: fc.constantFrom('', 'modbus'),
})
const body = fc.oneof(
  fc.array(line).map((lines) => ['line-protocol', bytesOf(lines.join('\n'))] as const),
  fc
    .array(labels)
    .map(
      (series) =>
        [
          'remote-write',
          remoteWriteBody(
            series.map((own) => ({ labels: own, samples: [{ value: 1, timestampMs: 1_783_310_400_000 }] })),
          ),
        ] as const,
    ),
  fc.array(names).map((points) => {
    const column = { timestampsMs: [1_783_310_400_000], values: [2] }
    return [
      'json',
      bytesOf(JSON.stringify({ points: Object.fromEntries(points.map((name) => [name, column])) })),
    ] as const
  }),
)

describe('the memory of bodies', () => {
  it('changes nothing of what is read, however little is remembered', () => {
    const sites = fc.constantFrom('park', 'port')
    fc.assert(
      fc.property(
        fc.array(fc.tuple(body, sites), { maxLength: 8 }),
        fc.integer({ min: 0, max: 20 }),
        (bodies, most) => {
          const memory = createBodyMemory(most)
          for (const [[format, bytes], site] of bodies) {
            const own = { ...context, site, limits: { ...context.limits, maxSeries: 4 } }
            const { batch, ...rest } = parseObservations(format, bytes, own, memory)
            const fresh = parseObservations(format, bytes, own)
            expect(rowsOf(batch)).toEqual(rowsOf(fresh.batch))
            expect({ ...rest, series: batch.series, sources: batch.sources }).toEqual({
              refused: fresh.refused,
              refusedCount: fresh.refusedCount,
              total: fresh.total,
              series: fresh.batch.series,
              sources: fresh.batch.sources,
            })
          }
        },
      ),
    )
  })

  it('makes a series one object in all bodies and formats', () => {
    const memory = createBodyMemory()
    const read = (text: string, format: 'line-protocol' | 'csv') =>
      parseObservations(format, bytesOf(text), context, memory).batch.series
    const [battery, pv] = read('battery soc=0.5\npv powerKw=3', 'line-protocol')
    expect(read('pv powerKw=4\nbattery soc=0.6', 'line-protocol')).toEqual([pv, battery])
    expect(read('pv powerKw=4', 'line-protocol')[0]).toBe(pv)
    expect(read('time,point,value\n2026-07-06T00:00:00Z,battery.soc,1', 'csv')[0]).toBe(battery)
  })

  it('remembers of one body no more names than it may have', () => {
    const memory = createBodyMemory()
    const own = { ...context, limits: { ...context.limits, maxSeries: 4 } }
    const body = (names: readonly string[]) =>
      bytesOf(`time,point,value\n${names.map((name) => `2026-07-06T00:00:00Z,${name},1`).join('\n')}`)
    const { batch } = parseObservations('csv', body(['a.v', 'b.v', 'c.v', 'd.v', 'e.v', 'f.v']), own, memory)
    expect(batch.series.map(({ point }) => point)).toEqual(['a.v', 'b.v', 'c.v', 'd.v'])
    memory.begin()
    const [inside, beyond] = ['d.v', 'e.v'].map((point) => memory.series(own.site, point, undefined, false))
    expect(memory.series(own.site, 'd.v', undefined, false)).toBe(inside)
    expect(memory.series(own.site, 'e.v', undefined, false)).not.toBe(beyond)
  })

  it('forgets all when it is too much, between two bodies', () => {
    const memory = createBodyMemory(10)
    const read = (text: string) => parseObservations('line-protocol', bytesOf(text), context, memory).batch.series
    const [first] = read('pv powerKw=3')
    expect(read('pv powerKw=3')[0]).toBe(first)
    expect(read(Array.from({ length: 50 }, (_, index) => `meter-${index} v=1`).join('\n'))).toHaveLength(50)
    expect(read('pv powerKw=3')[0]).not.toBe(first)
  })
})
