import type { FastifyReply } from 'fastify'
import type { Accounts } from '../../accounts/accounts.ts'
import { sessionCookie } from '../../accounts/cookies.ts'

/** Gives the browser the cookie of a session that has begun. */
export function setCookie(reply: FastifyReply, { secure, sessionLimits }: Accounts, secret: string): void {
  const maxAgeSeconds = Math.floor(sessionLimits.absoluteMs / 1000)
  reply.header('set-cookie', sessionCookie(secret, { secure, maxAgeSeconds }))
}

/** Takes the cookie away, and what the browser kept of answers. */
export function clearCookie(reply: FastifyReply, { secure }: Accounts): void {
  reply.header('set-cookie', sessionCookie('', { secure, maxAgeSeconds: 0 }))
  reply.header('clear-site-data', '"cache"')
}
