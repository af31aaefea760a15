import { replayRun } from '../kernel/index.ts'
import type { CommandBody } from './command.ts'
import { exitCode } from './exit-code.ts'
import { openData } from './open-data.ts'
import { openSolver } from './open-solver.ts'

/** `mangrove replay ID`: runs a kept run again from its evidence alone and compares byte for byte. */
export const replayCommand: CommandBody = {
  flags: [{ flag: '--id', field: 'id', type: 'string', description: 'Evidence of the run', required: true }],
  async run(values, json, { terminal, signal, dataFolder, solver: given }) {
    const { evidence, close } = await openData(dataFolder)
    const solver = openSolver(given)
    try {
      // The record alone says which engine it was.
      const { packs } = await import('../packs.ts')
      const engines = new Map(packs.flatMap((pack) => pack.engines).map((engine) => [engine.id, engine]))
      const { output: _, ...replay } = await replayRun(String(values.id), {
        engines,
        evidence,
        solver,
        signal,
        progress: terminal.progress,
      })
      if (json) terminal.out(JSON.stringify(replay))
      else {
        const { identical, engine, engineVersion, id, outputSha256, differences } = replay
        terminal.out(`${engine} ${engineVersion}, run ${id}`)
        terminal.out(
          identical ? `The same bytes: ${outputSha256}` : `Not the same: ${differences.length} differences shown`,
        )
        for (const { path, was, is } of differences)
          terminal.out(`  ${path}: was ${JSON.stringify(was)}, is ${JSON.stringify(is)}`)
      }
      return replay.identical ? exitCode.ok : exitCode.noResult
    } finally {
      await Promise.all([solver.close(), close()])
    }
  },
}
