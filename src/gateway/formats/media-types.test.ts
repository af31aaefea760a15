import { describe, expect, it } from 'vitest'
import { encodingOf, formatOf } from './media-types.ts'

describe('the media type of a body', () => {
  it.each([
    ['application/json; charset=utf-8', 'json'],
    ['application/x-ndjson', 'ndjson'],
    ['TEXT/CSV', 'csv'],
    ['text/plain', 'line-protocol'],
    ['application/x-protobuf', 'remote-write'],
    ['application/x-protobuf;proto=prometheus.WriteRequest', 'remote-write'],
    ['application/x-protobuf;proto=io.prometheus.write.v2.Request', 'remote-write-2'],
  ])('%s is %s', (type, format) => expect(formatOf(type)).toBe(format))

  it.each([undefined, '', 'image/png', 'application/x-protobuf;proto=other.Message', '__proto__'])(
    '%s is refused with 415',
    (type) => {
      expect(() => formatOf(type)).toThrow(expect.objectContaining({ code: 'gateway.media-type', status: 415 }))
    },
  )

  it('tells the compression, which of remote write is snappy where none is named', () => {
    expect(encodingOf(undefined, 'csv')).toBe('identity')
    expect(encodingOf(undefined, 'remote-write')).toBe('snappy')
    expect(encodingOf('x-gzip', 'csv')).toBe('gzip')
    expect(encodingOf('zstd', 'json')).toBe('zstd')
    expect(() => encodingOf('br', 'json')).toThrow(
      expect.objectContaining({ code: 'gateway.content-encoding', status: 415 }),
    )
  })
})
