/** What waits for its commit, and what was committed since the store was opened. */
export interface CommitFigures {
  readonly waitingRows: number
  readonly maxWaitingRows: number
  readonly rows: number
  readonly commits: number
  /** Batches refused because too much was waiting. */
  readonly refused: number
}
