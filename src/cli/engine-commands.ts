import type { PlanOutput } from '../energy/index.ts'
import { type Engine, formatProblem } from '../kernel/index.ts'
import type { Command } from './command.ts'
import { exitCode } from './errors.ts'
import { flagsOf } from './flags.ts'
import { runEngine } from './run-engine.ts'
import { showPlan } from './show-plan.ts'

/** How results are shown to a person; an engine without an entry shows its JSON. */
const views: Readonly<Record<string, (output: never) => string>> = {
  'energy.plan': (output: PlanOutput) => showPlan(output),
}

/** `mangrove <room> <verb> …` for every engine, its flags taken from the engine's input schema. */
export const engineCommands = (engines: readonly Engine[]): readonly Command[] => engines.map(engineCommand)

function engineCommand(engine: Engine): Command {
  return {
    words: engine.id.split('.'),
    title: engine.title,
    description: engine.description,
    flags: flagsOf(engine.input),
    positional: engine.positional ? [engine.positional] : [],
    async run(values, json, context) {
      const { output, evidence, warning } = await runEngine(engine, values, context)
      if (json) context.terminal.out(JSON.stringify({ ...(output as object), evidence }))
      else {
        const view = views[engine.id] ?? ((result: unknown) => JSON.stringify(result, null, 2))
        context.terminal.out(view(output as never))
        context.terminal.out(evidence === null ? '' : `\nEvidence ${evidence}`)
      }
      if (warning) context.terminal.error(`Evidence was not kept: ${warning.problems.map(formatProblem).join('; ')}`)
      return exitCode.ok
    },
  }
}
