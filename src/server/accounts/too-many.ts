import type { MangroveError } from '../../kernel/index.ts'
import { accountErrors } from './errors.ts'

/** A refusal that says when to come back. */
export type TooMany = MangroveError & { readonly retryAfterMs: number }

export const tooMany = (detail: string, retryAfterMs: number): TooMany =>
  Object.assign(accountErrors.tooMany({ detail, expected: `the next one in ${Math.ceil(retryAfterMs / 1000)} s` }), {
    retryAfterMs,
  })
