// Solves cases of comparable projects, read from their own files, with Mangrove's solver room and engines.
// One JSON line a case goes to stdout and nothing else; see docs/guides/peer-cases.md.
import { createInlineSolver } from '../../src/solve/index.ts'
import { carbon } from './carbon/index.ts'
import { evcc } from './evcc/index.ts'
import { type Peer, type PeerOfMany, runCases } from './peer.ts'
import { pvwatts } from './pvwatts/index.ts'
import { pypsa } from './pypsa/index.ts'

const peers: readonly (Peer | PeerOfMany)[] = [carbon, evcc, pvwatts, pypsa]

const [name, ...paths] = process.argv.slice(2)
const peer = peers.find((candidate) => candidate.name === name)
if (!peer || paths.length === 0) {
  const lines = peers.map((known) => `  npm run -s peer-case -- ${known.name} ${known.takes}...`)
  process.stderr.write(`${name && !peer ? `There is no peer «${name}».\n` : ''}Usage:\n${lines.join('\n')}\n`)
  process.exitCode = 2
} else {
  const solver = await createInlineSolver()
  const ok = await runCases(peer, paths, { solver, print: (line) => process.stdout.write(`${line}\n`) })
  await solver.close()
  process.exitCode = ok ? 0 : 1
}
