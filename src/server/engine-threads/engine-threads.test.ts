import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { MangroveError } from '../../kernel/index.ts'
import type { JobTools } from '../jobs.ts'
import { openTestServer, type TestServer } from '../server.fixture.ts'
import { hardPack, packs } from './hard-engines.fixture.ts'

const packsModule = new URL('./hard-engines.fixture.ts', import.meta.url).href
const open = () => openTestServer({ packs, packsModule, sites: [], threads: { size: 1, heapMb: 256 } })

/** Begins an engine of the hard ones; `told` has its progress. */
function begin(test: TestServer, name: string, ms = 0) {
  const abort = new AbortController()
  const told: (readonly [number, string])[] = []
  const tools: JobTools = {
    signal: abort.signal,
    progress: (fraction, message) => void told.push([fraction, message]),
  }
  const engine = hardPack.engines.find(({ id }) => id === `hard.${name}`)!
  const ended = test.server.parts.executor.run(engine, { ms }, tools)
  ended.catch(() => undefined)
  return { ended, told, cancel: () => abort.abort() }
}

const failure = async (ended: Promise<unknown>): Promise<MangroveError> => {
  const error = await ended.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(MangroveError)
  return error as MangroveError
}

describe('threads of engines', () => {
  let test: TestServer
  beforeAll(async () => {
    test = await open()
  })
  afterAll(() => test.close())
  const isAsGoodAsNew = async () => {
    const { said } = await begin(test, 'greets').ended
    expect(said).toMatch(/^good day from \d+$/)
    return said
  }

  it.each([
    ['ends its thread', 'exits', 'server.thread-lost'],
    ['leaves an error that nobody waits for', 'strays', 'server.thread-lost'],
    ['takes more memory than it may', 'hoards', 'server.out-of-memory'],
  ])('a run that %s fails by name, and the next one gets a new thread', async (_, name, code) => {
    expect((await failure(begin(test, name).ended)).code).toBe(code)
    await isAsGoodAsNew()
  })

  it('a run that never looks up is cancelled within a second all the same', async () => {
    await isAsGoodAsNew()
    const run = begin(test, 'loops')
    await new Promise((resolve) => setTimeout(resolve, 50))
    const began = performance.now()
    run.cancel()
    expect((await failure(run.ended)).code).toBe('server.cancelled')
    expect(performance.now() - began).toBeLessThan(1000)
    await isAsGoodAsNew()
  })

  it('a cancelled run is told so by its signal, and its thread stays', async () => {
    const before = await isAsGoodAsNew()
    const run = begin(test, 'waits', 60_000)
    await new Promise((resolve) => setTimeout(resolve, 50))
    run.cancel()
    expect((await failure(run.ended)).code).toBe('server.cancelled')
    expect(await isAsGoodAsNew()).toBe(before)
  })

  it('every problem of a failure arrives as it was, with its cause', async () => {
    const error = await failure(begin(test, 'refuses').ended)
    expect(error.problems).toEqual([
      {
        code: 'hard.first',
        status: 422,
        title: 'The first',
        detail: 'one',
        found: { at: Number.NaN },
        expected: 'another',
        place: { file: 'a.yaml', line: 3, path: 'a.b' },
      },
      { code: 'hard.second', status: 409, title: 'The second', detail: 'two', found: "() => 'not to be sent'" },
    ])
    expect(error.cause).toMatchObject({ name: 'RangeError', message: 'below' })
    expect(error.stack).toContain('hard-engines.fixture')
  })

  it('a mistake in an engine is a defect of the server that tells nothing of its inside', async () => {
    await expect(begin(test, 'fails').ended).rejects.toMatchObject({ name: 'TypeError' })
    const answer = await test.inject({ method: 'POST', url: '/api/v1/engines/hard.fails', payload: {} })
    expect(answer.statusCode).toBe(500)
    expect(answer.json().code).toBe('server.unexpected')
    expect(answer.body).not.toContain('secret')
  })

  it('progress arrives in order and is thinned out, the newest kept', async () => {
    const { told, ended } = begin(test, 'counts')
    await ended
    expect(told.length).toBeGreaterThan(1)
    expect(told.length).toBeLessThan(1000)
    expect(told).toEqual(told.toSorted(([a], [b]) => a - b))
    expect(told.at(-1)?.[1]).toBe('step 49999')
  })

  it('runs that take long leave a thread for those that do not', async () => {
    const runs = [begin(test, 'waits-long', 60_000), begin(test, 'waits-long', 60_000)]
    await isAsGoodAsNew()
    for (const { cancel } of runs) cancel()
    for (const { ended } of runs) expect((await failure(ended)).code).toBe('server.cancelled')
  })

  it('runs beyond the threads wait for their turn', async () => {
    const runs = Array.from({ length: 5 }, () => begin(test, 'waits', 20))
    await Promise.all(runs.map(({ ended }) => ended))
  })
})

describe('a server that stops', () => {
  it('ends what its threads do, and what waits for them', async () => {
    const test = await open()
    await begin(test, 'greets').ended
    const runs = ['loops', 'loops', 'greets'].map((name) => begin(test, name))
    const settled = vi.fn()
    for (const { ended } of runs) ended.catch(settled)
    await new Promise((resolve) => setTimeout(resolve, 50))
    const began = performance.now()
    await test.close()
    expect(performance.now() - began).toBeLessThan(1000)
    await vi.waitFor(() => expect(settled).toHaveBeenCalledTimes(3))
    expect((await failure(begin(test, 'greets').ended)).code).toBe('server.busy')
  })
})
