import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { quality } from '../../kernel/index.ts'
import { createBatchBuilder } from '../formats/batch-builder.ts'
import { createBodyMemory } from '../formats/body-memory.ts'
import { addMessage, readMessage } from './read-message.ts'
import { readMqttConnection } from './settings.ts'
import { readTopicTemplate } from './topic-template.ts'

const receivedMs = Date.UTC(2026, 6, 6, 4)
const context = {
  ...{ site: '', source: 'mqtt', receivedMs, retained: false },
  limits: { maxBytes: 100_000, maxRows: 1000, maxSeries: 100 },
}
const names = { site: 'park', point: 'meter.powerKw' }

function read(payload: string, named: { site?: string; point?: string } = names, retained = false) {
  const { batch, refused, refusedCount } = readMessage(named, Buffer.from(payload), { ...context, retained })
  const rows = Array.from({ length: batch.count }, (_, row) => {
    const { site, point, unit } = batch.series[batch.seriesOf[row]!]!
    return [`${site}/${point}`, batch.timestampsMs[row], batch.values[row], batch.quality[row], unit]
  })
  return { rows, refused: refused.map(({ code }) => code), refusedCount }
}

describe('a topic', () => {
  it('names site, asset and point where its template does', () => {
    const template = readTopicTemplate('mangrove/{site}/{asset}/{point}')
    expect(template.filter).toBe('mangrove/+/+/+')
    expect(template.match('mangrove/park/meter/powerKw')).toEqual(names)
    expect(template.match('mangrove/park/meter')).toBeUndefined()
    expect(template.match('other/park/meter/powerKw')).toBeUndefined()
    expect(readTopicTemplate('plant/+/{site}/#').match('plant/7/park/a/b')).toEqual({ site: 'park' })
  })

  it.each(['', '$SYS/x', 'a/{b}', '{site}/{site}', 'a/{asset}', 'a/b+', '#/a'])('"%s" is no template', (text) => {
    expect(() => readTopicTemplate(text)).toThrow(expect.objectContaining({ code: 'gateway.bad-topic' }))
  })
})

describe('a message', () => {
  it('is a number of now, JSON with its own time, an array, or line protocol', () => {
    expect(read('12.5').rows).toEqual([['park/meter.powerKw', receivedMs, 12.5, quality.good, undefined]])
    expect(read(' -3e2\n').rows[0]?.[2]).toBe(-300)
    expect(read('true').rows[0]?.[2]).toBe(1)
    expect(read('null').rows[0]?.[3]).toBe(quality.missing)
    expect(read('{"time":"2026-07-06T08:15:00+08:00","value":3,"quality":"suspect","unit":"MW"}').rows).toEqual([
      ['park/meter.powerKw', Date.UTC(2026, 6, 6, 0, 15), 3, quality.suspect, 'MW'],
    ])
    expect(read('[{"timestampMs":1783310400000,"value":1},{"timestampMs":1783310460000,"value":2}]').rows).toHaveLength(
      2,
    )
    expect(read('meter powerKw=4 1783310400000000000', { site: 'park' }).rows).toEqual([
      ['park/meter.powerKw', 1_783_310_400_000, 4, quality.good, undefined],
    ])
  })

  it('loses none of its good rows to a bad one', () => {
    const { rows, refused, refusedCount } = read('[{"value":1},{"value":"x"},{"value":2,"unnit":"kW"},{"value":3}]')
    expect(rows.map((row) => row[2])).toEqual([1, 3])
    expect([refused, refusedCount]).toEqual([['gateway.not-a-number', 'gateway.unknown-field'], 2])
  })

  it('that the broker retained has to bring its time', () => {
    expect(read('12.5', names, true)).toMatchObject({ rows: [], refused: ['gateway.missing-field'] })
  })

  it.each(['', '{"value":', 'NaN', 'twelve', '\u0000\u0001'])('%j is none', (payload) => {
    expect(() => read(payload)).toThrow(expect.objectContaining({ code: 'gateway.bad-body' }))
  })

  it('of any bytes is read or refused by name', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        try {
          const { batch, refusedCount, total } = readMessage(names, Buffer.from(bytes), context)
          expect(batch.count + refusedCount).toBe(total)
        } catch (error) {
          expect((error as { code?: string }).code).toMatch(/^gateway\./)
        }
      }),
    )
  })
})

describe('messages of one batch', () => {
  it('are there with every row as it was, in order, and each series once', () => {
    const row = fc.record({
      point: fc.constantFrom('a.b', 'a.c', 'd.e'),
      value: fc.integer(),
      unit: fc.constantFrom('kW', 'MW'),
    })
    const written = (rows: readonly { point: string; value: number; unit: string }[]): string =>
      rows.length % 2 === 0
        ? JSON.stringify(rows)
        : rows.map(({ point, value, unit }) => `${point.replace('.', `,unit=${unit} `)}=${value}`).join('\n')
    fc.assert(
      fc.property(
        fc.array(fc.array(row, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 6 }),
        (messages) => {
          const builder = createBatchBuilder(context, createBodyMemory(), 1)
          for (const rows of messages) addMessage({ site: 'park' }, Buffer.from(written(rows)), context, builder)
          const joined = builder.finish().batch
          const told = Array.from({ length: joined.count }, (_, at) => {
            const { point, unit } = joined.series[joined.seriesOf[at]!]!
            return { point, value: joined.values[at], unit }
          })
          expect(told).toEqual(messages.flat())
          expect(new Set(joined.series.map((one) => JSON.stringify(one))).size).toBe(joined.series.length)
        },
      ),
    )
  })
})

describe('settings of a broker', () => {
  const noFile = (): string => {
    throw new Error('no file is read')
  }

  it('come from the environment, with secrets beside them', () => {
    const connection = readMqttConnection(
      { MANGROVE_MQTT_URL: 'mqtts://broker.example', MANGROVE_MQTT_IN_FLIGHT: '50', MANGROVE_MQTT_PASSWORD: 'secret' },
      noFile,
    )
    expect(connection).toEqual({
      settings: { url: 'mqtts://broker.example', inFlight: 50, topics: ['mangrove/{site}/{asset}/{point}'] },
      password: 'secret',
    })
    expect(readMqttConnection({}, noFile)).toBeUndefined()
  })

  it('of a file hold no password and no unknown word, and those of the environment stand above them', () => {
    const from = (file: object, more = {}) =>
      readMqttConnection({ MANGROVE_MQTT_FILE: 'broker.json', ...more }, () => JSON.stringify(file))
    expect(from({ url: 'mqtt://a', site: 'park' }, { MANGROVE_MQTT_URL: 'mqtt://b' })?.settings).toMatchObject({
      url: 'mqtt://b',
      site: 'park',
    })
    for (const bad of [
      { url: 'mqtt://a', password: 'x' },
      { url: 'http://a' },
      { url: 'mqtt://user:secret@a' },
      { url: 'mqtt://a', inFlight: 0 },
    ]) {
      expect(() => from(bad)).toThrow(expect.objectContaining({ code: 'gateway.bad-settings' }))
    }
  })
})
