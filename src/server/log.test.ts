import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { MangroveError } from '../kernel/index.ts'
import { serverErrors } from './errors.ts'
import { openGuardedServer } from './guarded.fixture.ts'
import { createLog, type Log, type LogFormat, type LogLevel, logSettings } from './log.ts'
import { createFileSink } from './log-sink.ts'
import { shortPlan } from './server.fixture.ts'

function logTo(format: LogFormat = 'json', level: LogLevel = 'debug'): { readonly log: Log; readonly lines: string[] } {
  const lines: string[] = []
  const sink = { write: (line: string) => void lines.push(line), dropped: () => 0, flush: () => undefined }
  return { log: createLog({ level, format, sink, now: () => Date.UTC(2026, 6, 6) }), lines }
}

describe('a line', () => {
  it('is one object of JSON with time, level, message and what belongs to it', () => {
    const { log, lines } = logTo()
    log.info('listening', { url: 'http://127.0.0.1:7420', count: 3, nothing: undefined, far: Number.POSITIVE_INFINITY })
    expect(lines).toHaveLength(1)
    expect(JSON.parse(lines[0]!)).toEqual({
      ...{ time: '2026-07-06T00:00:00.000Z', level: 'info', message: 'listening' },
      ...{ url: 'http://127.0.0.1:7420', count: 3, far: 'Infinity' },
    })
  })

  it('is short where a person looks', () => {
    const { log, lines } = logTo('text')
    log.warn('request refused', { code: 'store.full' })
    expect(lines).toEqual(['00:00:00 warn  request refused code=store.full\n'])
  })

  it('is written from its level on', () => {
    const { log, lines } = logTo('json', 'warn')
    log.info('no')
    log.debug('no')
    log.warn('yes')
    log.error('yes')
    expect(lines).toHaveLength(2)
    const { log: silent, lines: none } = logTo('json', 'silent')
    silent.error('no')
    expect(none).toEqual([])
  })

  it('stays one line without a sign of control, whatever it is told, in both formats', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.jsonValue(),
        fc.constantFrom<LogFormat>('json', 'text'),
        (text, value, format) => {
          const { log, lines } = logTo(format)
          log.info(text, { value, text: `a\r\n\u001b[31m${text}\u2028\u202e` })
          expect(lines).toHaveLength(1)
          expect(lines[0]!.slice(0, -1)).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
          expect(lines[0]!.endsWith('\n')).toBe(true)
        },
      ),
    )
  })

  it('is bounded, however much it is told', () => {
    const { log, lines } = logTo()
    let deep: unknown = 'x'.repeat(1e6)
    for (let depth = 0; depth < 1000; depth += 1) deep = [deep, 'x'.repeat(1e5)]
    log.info('x'.repeat(1e7), { deep })
    expect(lines[0]!.length).toBeLessThan(30_000)
  })

  it('has the stack of a defect and its causes, and no value that somebody sent', () => {
    const { log, lines } = logTo()
    const cause = new TypeError('password=hunter2 at postgres://owner:hunter3@host/db')
    log.error('request failed', { error: serverErrors.unexpected({ detail: 'a defect', found: 'hunter4' }, { cause }) })
    const told = JSON.parse(lines[0]!)
    expect(told.error).toMatchObject({ message: 'a defect', code: 'server.unexpected', cause: { name: 'TypeError' } })
    expect(told.error.stack).toMatch(/^\s+at [\s\S]*log\.test\.ts/)
    expect(lines[0]).not.toMatch(/hunter/)
  })
})

describe('secrets', () => {
  const secret = 'Zq8-sEcReT_9x'
  it.each([
    ['a header', { headers: { authorization: `Bearer ${secret}`, cookie: `mangrove=${secret}` } }],
    ['a bearer in a text', { text: `sent Authorization: Bearer ${secret} twice` }],
    ['a basic credential', { text: `authorization: basic ${secret}` }],
    ['a cookie in a text', { text: `cookie was mangrove=${secret}; path=/` }],
    ['a token of ours', { text: `x mgv_t_${secret} y` }],
    ['a query', { url: `/sign-in?key=${secret}&code=${secret}&state=${secret}&access_token=${secret}&x=1` }],
    ['a fragment', { url: `http://127.0.0.1/sign-in#key=${secret}` }],
    ['an address with a password', { url: `postgres://user:${secret}@host/db` }],
    ['JSON', { text: JSON.stringify({ password: secret, newPassword: secret, clientSecret: secret }) }],
    ['fields', { password: secret, apiKey: secret, nested: { sessionToken: secret, credentials: [secret] } }],
    ['an error', { error: new Error(`token: ${secret}`) }],
    [
      'an error of ours',
      { error: new MangroveError([serverErrors.badInput.problem({ detail: 'no', found: secret })]) },
    ],
  ])('in %s are hidden', (_, fields) => {
    for (const format of ['json', 'text'] as const) {
      const { log, lines } = logTo(format)
      log.info('told', fields)
      expect(lines.join('')).not.toContain(secret)
    }
  })

  it('leave the rest of the text alone', () => {
    const { log, lines } = logTo('text')
    log.info('the key of the matter: state of charge 0.5, code store.full, https://a.example/b?point=x')
    expect(lines[0]).toContain(
      'the key of the matter: state of charge 0.5, code store.full, https://a.example/b?point=x',
    )
  })
})

describe('the environment', () => {
  it('says format and level; without it JSON at info, or lines at warn where a person looks', () => {
    expect(logSettings({}, false)).toEqual({ format: 'json', level: 'info' })
    expect(logSettings({}, true)).toEqual({ format: 'text', level: 'warn' })
    expect(logSettings({ MANGROVE_LOG: 'json', MANGROVE_LOG_LEVEL: 'debug' }, true)).toEqual({
      format: 'json',
      level: 'debug',
    })
    expect(logSettings({ MANGROVE_LOG: 'nonsense', MANGROVE_LOG_LEVEL: 'nonsense' }, false)).toEqual({
      format: 'json',
      level: 'info',
    })
  })
})

describe('the sink', () => {
  it('writes in order behind what is done, and the rest at the end', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'mangrove-log-'))
    const file = join(folder, 'log')
    const descriptor = openSync(file, 'w')
    try {
      const sink = createFileSink(descriptor)
      sink.write('one\n')
      sink.write('two\n')
      expect(readFileSync(file, 'utf8')).toBe('')
      await vi.waitUntil(() => readFileSync(file, 'utf8') === 'one\ntwo\n')
      sink.write('three\n')
      sink.flush()
      expect(readFileSync(file, 'utf8')).toBe('one\ntwo\nthree\n')
    } finally {
      closeSync(descriptor)
      rmSync(folder, { recursive: true })
    }
  })

  it('drops what is too much, counts it, and says so', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'mangrove-log-'))
    const descriptor = openSync(join(folder, 'log'), 'w')
    try {
      const sink = createFileSink(descriptor)
      for (let count = 0; count < 20; count += 1) sink.write(`${'x'.repeat(99_999)}\n`)
      expect(sink.dropped()).toBe(10)
      sink.flush()
      expect(readFileSync(join(folder, 'log'), 'utf8')).toContain('"message":"log lines were dropped","lines":10}')
    } finally {
      closeSync(descriptor)
      rmSync(folder, { recursive: true })
    }
  })
})

describe('the log of a server', () => {
  it('tells every request in a line with its id, and nothing that a stranger sent', async () => {
    const { log, lines } = logTo()
    const test = await openGuardedServer({}, { log })
    try {
      const canary = 'cAnArY-7731'
      const asked = [
        { url: `/api/v1/sites/${canary}?${canary}=${canary}&key=${canary}`, headers: { cookie: `mangrove=${canary}` } },
        { url: `/${canary}/../%0d%0aforged`, headers: { 'user-agent': canary, referer: `http://x/${canary}` } },
        { url: '/api/v1/me', headers: { authorization: `Bearer mgv_t_${canary}`, 'x-request-id': `${canary}\r\n` } },
        { method: 'POST', url: '/api/v1/session', payload: { name: canary, password: canary, code: canary } },
        {
          method: 'POST',
          url: '/api/v1/session',
          payload: `{"${canary}`,
          headers: { 'content-type': 'application/json' },
        },
        {
          method: 'POST',
          url: '/api/v1/observations?site=quarry-microgrid',
          payload: canary,
          headers: { 'content-type': `text/${canary}` },
        },
      ] as const
      for (const request of asked) {
        const answer = await test.inject(request as never)
        const id = String(answer.headers['x-request-id'])
        expect(id).toMatch(/^[A-Za-z0-9._-]{8,64}$/)
        expect(answer.json().requestId).toBe(id)
        expect(lines.at(-1)).toContain(`"requestId":"${id}"`)
        expect(JSON.parse(lines.at(-1)!)).toMatchObject({ message: 'request answered', status: answer.statusCode })
      }
      const named = await test.as('north-planner', {
        ...{ method: 'POST', url: '/api/v1/engines/energy.plan', payload: shortPlan },
        headers: { 'x-request-id': 'of-a-proxy.17' },
      })
      expect(named.statusCode, named.body).toBe(200)
      expect(named.headers['x-request-id']).toBe('of-a-proxy.17')
      expect(JSON.parse(lines.at(-1)!)).toMatchObject({
        ...{ level: 'info', requestId: 'of-a-proxy.17', operation: 'run_energy_plan', method: 'POST', status: 200 },
        ...{ who: 'user north-planner', from: '127.0.0.1' },
      })
      expect(lines.join('')).not.toContain(canary)
      expect(lines.join('')).not.toContain('forged')
      expect(lines.length).toBe(asked.length + 1)
    } finally {
      await test.close()
    }
  })

  it('leaves out what machines ask every few seconds, and has the stack of what was a defect', async () => {
    const { log, lines } = logTo('json', 'info')
    const test = await openGuardedServer({}, { log })
    try {
      await test.inject('/health')
      expect(lines).toEqual([])
      const { records } = test.store
      Object.assign(test.store, {
        records: { ...records, get: () => Promise.reject(new TypeError('token=abc broke')) },
      })
      Object.assign(test.store.observations, { latest: () => Promise.reject(new TypeError('token=abc broke')) })
      const answer = await test.as('north-viewer', { url: '/api/v1/sites/quarry-microgrid/now' })
      expect(answer.statusCode).toBe(500)
      const defect = lines.map((line) => JSON.parse(line)).find(({ level }) => level === 'error')
      expect(defect).toMatchObject({ message: 'request failed', operation: 'getNow', error: { name: 'TypeError' } })
      expect(defect.requestId).toBe(answer.json().requestId)
      expect(defect.error.stack).toContain('at ')
      expect(lines.join('')).not.toContain('abc')
    } finally {
      await test.close()
    }
  })
})
