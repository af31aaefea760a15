import { type Engine, formatProblem, MangroveError, readInput, runEngine, systemClock } from '../kernel/index.ts'
import type { CommandBody } from './command.ts'
import { exitCode } from './exit-code.ts'
import { type FlagSpec, flagsOf } from './flags.ts'
import { fieldsOf, readText } from './input-file.ts'
import { openData } from './open-data.ts'
import { openSolver } from './open-solver.ts'
import { withLines } from './site-lines.ts'

// biome-ignore lint/suspicious/noExplicitAny: each view takes the output of its own engine
type View = (output: any) => string

/** How results are shown to a person; an engine without an entry shows its JSON. */
const views: Readonly<Record<string, () => Promise<View>>> = {
  'carbon.account': async () => (await import('./show-account.ts')).showAccount,
  'carbon.match-hours': async () => (await import('./show-matching.ts')).showMatching,
  'carbon.park-verdict': async () => (await import('./show-verdict.ts')).showVerdict,
  'carbon.park-path': async () => (await import('./show-verdict.ts')).showPath,
  'carbon.battery': async () => (await import('./show-avoided.ts')).showBattery,
  'carbon.avoided': async () => (await import('./show-avoided.ts')).showAvoided,
  'carbon.abatement-curve': async () => (await import('./show-abatement.ts')).showCurve,
  'carbon.transport-chain': async () => (await import('./show-freight.ts')).showChain,
  'carbon.product-footprint': async () => (await import('./show-freight.ts')).showProduct,
  'carbon.check-footprint': async () => (await import('./show-freight.ts')).showFootprintCheck,
  'carbon.check-claim': async () => (await import('../carbon/index.ts')).describeClaim,
  'energy.plan': async () => (await import('./show-plan.ts')).showPlan,
  'energy.backtest': async () => (await import('../energy/index.ts')).describeBacktest,
  'energy.bill': async () => (await import('./show-bill.ts')).showBill,
  'energy.explain': async () => (await import('./show-explain.ts')).showExplain,
  'energy.what-if': async () => (await import('./show-explain.ts')).showWhatIf,
  'energy.forecast': async () => (await import('./show-forecast.ts')).showForecast,
  'energy.size': async () => (await import('./show-size.ts')).showSize,
  'energy.savings': async () => (await import('../energy/index.ts')).describeSavings,
}

/** Longest file of inputs, characters. */
const mostInput = 50_000_000

const inputFile: FlagSpec = {
  ...{ flag: '--input', field: 'input file', type: 'string', required: false, bringsOthers: true },
  description: 'YAML or JSON with the values of flags, by their names over HTTP; -: standard input. Flags go before it',
}

const asJson: View = (output) => JSON.stringify(output, null, 2)

/** `mangrove <room> <verb> …` for an engine, its flags taken from the engine's input schema. */
export function engineCommand(engine: Engine): CommandBody {
  return {
    description: engine.description,
    flags: [...flagsOf(engine.input), inputFile],
    async run({ [inputFile.field]: file, ...flags }, json, { terminal, signal, dataFolder, kept, solver: given }) {
      const values = file === undefined ? flags : { ...(await readFields(String(file))), ...flags }
      const input = readInput(engine, values)
      const { data, evidence, checkpoints, close } = await openData(dataFolder)
      const solver = openSolver(given)
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
          const view = (await views[engine.id]?.()) ?? asJson
          terminal.out(view(output))
          if (id !== null) terminal.out(`\nEvidence ${id} (mangrove replay runs it again)`)
        }
        if (lost !== undefined) terminal.error(`Evidence was not kept: ${reasonOf(lost)}`)
        else await kept?.(record, evidence)
        return exitCode.ok
      } finally {
        await Promise.all([solver.close(), close()])
      }
    },
  }
}

const readFields = async (path: string): Promise<Readonly<Record<string, unknown>>> =>
  fieldsOf(await readText(path, 'The input', mostInput), path, 'the fields of the input')

const reasonOf = (error: unknown): string =>
  error instanceof MangroveError
    ? error.problems.map(formatProblem).join('; ')
    : error instanceof Error
      ? error.message
      : String(error)
