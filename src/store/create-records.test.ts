import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { engines } from './engines.fixture.ts'
import { memoryRecords } from './memory-records.fixture.ts'
import type { Journal, Records } from './records.ts'
import { dayStartMs, type MovableClock, movableClock } from './store.fixture.ts'

interface Subject {
  readonly records: Records
  readonly journal: Journal
  readonly clock: MovableClock
  end(): Promise<void>
}

/** The stand-in of other rooms' tests keeps the same promises. */
const memory = {
  name: 'memory',
  async open(): Promise<Subject> {
    const clock = movableClock()
    return { ...memoryRecords(clock), clock, end: async () => undefined }
  },
}

describe.each([...engines, memory])('records and journal on $name', ({ open }) => {
  let subject: Subject
  beforeEach(async () => {
    subject = await open()
  })
  afterEach(() => subject.end())

  it('counts the versions of a key', async () => {
    const { records, clock } = subject
    expect(await records.get('user', 'ada')).toBeUndefined()
    expect(await records.put('user', 'ada', { name: 'Ada' })).toMatchObject({ version: 1 })
    clock.nowMs += 5
    await records.put('user', 'ada', { name: 'Ada L.' })
    await records.put('token', 'ada', 1)
    expect(await records.get('user', 'ada')).toEqual({
      key: 'ada',
      version: 2,
      updatedMs: dayStartMs + 5,
      content: { name: 'Ada L.' },
    })
  })

  it('refuses a write on another version, and a second birth', async () => {
    const { records } = subject
    await records.put('user', 'ada', 1, 0)
    await expect(records.put('user', 'ada', 2, 0)).rejects.toMatchObject({ code: 'store.conflict', status: 409 })
    await records.put('user', 'ada', 2, 1)
    await expect(records.put('user', 'ada', 3, 1)).rejects.toMatchObject({ code: 'store.conflict' })
    await expect(records.remove('user', 'ada', 1)).rejects.toMatchObject({ code: 'store.conflict' })
    expect(await records.remove('user', 'ada', 2)).toBe(true)
    expect(await records.remove('user', 'ada')).toBe(false)
    expect(await records.put('user', 'ada', 4, 0)).toMatchObject({ version: 1 })
  })

  it('lets exactly one of many writers of one version through', async () => {
    const { records } = subject
    await records.put('seat', '1', 'free')
    const results = await Promise.allSettled(
      Array.from({ length: 8 }, (_, guest) => records.put('seat', '1', `guest ${guest}`, 1)),
    )
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    for (const result of results) {
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'store.conflict' })
    }
    expect((await records.get('seat', '1'))?.version).toBe(2)
  })

  it('lists by prefix in pages, in the order of bytes', async () => {
    const { records } = subject
    for (const key of ['b/2', 'a/1', 'b/1', 'b/10', 'B/1', 'b/é', '100%_']) await records.put('thing', key, key)
    const keys = async (list: object) => (await records.list('thing', list)).map(({ key }) => key)
    expect(await keys({})).toEqual(['100%_', 'B/1', 'a/1', 'b/1', 'b/10', 'b/2', 'b/é'])
    expect(await keys({ prefix: 'b/', limit: 2 })).toEqual(['b/1', 'b/10'])
    expect(await keys({ prefix: 'b/', after: 'b/10' })).toEqual(['b/2', 'b/é'])
    expect(await keys({ prefix: '100%_' })).toEqual(['100%_'])
    expect(await records.list('nothing')).toEqual([])
  })

  it('extends a stream by what all that came before calls for, one writer after another', async () => {
    const { journal } = subject
    await journal.append('sums', { sum: 1 })
    const add = (by: number) =>
      journal.extend<{ sum: number }>('sums', 0, async (lines) => {
        await new Promise(setImmediate)
        return by === 0 ? undefined : { sum: lines.at(-1)!.content.sum + by }
      })
    const written = await Promise.all([1, 2, 0, 3, 4].map(add))
    expect(written[2]).toBeUndefined()
    expect(written.map((line) => line?.number).toSorted()).toEqual([2, 3, 4, 5, undefined])
    const refused = journal.extend('sums', 0, () => Promise.reject(new Error('no')))
    await expect(refused).rejects.toThrow('no')
    const newer = await journal.extend<{ sum: number }>('sums', 4, async (lines) => ({ sum: lines.length }))
    expect(newer).toMatchObject({ number: 6, content: { sum: 1 } })
    expect((await journal.read<{ sum: number }>('sums')).map(({ content }) => content.sum).slice(-2)).toEqual([11, 1])
  })

  it('numbers the lines of a stream without gaps, also from many at once', async () => {
    const { journal } = subject
    await Promise.all(Array.from({ length: 12 }, (_, line) => journal.append('audit', { line })))
    await journal.append('alarms', 'other')
    const read = await journal.read<{ line: number }>('audit')
    expect(read.map(({ number }) => number)).toEqual(Array.from({ length: 12 }, (_, index) => index + 1))
    expect(read.map(({ content }) => content.line).sort((a, b) => a - b)).toEqual(read.map((_, index) => index))
    expect((await journal.read('audit', { newestFirst: true, limit: 2 })).map(({ number }) => number)).toEqual([12, 11])
    expect((await journal.read('audit', { after: 3, before: 6 })).map(({ number }) => number)).toEqual([4, 5])
  })

  it('keeps hostile text as it is', async () => {
    const { records, journal } = subject
    const text = `x'; DROP TABLE record; -- \u0001 石榴 🌱 "\\`
    await records.put(text, text, { [text]: text })
    expect((await records.get(text, text))?.content).toEqual({ [text]: text })
    await journal.append(text, text)
    expect((await journal.read(text))[0]?.content).toBe(text)
  })
})
