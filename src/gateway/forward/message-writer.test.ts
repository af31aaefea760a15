import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type Quality, quality } from '../../kernel/index.ts'
import { defaultLimits } from '../formats/index.ts'
import { readMessage } from '../mqtt/read-message.ts'
import { createMessageWriter, type ForwardMessage } from './message-writer.ts'

const text = fc.string({ unit: fc.constantFrom(...'aZ9_-"\\/ü石é😀'), minLength: 1, maxLength: 12 })
const row = fc.record({
  point: fc.tuple(text, text).map(([asset, point]) => `${asset.replaceAll('.', '_')}.${point.replaceAll('.', '_')}`),
  source: text,
  timestampMs: fc.integer({ min: Date.UTC(1990), max: Date.UTC(2190) }),
  value: fc.oneof(fc.double({ noDefaultInfinity: true, noNaN: true }), fc.constant(Number.NaN)),
  code: fc.constantFrom<Quality>(quality.good, quality.estimated, quality.synthetic, quality.suspect),
})

it('messages are read by the ingest as they were written, and none is larger than allowed', () => {
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 40 }), fc.integer({ min: 300, max: 2000 }), (rows, most) => {
      const writer = createMessageWriter(most)
      const messages: (ForwardMessage | undefined)[] = rows.map(({ point, source, timestampMs, value, code }) =>
        writer.add(
          { site: 'park', point, unit: 'kW' },
          ...([source, timestampMs, value, Number.isNaN(value) ? quality.missing : code] as const),
        ),
      )
      messages.push(writer.flush())
      const read = messages.flatMap((message) => {
        if (!message) return []
        expect(Buffer.byteLength(message.payload)).toBeLessThanOrEqual(most)
        const context = { site: '', source: 'mqtt', limits: defaultLimits, receivedMs: 0, retained: false }
        const names = { site: 'park', point: 'forward.rows' }
        const { batch, refusedCount } = readMessage(names, Buffer.from(message.payload), context)
        expect(refusedCount).toBe(0)
        return Array.from({ length: batch.count }, (_, at) => ({
          ...batch.series[batch.seriesOf[at]!]!,
          source: batch.sources[batch.sourceOf[at]!],
          timestampMs: batch.timestampsMs[at],
          value: batch.values[at],
          code: batch.quality[at],
        }))
      })
      expect(read).toEqual(
        rows.map(({ value, code, ...rest }) => ({
          ...{ site: 'park', unit: 'kW', ...rest, value: value + 0 },
          code: Number.isNaN(value) ? quality.missing : code,
        })),
      )
    }),
    { numRuns: 60 },
  )
})
