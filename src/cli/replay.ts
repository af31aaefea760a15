import { type Pack, replayRun } from '../kernel/index.ts'
import { createSolverPool } from '../solve/index.ts'
import type { Command } from './command.ts'
import { exitCode } from './errors.ts'
import { openData } from './open-data.ts'

/** `mangrove replay ID`: runs a kept run again from its evidence alone and compares byte for byte. */
export const replayCommand = (packs: readonly Pack[]): Command => ({
  words: ['replay'],
  title: 'Run a kept run again from its evidence and compare the bytes',
  flags: [{ flag: '--id', field: 'id', type: 'string', description: 'Evidence of the run', required: true }],
  positional: ['id'],
  async run(values, json, { terminal, signal, dataFolder }) {
    const { evidence, close } = await openData(packs, dataFolder)
    const solver = createSolverPool()
    try {
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
})
