import { createHmac } from 'node:crypto'
import { createServer as createHttpServer, type IncomingHttpHeaders, type Server } from 'node:http'
import { type AddressInfo, createServer as createTcpServer, type Server as TcpServer } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { fixedClock, MangroveError } from '../../../kernel/index.ts'
import type { Records } from '../../../store/index.ts'
import { memoryRecords } from '../../../store/memory-records.fixture.ts'
import { createSteadyClock } from '../steady-clock.ts'
import type { Notice } from './notice.ts'
import { createOutbox } from './outbox.ts'
import { createMailSender } from './send-mail.ts'
import { sendWebhook, signatureOf } from './send-webhook.ts'
import { readNotificationSettings } from './settings.ts'

const servers: (Server | TcpServer)[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve))
})
const listen = async (server: Server | TcpServer): Promise<number> => {
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

const notice = (over: Partial<Notice> = {}): Notice => ({
  ...{ id: 'a'.repeat(40), site: 'park', alarm: 'import-high', why: 'announced', way: 'email', to: 'ops@park.example' },
  ...{
    subject: 'Import near its limit\r\nBcc: all@park.example',
    text: 'Discharge the battery.',
    body: { alarm: 'import-high' },
  },
  ...over,
})

/** A server for mail that keeps what it is told. @param refuse answers to the first messages */
async function mailSink(refuse = 0): Promise<{ readonly port: number; readonly messages: string[] }> {
  const messages: string[] = []
  let refused = 0
  const port = await listen(
    createTcpServer((socket) => {
      let text = ''
      let isData = false
      socket.write('220 sink ESMTP\r\n')
      socket.on('error', () => undefined)
      socket.on('data', (chunk) => {
        text += chunk.toString()
        for (;;) {
          const end = isData ? text.indexOf('\r\n.\r\n') : text.indexOf('\r\n')
          if (end < 0) return
          const line = text.slice(0, end)
          text = text.slice(end + (isData ? 5 : 2))
          if (isData) {
            isData = false
            messages.push(line)
            socket.write('250 kept\r\n')
          } else if (line.startsWith('MAIL') && refused < refuse) {
            refused += 1
            socket.write('451 later\r\n')
          } else if (line.startsWith('DATA')) {
            isData = true
            socket.write('354 go on\r\n')
          } else if (line.startsWith('QUIT')) socket.end('221 bye\r\n')
          else socket.write('250 ok\r\n')
        }
      })
    }),
  )
  return { port, messages }
}

/** A server that keeps what is posted. */
async function webhookSink(statuses: readonly number[] = []) {
  const posts: { readonly headers: IncomingHttpHeaders; readonly body: string }[] = []
  const port = await listen(
    createHttpServer((request, response) => {
      let body = ''
      request.on('data', (chunk) => {
        body += chunk
      })
      request.on('end', () => {
        posts.push({ headers: request.headers, body })
        response.writeHead(statuses[posts.length - 1] ?? 204, { location: 'http://127.0.0.1:1/' }).end()
      })
    }),
  )
  return { url: `http://127.0.0.1:${port}/alarms`, posts }
}

describe('mail', () => {
  it('has an id of its message that is always the same, and no line that its subject smuggles in', async () => {
    const { port, messages } = await mailSink()
    const mail = createMailSender({ smtpUrl: `smtp://127.0.0.1:${port}`, from: 'mangrove@park.example' })
    await mail.send(notice())
    await mail.send(notice())
    mail.close()
    expect(messages).toHaveLength(2)
    for (const message of messages) {
      expect(message).toContain(`Message-ID: <${'a'.repeat(40)}@park.example>`)
      expect(message).toContain('Discharge the battery.')
      expect(message).not.toMatch(/^Bcc:/im)
    }
  })
})

describe('a webhook', () => {
  it('is signed and has a key', async () => {
    const { url, posts } = await webhookSink()
    await sendWebhook(notice({ way: 'webhook', to: url }), 'a secret of the park', 1_780_000_000_123)
    const [{ headers, body }] = posts as [(typeof posts)[0]]
    expect(headers['idempotency-key']).toBe('a'.repeat(40))
    const expected = createHmac('sha256', 'a secret of the park').update(`1780000000.${body}`).digest('hex')
    expect(headers['x-mangrove-signature']).toBe(`t=1780000000,v1=${expected}`)
    expect(signatureOf(body, 'another secret', 1_780_000_000)).not.toBe(headers['x-mangrove-signature'])
  })

  it('goes nowhere without TLS, follows nobody, and takes no for an answer', async () => {
    const plain = notice({ way: 'webhook', to: 'http://park.example/alarms' })
    await expect(sendWebhook(plain, 's', 0)).rejects.toThrow(/https/)
    const { url } = await webhookSink([302, 500])
    await expect(sendWebhook(notice({ to: url }), 's', 0)).rejects.toThrow()
    await expect(sendWebhook(notice({ to: url }), 's', 0)).rejects.toThrow(/500/)
  })
})

describe('the outbox', () => {
  function open(records: Records, send: (one: Notice) => Promise<void>, time = { ms: 0 }) {
    const reports: string[] = []
    const steady = createSteadyClock(fixedClock(0), () => time.ms)
    const report = (_: unknown, message: string): void => void reports.push(message)
    return { outbox: createOutbox({ records, steady, send, report, giveUpMs: 3_600_000 }), time, reports }
  }

  it('sends each notice once, however often it is put', async () => {
    const { records } = memoryRecords(fixedClock(0))
    const sent: string[] = []
    const { outbox } = open(records, async ({ id }) => void sent.push(id))
    for (let count = 0; count < 3; count += 1) {
      await outbox.put(notice(), 1)
      await outbox.turn()
    }
    // Another start knows that it was sent.
    const next = open(records, async ({ id }) => void sent.push(id)).outbox
    await next.load()
    await next.put(notice(), 1)
    await next.turn()
    expect(sent).toEqual(['a'.repeat(40)])
  })

  it('tries again, ever later, until somebody takes it', async () => {
    const { records } = memoryRecords(fixedClock(0))
    const { port, messages } = await mailSink(3)
    const mail = createMailSender({ smtpUrl: `smtp://127.0.0.1:${port}`, from: 'mangrove@park.example' })
    const { outbox, time } = open(records, mail.send)
    await outbox.put(notice(), 1)
    const tries: number[] = []
    for (; messages.length === 0 && time.ms < 60_000; time.ms += 500) {
      const before = outbox.figures().failed
      await outbox.turn()
      if (outbox.figures().failed > before) tries.push(time.ms)
    }
    mail.close()
    expect(tries).toEqual([0, 1000, 3000])
    expect(outbox.figures()).toMatchObject({ waiting: 0, sent: 1, failed: 3 })
  })

  it('sends again what was sent and not marked before a stop, under the same id', async () => {
    const { records } = memoryRecords(fixedClock(0))
    const { url, posts } = await webhookSink()
    // The stop: nothing can be written after the sending.
    let isStopped = false
    const failing: Records = {
      ...records,
      put: (...given) => (isStopped ? Promise.reject(new Error('no disk')) : records.put(...given)),
    }
    const send = async (one: Notice): Promise<void> => {
      await sendWebhook(one, 'a secret of the park', 0)
      isStopped = true
    }
    const first = open(failing, send).outbox
    await first.put(notice({ way: 'webhook', to: url }), 1)
    await first.turn().catch(() => undefined)
    // As long as it runs it knows, and does not send again.
    await first.turn().catch(() => undefined)
    expect(posts).toHaveLength(1)
    isStopped = false
    const second = open(records, (one) => sendWebhook(one, 'a secret of the park', 0)).outbox
    await second.load()
    await second.turn()
    expect(posts.map(({ headers }) => headers['idempotency-key'])).toEqual(['a'.repeat(40), 'a'.repeat(40)])
  })

  it('gives up after a time, and says so', async () => {
    const { records } = memoryRecords(fixedClock(0))
    const { outbox, time, reports } = open(records, () => Promise.reject(new Error('nobody is there')))
    await outbox.put(notice(), 1)
    await outbox.turn()
    time.ms = 3_600_001
    await outbox.turn()
    expect(outbox.figures()).toMatchObject({ waiting: 0, givenUp: 1 })
    expect(reports.at(-1)).toContain('given up')
  })
})

describe('settings', () => {
  const read = (environment: Record<string, string>) =>
    readNotificationSettings(environment, () => 'smtps://u:hush@mail.example\n')

  it('are read from the environment or from files', () => {
    expect(read({ MANGROVE_SMTP_URL_FILE: '/run/secrets/smtp', MANGROVE_SMTP_FROM: 'm@park.example' })).toEqual({
      mail: { smtpUrl: 'smtps://u:hush@mail.example', from: 'm@park.example' },
    })
    expect(read({})).toEqual({})
  })

  it.each([
    { MANGROVE_SMTP_URL: 'http://u:hush@mail.example', MANGROVE_SMTP_FROM: 'm@park.example' },
    { MANGROVE_SMTP_URL: 'smtps://u:hush@mail.example' },
    { MANGROVE_WEBHOOK_SECRET: 'hush' },
  ])('are refused without a word of what they hold: %o', (environment) => {
    let told: unknown
    try {
      read(environment as unknown as Record<string, string>)
    } catch (error) {
      told = error
    }
    expect(told).toBeInstanceOf(MangroveError)
    expect(JSON.stringify((told as MangroveError).problems)).not.toContain('hush')
  })
})
