import type { FastifyRequest } from 'fastify'
import type { Principal } from './accounts/principal.ts'
import type { Holder } from './fair-share.ts'
import type { Guard } from './guard.ts'

/**
 * Whose share a request counts in. Tenants share first: organisations, and people who belong to several or to the platform. Within
 * an organisation its devices and people share; the tokens of a person are one with them, as a person makes as many as they like.
 * Without accounts, and where nobody has to sign in, addresses share.
 */
export function holderOf({ principal, from }: { readonly principal: Principal; readonly from: string }): Holder {
  const { kind, id, user, access } = principal
  if (kind === 'local') return [`address ${from}`]
  const who = user === undefined ? `${kind} ${id}` : `user ${user}`
  const [organisation, ...more] = new Set(access.map((entry) => entry.organisation))
  return organisation === undefined || organisation === '*' || more.length > 0
    ? [who]
    : [`organisation ${organisation}`, who]
}

/** The same of a request; addresses share what no guard stands before, such as the files of the console. */
export function holderOfRequest(guard: Pick<Guard, 'callerOf'>, request: FastifyRequest): Holder {
  try {
    return holderOf(guard.callerOf(request))
  } catch {
    return [`address ${request.ip}`]
  }
}
