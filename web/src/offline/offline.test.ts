import { describe, expect, it } from 'vitest'
import { offsetAfter } from '../api/clock.ts'
import { readNow } from '../api/live.ts'
import { filesToBring, filesToDrop, wayOf } from './shell-files.ts'
import { isKept, keeperOf, nameOf } from './what-is-kept.ts'

const origin = 'https://park.example'
const get = (path: string, mode = 'no-cors') => ({
  method: 'GET',
  mode,
  url: path.startsWith('http') ? path : origin + path,
})

describe('what the service worker does with a request', () => {
  it.each([
    [get('/assets/index-B5xQ2a_1.js'), 'file'],
    [get('/mangrove.svg'), 'file'],
    [get('/sites/a/park', 'navigate'), 'page'],
    [get('/', 'navigate'), 'page'],
    [get('/api/v1/sites'), 'network'],
    [get('/api/docs', 'navigate'), 'network'],
    [get('/health'), 'network'],
    [get('/metrics'), 'network'],
    [get('https://other.example/assets/index-B5xQ2a_1.js'), 'network'],
    [{ ...get('/assets/index-B5xQ2a_1.js'), method: 'POST' }, 'network'],
  ])('%o: %s', (asked, way) => {
    expect(wayOf(asked, origin)).toBe(way)
  })
})

describe('a new build', () => {
  const built = {
    version: '2',
    shell: ['/assets/index-22222222.js'],
    all: ['/assets/plan-page-22222222.js', '/assets/alarms-page-11111111.js', '/assets/field-page-22222222.js'],
  }
  const visited = ['/assets/index-11111111.js', '/assets/plan-page-11111111.js', '/assets/alarms-page-11111111.js']

  it('brings its shell and what takes the place of visited pages, no more', () => {
    expect(filesToBring(built, visited)).toEqual(['/assets/index-22222222.js', '/assets/plan-page-22222222.js'])
  })

  it('drops what it has no more', () => {
    expect(filesToDrop(built, visited)).toEqual(['/assets/index-11111111.js', '/assets/plan-page-11111111.js'])
  })
})

describe('the clock of the server', () => {
  it('stays while it fits to what was heard, so that ages do not tremble', () => {
    // A Date header tells whole seconds: 12.0 may be 12.999.
    expect(offsetAfter(0, { sentMs: 12_300, heardMs: 12_400, dateMs: 12_000 })).toBe(0)
    expect(offsetAfter(250, { sentMs: 12_300, heardMs: 12_400, dateMs: 12_000 })).toBe(250)
  })

  it('is found where this device is a day off, either way', () => {
    const dayMs = 86_400_000
    for (const sign of [-1, 1]) {
      const offset = offsetAfter(0, { sentMs: 10_000, heardMs: 10_200, dateMs: 10_000 + sign * dayMs })
      expect(Math.abs(offset - sign * dayMs)).toBeLessThan(1000)
    }
  })
})

it('keeps newest values and descriptions, not lists of users', () => {
  expect([['site', 'a'], ['plan', 'a'], ['access-users'], ['alarm-journal', 'a']].map(isKept)).toEqual([
    true,
    true,
    false,
    false,
  ])
  expect(nameOf(['history', 'a', ['x']])).toBe(nameOf(['history', 'a', ['y']]))
  expect([keeperOf(null), keeperOf({ user: 'ana' })]).toEqual(['local', 'ana'])
})

it.each(['<html>', 'null', '{}', '{"timestampMs":1}', '{"timestampMs":"x","points":{}}'])(
  '“%s” is no live value',
  (data) => {
    expect(readNow(data)).toBeUndefined()
  },
)
