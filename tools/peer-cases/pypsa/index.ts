import type { Peer } from '../peer.ts'
import { readFolder } from './read-folder.ts'
import { solveNetwork } from './solve-network.ts'

/** Networks that PyPSA exported to a folder of CSV files. */
export const pypsa: Peer = {
  name: 'pypsa',
  takes: 'DIR',
  async run(path, solver) {
    const { objective, objectiveConstant, capacities, ms, boundGap } = await solveNetwork(
      solver,
      await readFolder(path),
    )
    return { objective, capacities, ms: Math.round(ms * 10) / 10, boundGap, objectiveConstant }
  },
}
