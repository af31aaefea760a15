import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type ChildServer, startChild } from './child-server.fixture.ts'
import { noonMs } from './server.fixture.ts'

const folder = mkdtempSync(join(tmpdir(), 'mangrove-hostile-'))
const patience = { requestMs: 3000, headersMs: 1500 }
let child: ChildServer
beforeAll(async () => {
  child = await startChild({ folder, limits: patience })
}, 120_000)
afterAll(async () => {
  child.process.kill('SIGTERM')
  expect(await child.ended).toBe(0)
  rmSync(folder, { recursive: true, force: true })
}, 60_000)

const path = '/api/v1/observations?site=quarry-microgrid'
const head = (more: string): string =>
  `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: text/csv\r\n${more}\r\n\r\n`

interface Answered {
  readonly status: number | undefined
  readonly text: string
  readonly tookMs: number
  readonly sentBytes: number
}

/** Writes on a bare connection until it is answered and closed, or `send` has no more. */
async function raw(send: (write: (bytes: string | Buffer) => Promise<boolean>) => Promise<void>): Promise<Answered> {
  const beganMs = performance.now()
  const socket = connect(Number(new URL(child.url).port), '127.0.0.1')
  let text = ''
  let open = true
  let sentBytes = 0
  const closed = new Promise<void>((resolve) => {
    socket.once('close', () => {
      open = false
      resolve()
    })
  })
  socket.on('error', () => undefined)
  socket.on('data', (chunk) => {
    text += chunk.toString()
  })
  await send(async (bytes) => {
    if (!open) return false
    sentBytes += bytes.length
    if (!socket.write(bytes)) await Promise.race([new Promise((resolve) => socket.once('drain', resolve)), closed])
    return open
  })
  await closed
  const status = /^HTTP\/1\.1 (\d{3})/.exec(text)?.[1]
  return {
    status: status === undefined ? undefined : Number(status),
    text,
    tookMs: performance.now() - beganMs,
    sentBytes,
  }
}

/** How much memory a server took more while something was done to it, MB. */
async function riseDuring<T>(work: () => Promise<T>): Promise<{ readonly value: T; readonly riseMb: number }> {
  const before = (await child.figures()).residentMb
  let most = before
  let going = true
  const watching = (async () => {
    while (going) {
      most = Math.max(most, (await child.figures()).residentMb)
      await sleep(20)
    }
  })()
  const value = await work()
  going = false
  await watching
  return { value, riseMb: most - before }
}

const send = (body: Uint8Array<ArrayBuffer> | string, headers: Record<string, string>) =>
  fetch(`${child.url}${path}`, { method: 'POST', headers, body })

const isWell = async (): Promise<void> => {
  const answer = await fetch(`${child.url}/health`)
  expect(answer.status).toBe(200)
}

it('refuses 2 GB by what the length says, before anything of it is read', async () => {
  const { value, riseMb } = await riseDuring(() =>
    raw(async (write) => void (await write(head(`Content-Length: ${2 ** 31}`)))),
  )
  expect(value.status).toBe(413)
  expect(value.text).toContain('"code":"server.too-large"')
  expect(value.tookMs).toBeLessThan(2500)
  expect(riseMb).toBeLessThan(40)
  await isWell()
})

it('refuses a stream of chunks that does not end, as soon as it is too long', async () => {
  const mebibyte = Buffer.alloc(2 ** 20, '1,2\n')
  const { value, riseMb } = await riseDuring(() =>
    raw(async (write) => {
      await write(head('Transfer-Encoding: chunked'))
      for (let count = 0; count < 2048; count += 1) {
        if (!(await write(`${mebibyte.length.toString(16)}\r\n`)) || !(await write(mebibyte)) || !(await write('\r\n')))
          return
      }
    }),
  )
  expect(value.status).toBe(413)
  expect(value.sentBytes).toBeLessThan(64 * 2 ** 20)
  expect(riseMb).toBeLessThan(150)
  await isWell()
})

it('ends connections whose head, or body, comes a byte at a time, and answers others meanwhile', async () => {
  const slowly = async (write: (bytes: string) => Promise<boolean>): Promise<void> => {
    while (await write('x')) await sleep(100)
  }
  const slow = [
    ...Array.from({ length: 20 }, () =>
      raw(async (write) => {
        await write('GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ')
        await slowly(write)
      }),
    ),
    ...Array.from({ length: 20 }, () =>
      raw(async (write) => {
        await write(head('Content-Length: 1000'))
        await slowly(write)
      }),
    ),
  ]
  await sleep(500)
  await isWell()
  expect((await send(`time,pv.powerKw\n${noonMs},1\n`, { 'content-type': 'text/csv' })).status).toBe(200)
  const answers = await Promise.all(slow)
  for (const { status, tookMs } of answers) {
    expect([408, undefined]).toContain(status)
    expect(tookMs).toBeLessThan(patience.requestMs + 5000)
  }
}, 60_000)

it('refuses a bomb by its limit after decompression, without unpacking it', async () => {
  const bomb = gzipSync(Buffer.alloc(500 * 2 ** 20, '0'), { level: 9 })
  expect(bomb.length).toBeLessThan(2 ** 20)
  const { value: answer, riseMb } = await riseDuring(() =>
    send(bomb, { 'content-type': 'text/csv', 'content-encoding': 'gzip' }),
  )
  expect(answer.status).toBe(413)
  expect(await answer.json()).toMatchObject({ code: 'gateway.too-large' })
  expect(riseMb).toBeLessThan(250)
  await isWell()
}, 60_000)

it('stores a million observations of one request', { retry: 3, timeout: 60_000 }, async () => {
  const rows = Array.from({ length: 1_000_000 }, (_, row) => `${noonMs + row * 1000},${row % 100}`)
  const body = gzipSync(Buffer.from(`time,pv.powerKw\n${rows.join('\n')}\n`), { level: 1 })
  await child.figures()
  const answer = await send(body, { 'content-type': 'text/csv', 'content-encoding': 'gzip' })
  expect(await answer.json()).toEqual({ stored: 1_000_000 })
  const { longestTurnMs } = await child.figures()
  expect(longestTurnMs).toBeLessThan(100)
  await isWell()
})

it('refuses a million names of points in one request, and says why', async () => {
  const rows = Array.from({ length: 1_000_000 }, (_, row) => `p${row},${noonMs},1`)
  const body = gzipSync(Buffer.from(`point,time,value\n${rows.join('\n')}\n`), { level: 1 })
  const { value: answer, riseMb } = await riseDuring(() =>
    send(body, { 'content-type': 'text/csv', 'content-encoding': 'gzip' }),
  )
  expect([413, 422]).toContain(answer.status)
  expect(await answer.json()).toMatchObject({ detail: expect.stringMatching(/\w/) })
  expect(riseMb).toBeLessThan(400)
  await isWell()
}, 60_000)
