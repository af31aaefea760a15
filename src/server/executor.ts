import type { Engine } from '../kernel/index.ts'
import type { ReportChoice } from '../report/index.ts'
import type { JobTools } from './jobs.ts'

/** Runs engines for this server: checked input, in a thread of its own, ports attached, evidence kept. */
export interface Executor {
  /** @throws with every problem of the input, before anything runs. */
  check(engine: Engine, input: unknown): void
  /** The engine's output with `evidence`, the id of the run; `clockMs` is the moment it takes for now, the present by default. */
  run(
    engine: Engine,
    input: unknown,
    tools: JobTools,
    clockMs?: number,
  ): Promise<Record<string, unknown> & { readonly evidence: string }>
  /** Runs a kept run again and tells whether it gave the same bytes. */
  replay(id: string, tools: JobTools): Promise<unknown>
  /** The report of a kept run as a file. @throws `report.no-report` */
  report(id: string, choice: ReportChoice, tools: JobTools): Promise<Uint8Array>
  /** Ends the threads; what still runs fails. */
  close(): Promise<void>
}
