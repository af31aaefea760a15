import type { FastifyInstance, FastifyRequest } from 'fastify'
import { serverErrors } from './errors.ts'

const contentSecurityPolicy = [
  "default-src 'self'",
  "script-src 'self'",
  // Charts set inline styles on their own elements.
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "connect-src 'self'",
  // Files of this server alone: workers of telemetry and of the map, and the service worker.
  "worker-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ')

/** On every answer. */
export const securityHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': contentSecurityPolicy,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=()',
}

/** A year (RFC 6797): where browsers come over TLS. */
const strictTransport = { 'strict-transport-security': 'max-age=31536000; includeSubDomains' }

export interface SecurityOptions {
  /** Host names besides loopback that requests may name; `'any'` behind a proxy that checks them. */
  readonly allowedHosts: readonly string[] | 'any'
  /** Whether browsers come over TLS. */
  readonly secure: boolean
}

/** Whether a request can do nothing but read what the page that asks may not see. A WebSocket begins with GET and is read by the page. */
export const onlyReads = ({ method, headers }: FastifyRequest): boolean =>
  (method === 'GET' || method === 'HEAD') && headers.upgrade === undefined

/**
 * A page of another origin may change nothing here, whatever cookie the browser has. Browsers say in Sec-Fetch-Site where a request
 * comes from (W3C Fetch Metadata), and no page can change that.
 */
function refuseForeignPages(request: FastifyRequest): void {
  const from = request.headers['sec-fetch-site']
  if (onlyReads(request) || from === undefined || from === 'same-origin' || from === 'none') return
  throw serverErrors.originRefused({
    detail: 'A page of another site may not change anything here',
    found: `Sec-Fetch-Site: ${String(from)}`,
  })
}

const loopbackHosts: readonly string[] = ['localhost', '127.0.0.1', '[::1]']

/** Name of a Host header without its port; lower case. */
export function hostName(host: string): string {
  return host.toLowerCase().replace(/:\d+$/, '')
}

/**
 * Security headers on every answer, and a guard against DNS rebinding: a page of a stranger whose name was pointed at
 * this machine sends its own name as Host, and is refused. `'any'` switches that off, for servers behind a proxy that checks
 * names itself.
 */
export function addSecurity(app: FastifyInstance, { allowedHosts, secure }: SecurityOptions): void {
  const allowed = allowedHosts === 'any' ? undefined : new Set([...loopbackHosts, ...allowedHosts.map(hostName)])
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(secure ? { ...securityHeaders, ...strictTransport } : securityHeaders)
    refuseForeignPages(request)
    if (!allowed) return
    const host = hostName(request.headers.host ?? '')
    if (!allowed.has(host)) {
      throw serverErrors.hostRefused({
        detail: 'The Host header names a machine that this server was not told to be',
        found: host,
        expected: [...allowed].join(', '),
      })
    }
    const { origin } = request.headers
    if (origin !== undefined && !onlyReads(request) && !allowed.has(originHost(origin))) {
      throw serverErrors.originRefused({ detail: 'A page of another site may not change anything here', found: origin })
    }
  })
}

function originHost(origin: string): string {
  return URL.canParse(origin) ? new URL(origin).hostname.toLowerCase() : ''
}
