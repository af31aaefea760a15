import { expect, it } from 'vitest'
import { chooseMediaType } from './media-choice.ts'

it.each([
  [undefined, 'application/json'],
  ['*/*', 'application/json'],
  ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', 'application/json'],
  ['text/html', 'application/json'],
  ['text/csv', 'text/csv'],
  ['text/*', 'text/csv'],
  ['application/ndjson', 'application/x-ndjson'],
  ['application/json;q=0.5, text/csv', 'text/csv'],
  ['*/*, application/json;q=0', 'text/csv'],
  ['APPLICATION/VND.APACHE.ARROW.STREAM', 'application/vnd.apache.arrow.stream'],
])('Accept: %s is answered as %s', (accept, mediaType) => {
  expect(chooseMediaType(accept)).toBe(mediaType)
})

it.each(['image/png', 'text/csv;q=0', 'nonsense', 'text/csv;q=none'])('Accept: %s is refused', (accept) => {
  expect(() => chooseMediaType(accept)).toThrow(expect.objectContaining({ code: 'server.not-acceptable' }))
})
