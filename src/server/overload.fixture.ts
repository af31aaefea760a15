// Sends more than a server can take, and keeps the books.
import { Agent, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { noonMs } from './server.fixture.ts'

/** Rows of one batch; each has a second of its own. */
export const rowsOfBatch = 2000
export const timeOfRow = (batch: number, row: number): number =>
  noonMs - 400 * 86_400_000 + (batch * rowsOfBatch + row) * 1000

/** Two points at a time, so that there are twice as many observations as rows. */
const tail = Array.from({ length: rowsOfBatch }, (_, row) => `000,${row % 400},0.5`)
function bodyOf(batch: number): Buffer {
  const firstS = timeOfRow(batch, 0) / 1000
  let text = 'time,pv.powerKw,battery.soc\n'
  for (let row = 0; row < rowsOfBatch; row += 1) text += `${firstS + row}${tail[row]}\n`
  return Buffer.from(text)
}

export interface Sent {
  /** Batches that were acknowledged. */
  readonly acknowledged: number[]
  /** Answers by status; 0 = no answer. */
  readonly statuses: Map<number, number>
  /** Refusals that did not say when to come again. */
  withoutRetry: number
  inFlight: number
}

export const newBooks = (): Sent => ({ acknowledged: [], statuses: new Map(), withoutRetry: 0, inFlight: 0 })

/** Sends a batch and notes how it was answered. */
export function sendBatch(url: string, batch: number, agent: Agent, books: Sent): Promise<number> {
  const body = bodyOf(batch)
  books.inFlight += 1
  return new Promise((resolve) => {
    const settle = (status: number, retry?: string): void => {
      books.inFlight -= 1
      books.statuses.set(status, (books.statuses.get(status) ?? 0) + 1)
      if (status === 200) books.acknowledged.push(batch)
      // 408: a sender that was too slow, on a machine that is busy; it may come again at once.
      else if (status !== 0 && status !== 408 && retry === undefined) books.withoutRetry += 1
      resolve(status)
    }
    const asked = request(
      `${url}/api/v1/observations?site=quarry-microgrid`,
      { method: 'POST', agent, headers: { 'content-type': 'text/csv', 'content-length': body.length } },
      (answer) => {
        answer.resume()
        answer.once('end', () => settle(answer.statusCode ?? 0, answer.headers['retry-after']))
        answer.once('error', () => undefined)
      },
    )
    asked.once('error', () => settle(0))
    asked.end(body)
  })
}

/** What the server takes while a few senders wait for each answer, batches a second. */
export async function capacityOf(
  url: string,
  forMs: number,
  books: Sent,
  first: number,
): Promise<{ readonly perSecond: number; readonly next: number }> {
  const agent = new Agent({ keepAlive: true, maxSockets: 8 })
  const endMs = performance.now() + forMs
  let next = first
  const beganMs = performance.now()
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      while (performance.now() < endMs) await sendBatch(url, next++, agent, books)
    }),
  )
  agent.destroy()
  return { perSecond: ((next - first) / (performance.now() - beganMs)) * 1000, next }
}

/** Sends so many batches a second, whether they are answered or not; settles when all were answered. @returns the next batch */
export async function overload(
  url: string,
  perSecond: number,
  forMs: number,
  books: Sent,
  first: number,
): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: 2000 })
  const beganMs = performance.now()
  const sending: Promise<number>[] = []
  let next = first
  while (performance.now() - beganMs < forMs) {
    const due = first + Math.floor(((performance.now() - beganMs) / 1000) * perSecond)
    // What is refused costs the sender memory too: no more than the server would take connections.
    while (next < due && books.inFlight < 1500) sending.push(sendBatch(url, next++, agent, books))
    await sleep(5)
  }
  await Promise.all(sending)
  agent.destroy()
  return next
}
