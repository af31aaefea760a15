import { createHmac } from 'node:crypto'
import { isLoopback } from '../../loopback.ts'
import type { Notice } from './notice.ts'

const patienceMs = 10_000

/** `t=<seconds>,v1=<HMAC-SHA-256 of "<seconds>.<body>" in hex>`: whoever knows the secret can tell that nobody else wrote it, and when. */
export function signatureOf(body: string, secret: string, seconds: number): string {
  return `t=${seconds},v1=${createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')}`
}

/**
 * Posts a notice as JSON, signed, with its id as `Idempotency-Key`. Only over TLS, or on this machine; no redirect is followed.
 *
 * @throws where the address may not be used, nobody answers in time, or the answer is no 2xx
 */
export async function sendWebhook(notice: Notice, secret: string, nowMs: number): Promise<void> {
  const url = new URL(notice.to)
  if (url.protocol !== 'https:' && !isLoopback(url.hostname.replaceAll(/^\[|\]$/g, ''))) {
    throw new Error('a webhook has to be https')
  }
  const body = JSON.stringify(notice.body)
  const answer = await fetch(url, {
    method: 'POST',
    body,
    redirect: 'error',
    signal: AbortSignal.timeout(patienceMs),
    headers: {
      'content-type': 'application/json',
      'idempotency-key': notice.id,
      'x-mangrove-signature': signatureOf(body, secret, Math.floor(nowMs / 1000)),
    },
  })
  await answer.body?.cancel()
  if (!answer.ok) throw new Error(`the webhook answered ${answer.status}`)
}
