import { gatewayErrors } from '../errors.ts'

export interface FetchSettings {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly timeoutMs: number
  readonly maxBytes: number
  readonly signal: AbortSignal
}

/** What the device answered. */
export interface FetchedBody {
  readonly bytes: Uint8Array
  readonly etag: string | undefined
  readonly lastModified: string | undefined
}

const mostRedirects = 3

/**
 * Fetches a body of bounded size in bounded time; undefined: it did not change (304). Certificates are checked, and a
 * redirect is followed on the same host only: headers hold secrets.
 *
 * @throws `gateway.no-link`, `gateway.bad-frame`, `gateway.too-large`
 */
export async function fetchBody(settings: FetchSettings): Promise<FetchedBody | undefined> {
  const { headers, timeoutMs, maxBytes, signal } = settings
  const first = new URL(settings.url)
  let url = first
  const both = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)])
  try {
    for (let redirects = 0; ; redirects += 1) {
      const answer = await fetch(url, { headers, redirect: 'manual', signal: both })
      if (answer.status === 304) return undefined
      if (answer.status >= 300 && answer.status < 400) {
        await answer.body?.cancel()
        url = nextAddress(first, url, answer.headers.get('location'), redirects)
        continue
      }
      if (!answer.ok) {
        await answer.body?.cancel()
        throw gatewayErrors.noLink({
          detail: 'The device answers with an error',
          found: answer.status,
          expected: '200',
        })
      }
      return {
        bytes: await readBounded(answer, maxBytes),
        etag: answer.headers.get('etag') ?? undefined,
        lastModified: answer.headers.get('last-modified') ?? undefined,
      }
    }
  } catch (cause) {
    if (cause instanceof Error && 'problems' in cause) throw cause
    const { message, cause: below } = cause as Error
    const found = below instanceof Error ? below.message : message
    throw gatewayErrors.noLink(
      { detail: 'The device does not answer', found, expected: `an answer in ${timeoutMs} ms` },
      { cause },
    )
  }
}

function nextAddress(first: URL, from: URL, location: string | null, redirects: number): URL {
  const next = location === null || !URL.canParse(location, from.href) ? undefined : new URL(location, from)
  const isSafe = next && next.host === first.host && (next.protocol === first.protocol || next.protocol === 'https:')
  if (isSafe && redirects < mostRedirects) return next
  throw gatewayErrors.badFrame({
    ...{ detail: 'The device sends on to another place', found: (location ?? '').slice(0, 200) },
    expected: `at most ${mostRedirects} redirects on ${first.host}`,
  })
}

async function readBounded(answer: Response, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of (answer.body ?? []) as AsyncIterable<Uint8Array>) {
    length += chunk.length
    // Leaving the loop ends the connection.
    if (length > maxBytes) {
      throw gatewayErrors.tooLarge({ detail: 'The answer is too large', expected: `at most ${maxBytes} bytes` })
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
