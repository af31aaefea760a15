import type { Pack } from '../kernel/index.ts'
import { packs } from '../packs.ts'
import { backupCommand } from './backup.ts'
import { checkCommand } from './check.ts'
import { claimCommand } from './claim.ts'
import type { Command } from './command.ts'
import { discoverCommand } from './discover.ts'
import { engineCommands } from './engine-commands.ts'
import { ledgerCommands } from './ledger.ts'
import { replayCommand } from './replay.ts'
import { restoreCommand } from './restore.ts'
import { runsCommand } from './runs.ts'
import { simulateCommand } from './simulate.ts'
import { startCommand } from './start.ts'
import { storeCommands } from './store.ts'
import { tokenCommands } from './token.ts'
import { userCommands } from './user.ts'

/** Short words for the engines that people use most. */
const aliases: Readonly<Record<string, string>> = { plan: 'energy.plan', verdict: 'carbon.park-verdict' }

/** Every command: the engines of all packs, their aliases, and what is no engine. */
export function commandList(known: readonly Pack[] = packs): readonly Command[] {
  const engines = engineCommands(known)
  const short = Object.entries(aliases).flatMap(([word, id]) => {
    const command = engines.find((candidate) => candidate.words.join('.') === id)
    return command ? [{ ...command, words: [word] }] : []
  })
  return [
    checkCommand(known),
    discoverCommand(known),
    ...short,
    startCommand(known),
    simulateCommand(known),
    ...userCommands,
    ...tokenCommands,
    backupCommand,
    restoreCommand,
    ...storeCommands,
    ...ledgerCommands,
    ...engines.filter(({ words }) => words.join('.') === 'carbon.check-claim').map(claimCommand),
    runsCommand(known),
    replayCommand(known),
    ...engines,
  ]
}
