import type { Figure } from './figures.ts'

/** What is on its way into the store, how large it is, and what is done behind it. */
export const storeFigures: readonly Figure[] = [
  {
    name: 'mangrove_store_open_rows',
    help: 'Observations on their way, from the first look at a batch to its commit',
    read: ({ store }) => store?.openRows.rows,
  },
  {
    name: 'mangrove_store_open_limit_rows',
    help: 'More are refused with 503',
    read: ({ store }) => store?.openRows.maxRows,
  },
  {
    name: 'mangrove_store_open_refused_total',
    help: 'Batches refused because too many observations are on their way',
    read: ({ store }) => store?.openRows.refused,
  },
  {
    name: 'mangrove_store_waiting_for_connection',
    help: 'Work that waits for a connection to PostgreSQL',
    read: ({ store }) => store?.waitingForConnection,
  },
  {
    name: 'mangrove_commit_waiting_rows',
    help: 'Observations that wait for the disk',
    read: ({ store }) => store?.commits?.waitingRows,
  },
  {
    name: 'mangrove_commit_waiting_limit_rows',
    help: 'More are refused with 503',
    read: ({ store }) => store?.commits?.maxWaitingRows,
  },
  { name: 'mangrove_commits_total', help: 'Commits of observations', read: ({ store }) => store?.commits?.commits },
  {
    name: 'mangrove_committed_rows_total',
    help: 'Observations on the disk since the start',
    read: ({ store }) => store?.commits?.rows,
  },
  {
    name: 'mangrove_commit_refused_total',
    help: 'Batches refused because too many wait',
    read: ({ store }) => store?.commits?.refused,
  },
  {
    ...{ name: 'mangrove_store_size_bytes', help: 'What the store takes on its disk, by part', labels: ['part'] },
    read: ({ store }) => store?.sizeBytes,
  },
  {
    name: 'mangrove_upkeep_stale_quarters',
    help: 'Quarters of an hour to be made anew',
    read: ({ store }) => store?.staleQuarters,
  },
  { name: 'mangrove_upkeep_turns_total', help: 'Turns of upkeep that went well', read: ({ upkeep }) => upkeep.turns },
  {
    name: 'mangrove_upkeep_quarters_total',
    help: 'Quarters of an hour made anew',
    read: ({ upkeep }) => upkeep.quarters,
  },
  {
    name: 'mangrove_upkeep_failures_total',
    help: 'Turns of upkeep that failed',
    read: ({ upkeep }) => upkeep.failures,
  },
  {
    name: 'mangrove_upkeep_sealed_months_total',
    help: 'Months of sites that were sealed',
    read: ({ upkeep }) => upkeep.sealedMonths,
  },
  {
    name: 'mangrove_upkeep_last_turn_seconds',
    help: 'How long the last turn took',
    read: ({ upkeep }) => upkeep.lastTurnTookMs / 1000,
  },
  {
    ...{ name: 'mangrove_upkeep_last_turn_timestamp_seconds', help: 'When the last turn went well, Unix time' },
    read: ({ upkeep }) => upkeep.lastTurnMs && upkeep.lastTurnMs / 1000,
  },
]
