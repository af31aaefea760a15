import type { Clock, DataPort, Engine, EvidenceStore, Pack } from '../kernel/index.ts'
import type { Store } from '../store/index.ts'
import type { Alarms } from './alarms/create-alarms.ts'
import type { Arrivals } from './arrivals.ts'
import type { Charging } from './charging/create-charging.ts'
import type { Commands } from './commands/create-commands.ts'
import type { DeclaredPoints } from './declared-points.ts'
import type { Executor } from './executor.ts'
import type { Field } from './field/create-field.ts'
import type { Forward } from './forward/create-forward.ts'
import type { Jobs } from './jobs.ts'
import type { LiveCounts } from './live-counts.ts'
import type { LiveHub } from './live-hub.ts'
import type { Twins } from './living-park/twins.ts'
import type { Metrics } from './metrics/create-metrics.ts'
import type { Ocpi } from './ocpi/create-ocpi.ts'
import type { SiteBook } from './site-book.ts'
import type { StreamGate } from './stream-gate.ts'

/** How far the parks are that live in simulated time. */
export interface FillProgress {
  /** 0 to 1. */
  readonly fraction: number
  readonly done: boolean
}

/** What the routes of one server share. */
export interface ServerParts {
  readonly packs: readonly Pack[]
  readonly engines: ReadonlyMap<string, Engine>
  readonly store: Store
  readonly evidence: EvidenceStore
  readonly clock: Clock
  readonly data: DataPort
  readonly sites: SiteBook
  /** Points that were declared at run time. */
  readonly declared: DeclaredPoints
  readonly jobs: Jobs
  readonly hub: LiveHub
  readonly arrivals: Arrivals
  /** Alarms of all sites; whoever listens starts to evaluate them. */
  readonly alarms: Alarms
  /** Links to devices; whoever listens opens them. */
  readonly field: Field
  /** The way to a centre; whoever listens starts it. */
  readonly forward: Forward
  /** Roaming; absent on a server without accounts. */
  readonly ocpi: Ocpi | undefined
  /** Simulated devices by site, of sites that are simulated. */
  readonly twins: Map<string, Twins>
  /** Setpoints of the sites on their way to their machines; whoever listens starts it. */
  readonly commands: Commands
  /** Power of the sites on its way to their chargers; whoever listens starts it. */
  readonly charging: Charging
  readonly liveCounts: LiveCounts
  /** Places of live streams. */
  readonly streams: StreamGate
  readonly executor: Executor
  /** Progress of filling by site id; empty where no park is simulated. */
  readonly filling: Map<string, FillProgress>
  /** Aborts when the server stops; streams end on it. */
  readonly stopping: AbortSignal
  /** Tells the log of a failure that stops nothing. */
  report(error: unknown, message: string): void
  readonly metrics: Metrics
}
