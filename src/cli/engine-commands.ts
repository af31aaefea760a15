import { type ClaimOutput, describeClaim, type PathOutput, type VerdictOutput } from '../carbon/index.ts'
import {
  type BacktestOutput,
  type BillOutput,
  describeBacktest,
  describeSavings,
  type ExplainOutput,
  type ForecastOutput,
  type PlanOutput,
  type SavingsOutput,
  type SizeOutput,
  type WhatIfOutput,
} from '../energy/index.ts'
import {
  type Engine,
  formatProblem,
  MangroveError,
  type Pack,
  readInput,
  runEngine,
  systemClock,
} from '../kernel/index.ts'
import { createSolverPool } from '../solve/index.ts'
import type { Command } from './command.ts'
import { exitCode } from './errors.ts'
import { flagsOf } from './flags.ts'
import { openData } from './open-data.ts'
import { showBill } from './show-bill.ts'
import { showExplain, showWhatIf } from './show-explain.ts'
import { showForecast } from './show-forecast.ts'
import { showPlan } from './show-plan.ts'
import { showSize } from './show-size.ts'
import { showPath, showVerdict } from './show-verdict.ts'
import { withLines } from './site-lines.ts'

/** How results are shown to a person; an engine without an entry shows its JSON. */
const views: Readonly<Record<string, (output: never) => string>> = {
  'carbon.park-verdict': (output: VerdictOutput) => showVerdict(output),
  'carbon.park-path': (output: PathOutput) => showPath(output),
  'carbon.check-claim': (output: ClaimOutput) => describeClaim(output),
  'energy.plan': (output: PlanOutput) => showPlan(output),
  'energy.backtest': (output: BacktestOutput) => describeBacktest(output),
  'energy.bill': (output: BillOutput) => showBill(output),
  'energy.explain': (output: ExplainOutput) => showExplain(output),
  'energy.what-if': (output: WhatIfOutput) => showWhatIf(output),
  'energy.forecast': (output: ForecastOutput) => showForecast(output),
  'energy.size': (output: SizeOutput) => showSize(output),
  'energy.savings': (output: SavingsOutput) => describeSavings(output),
}

/** `mangrove <room> <verb> …` for every engine, its flags taken from the engine's input schema. */
export const engineCommands = (packs: readonly Pack[]): readonly Command[] =>
  packs.flatMap((pack) => pack.engines).map((engine) => engineCommand(engine, packs))

function engineCommand(engine: Engine, packs: readonly Pack[]): Command {
  return {
    words: engine.id.split('.'),
    title: engine.title,
    description: engine.description,
    flags: flagsOf(engine.input),
    positional: engine.positional ? [engine.positional] : [],
    async run(values, json, { terminal, signal, dataFolder }) {
      const input = readInput(engine, values)
      const { data, evidence, checkpoints, close } = await openData(packs, dataFolder)
      const solver = createSolverPool()
      try {
        const running = runEngine(engine, input, {
          data,
          solver,
          clock: systemClock,
          signal,
          progress: terminal.progress,
          checkpoints,
        })
        const { output, record, blobs } = await withLines(values, running)
        // A result without evidence is still a result; that it cannot be replayed is said.
        const lost = await evidence.put(record, blobs).catch((error: unknown) => error)
        const id = lost === undefined ? record.id : null
        if (json) terminal.out(JSON.stringify({ ...(output as object), evidence: id }))
        else {
          const view = views[engine.id] ?? ((result: unknown) => JSON.stringify(result, null, 2))
          terminal.out(view(output as never))
          if (id !== null) terminal.out(`\nEvidence ${id} (mangrove replay runs it again)`)
        }
        if (lost !== undefined) terminal.error(`Evidence was not kept: ${reasonOf(lost)}`)
        return exitCode.ok
      } finally {
        await Promise.all([solver.close(), close()])
      }
    },
  }
}

const reasonOf = (error: unknown): string =>
  error instanceof MangroveError
    ? error.problems.map(formatProblem).join('; ')
    : error instanceof Error
      ? error.message
      : String(error)
