import type { TokenStatus } from './id-tokens.ts'

/** What a token is, in the words of all versions. */
export const tokenStatuses: Readonly<Record<TokenStatus, string>> = {
  accepted: 'Accepted',
  blocked: 'Blocked',
  expired: 'Expired',
  invalid: 'Invalid',
  concurrent: 'ConcurrentTx',
}

/** Whether a station may come in. */
export const admissions = { accepted: 'Accepted', pending: 'Pending', rejected: 'Rejected' } as const
