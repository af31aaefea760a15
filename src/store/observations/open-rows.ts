import { storeErrors } from '../errors.ts'

/** Rows that may be on their way into a store at once, from the first look at a batch to its commit. */
export const maxOpenRows = 2_000_000

/** Lets work be done as long as not too many rows are under way; what is above is refused, and its sender keeps it. */
export function createOpenRows(limit: number = maxOpenRows): <T>(rows: number, work: () => Promise<T>) => Promise<T> {
  let open = 0
  return async (rows, work) => {
    if (open > 0 && open + rows > limit) {
      throw storeErrors.busy({
        detail: 'Too many observations are waiting for the disk; send them again later',
        found: open,
        expected: `at most ${limit} waiting`,
      })
    }
    open += rows
    try {
      return await work()
    } finally {
      open -= rows
    }
  }
}
