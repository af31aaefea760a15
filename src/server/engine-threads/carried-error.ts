import { MangroveError, type Problem } from '../../kernel/index.ts'

/** An error as a message between threads, where a class does not survive. */
export interface CarriedError {
  readonly name: string
  readonly message: string
  readonly stack: string | undefined
  /** Of an expected failure, all of them; absent: a bug. */
  readonly problems?: readonly Problem[]
  readonly cause?: CarriedError
}

/** Causes of causes that are carried; they are for the log. */
const keptCauses = 4

export function packError(error: unknown, depth = 0): CarriedError {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error), stack: undefined }
  const { name, message, stack, cause } = error
  return {
    name,
    message,
    stack,
    ...(error instanceof MangroveError ? { problems: error.problems.map(plain) } : {}),
    ...(cause === undefined || depth === keptCauses ? {} : { cause: packError(cause, depth + 1) }),
  }
}

/** The same error in this thread: its class where it is one of ours, and the stack of where it was thrown. */
export function unpackError({ name, message, stack, problems, cause }: CarriedError): Error {
  const options = cause ? { cause: unpackError(cause) } : {}
  const error = problems ? new MangroveError(problems, options) : new Error(message, options)
  const hidden = { configurable: true, writable: true, enumerable: false }
  Object.defineProperty(error, 'name', { ...hidden, value: name })
  if (stack !== undefined) Object.defineProperty(error, 'stack', { ...hidden, value: stack })
  return error
}

/** A problem whose found value can be sent; one that cannot is sent as text. */
function plain(problem: Problem): Problem {
  try {
    structuredClone(problem)
    return problem
  } catch {
    return { ...problem, found: String(problem.found) }
  }
}
