import { MangroveError } from '../../kernel/index.ts'
import { storeErrors } from '../errors.ts'

/** Codes of PostgreSQL (its Appendix A) and of sockets that mean: nobody there, or gone in the middle. */
const unreachable =
  /^(08...|57P0[1-5]|53300|25006|25P03|ECONNREFUSED|ECONNRESET|ECONNABORTED|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EPIPE|ENOENT)$/
/** What the driver says without a code. */
const lost = /connection (terminated|error|ended)|not queryable|cannot use a pool|socket disconnected/i
const denied = /^(28...|3D000|42501)$/
/** Given up after a while: clashes, waits for locks, statements that were ended, no memory. */
const busy = /^(40001|40P01|55P03|57014|53200)$/
const waited = /timeout exceeded when trying to connect/i
const clash = /^(40001|40P01)$/

const codeOf = (error: unknown): string => String((error as { readonly code?: unknown } | null)?.code ?? '')

/** Two transactions stood in each other's way: one of them does it again. */
export const isClash = (error: unknown): boolean => clash.test(codeOf(error))

/** A lock was not to be had in the time that was given. */
export const isLockTimeout = (error: unknown): boolean =>
  codeOf(error) === '55P03' || codeOf((error as Error)?.cause) === '55P03'

/** A row with this key is there already. */
export const isDuplicate = (error: unknown): boolean => codeOf(error) === '23505'

/**
 * What the store throws for what the driver threw; errors of our own, and bugs, as they are.
 *
 * @param server where it is, without the password
 */
export function explainError(error: unknown, server: string): unknown {
  if (error instanceof MangroveError || !(error instanceof Error)) return error
  const options = { cause: error }
  const code = codeOf(error)
  if (unreachable.test(code) || (code === '' && lost.test(error.message))) {
    return storeErrors.unreachable(
      {
        detail: `The database server cannot be reached, or the connection broke; what was being written may have to be sent again: ${reason(error, code)}`,
        found: server,
        expected: 'a PostgreSQL server that answers; DATABASE_URL says where',
      },
      options,
    )
  }
  if (denied.test(code)) {
    return storeErrors.denied(
      { detail: `The database server does not let us in: ${error.message}`, found: server, expected: 'DATABASE_URL' },
      options,
    )
  }
  if (code === '53100') {
    return storeErrors.full(
      { detail: `The disk of the database server is full; nothing was stored: ${error.message}`, found: server },
      options,
    )
  }
  if (busy.test(code) || (code === '' && waited.test(error.message))) {
    return storeErrors.busy(
      { detail: `The database server did not come to it: ${error.message}`, found: server, expected: 'another try' },
      options,
    )
  }
  if (code === '22021') {
    return storeErrors.badId(
      { detail: 'PostgreSQL keeps no text with the character U+0000', expected: 'text without U+0000' },
      options,
    )
  }
  return error
}

/** Errors of several addresses at once have no message of their own. */
function reason(error: Error, code: string): string {
  return error.message === '' ? code : error.message
}
