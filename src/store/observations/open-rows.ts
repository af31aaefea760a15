import { storeErrors } from '../errors.ts'

/** Rows that may be on their way into a store at once, from the first look at a batch to its commit. */
export const maxOpenRows = 2_000_000

export interface OpenRowFigures {
  readonly rows: number
  readonly maxRows: number
  /** Batches refused because too many rows were under way. */
  readonly refused: number
}

export interface OpenRows {
  /**
   * Lets work be done as long as not too many rows are under way; what is above is refused, and its sender keeps it.
   *
   * @throws `store.busy` (503)
   */
  hold<T>(rows: number, work: () => Promise<T>): Promise<T>
  figures(): OpenRowFigures
}

/** Counts rows before a queue of the engine does: names are looked up meanwhile, and PostgreSQL has no queue of its own here. */
export function createOpenRows(limit: number = maxOpenRows): OpenRows {
  let open = 0
  let refused = 0
  return {
    async hold(rows, work) {
      if (open > 0 && open + rows > limit) {
        refused += 1
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
    },
    figures: () => ({ rows: open, maxRows: limit, refused }),
  }
}
