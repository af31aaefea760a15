import type { Problem } from '../../kernel/index.ts'
import type { ObservationBatch } from '../../store/index.ts'
import type { BodyMemory } from './body-memory.ts'

export const observationFormats = ['json', 'ndjson', 'csv', 'line-protocol', 'remote-write', 'remote-write-2'] as const

/** How observations are written in a body. */
export type ObservationFormat = (typeof observationFormats)[number]

/** What one body may hold. What is above is refused by name; what is below is kept. */
export interface ParseLimits {
  /** Bytes, after decompression. */
  readonly maxBytes: number
  readonly maxRows: number
  /** Different series, and different names of each kind (points, sites, units). */
  readonly maxSeries: number
}

export const defaultLimits: ParseLimits = { maxBytes: 64 * 1024 * 1024, maxRows: 5_000_000, maxSeries: 100_000 }

/** Step of the integer time stamps of line protocol. */
export type StampPrecision = 'ns' | 'us' | 'ms' | 's'

export interface ParseContext {
  /** Site of observations that name none. */
  readonly site: string
  /** Source of observations that name none. */
  readonly source: string
  /** When the body came, whole UTC milliseconds: the time of lines of line protocol that have none. */
  readonly receivedMs: number
  readonly limits: ParseLimits
  /** Of line protocol. Default `ns`. */
  readonly precision?: StampPrecision
  /** Tags and labels that tell no series apart, beside {@link carrierTags}. */
  readonly ignoredTags?: readonly string[]
}

/**
 * Tags and labels that say who carried an observation, not what was measured. Any other tag that is not understood is
 * refused: two series that only it tells apart would become one.
 */
export const carrierTags: readonly string[] = [
  'host',
  'job',
  'instance',
  'prometheus',
  'prometheus_replica',
  'replica',
  'cluster',
  'monitor',
]

/** What was in a body. `total` is `batch.count` and `refusedCount` together. */
export interface ParsedObservations {
  readonly batch: ObservationBatch
  /** The first {@link maxToldProblems}, with where in the body. */
  readonly refused: readonly Problem[]
  /** Observations that were refused. */
  readonly refusedCount: number
  readonly total: number
}

export const maxToldProblems = 100

/** Reads one format. It throws for a body that is none of this format, and refuses single observations. */
export type ObservationParser = (bytes: Buffer, context: ParseContext, memory: BodyMemory) => ParsedObservations
