import { storeErrors } from '../errors.ts'
import type { CommitFigures } from './commit-figures.ts'
import type { Rows } from './rows.ts'

export interface GroupCommit {
  /** On the disk when it returns. @throws `store.busy` when too many rows wait */
  append(rows: Rows): Promise<void>
  figures(): CommitFigures
}

export interface GroupLimits {
  /** Rows that may wait; a batch above is refused, and its sender keeps it. */
  readonly waitingRows: number
  /** Rows of one commit, so that none takes long. */
  readonly commitRows: number
}

const usualLimits: GroupLimits = { waitingRows: 2_000_000, commitRows: 200_000 }

/** Commits what came while the last commit was under way as one: many small batches cost little more than a large one. */
export function createGroupCommit(
  commit: (group: readonly Rows[]) => Promise<void>,
  given: Partial<GroupLimits> = {},
): GroupCommit {
  const limits = { ...usualLimits, ...given }
  const waiting: { readonly rows: Rows; readonly settled: PromiseWithResolvers<void> }[] = []
  const counted = { rows: 0, commits: 0, refused: 0 }
  let waitingRows = 0
  let running = false

  const run = async (): Promise<void> => {
    running = true
    while (waiting.length > 0) {
      const group = [waiting.shift()!]
      let rows = group[0]!.rows.count
      while (waiting.length > 0 && rows + waiting[0]!.rows.count <= limits.commitRows) {
        rows += waiting[0]!.rows.count
        group.push(waiting.shift()!)
      }
      try {
        await commit(group.map((one) => one.rows))
        counted.rows += rows
        counted.commits += 1
        for (const { settled } of group) settled.resolve()
      } catch (error) {
        for (const { settled } of group) settled.reject(error)
      }
      waitingRows -= rows
    }
    running = false
  }

  return {
    async append(rows) {
      if (waitingRows > 0 && waitingRows + rows.count > limits.waitingRows) {
        counted.refused += 1
        throw storeErrors.busy({
          detail: 'Too many observations are waiting for the disk; send them again later',
          found: waitingRows,
          expected: `at most ${limits.waitingRows} waiting`,
        })
      }
      const settled = Promise.withResolvers<void>()
      waiting.push({ rows, settled })
      waitingRows += rows.count
      if (!running) void run()
      await settled.promise
    },
    figures: () => ({ ...counted, waitingRows, maxWaitingRows: limits.waitingRows }),
  }
}
