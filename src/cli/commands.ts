import { packEntries } from '../pack-entries.ts'
import type { CommandEntry } from './command.ts'

const words = (line: string): readonly string[] => line.split(' ').filter(Boolean)

/** One line of the list: the words, what they are for, the fields of arguments without a flag, and where the rest is. */
const entry = (line: string, title: string, positional: string, load: CommandEntry['load']): CommandEntry => ({
  ...{ words: words(line), title, positional: words(positional), load },
})

/** Commands for the engines of all packs; their flags come from the input of the engine. */
const engines: readonly CommandEntry[] = packEntries
  .flatMap((pack) => pack.engines)
  .map(({ id, title, positional = '', load }) =>
    entry(id.replace('.', ' '), title, positional, async () => {
      const [{ engineCommand }, engine] = await Promise.all([import('./engine-commands.ts'), load()])
      return engineCommand(engine)
    }),
  )

/** A short word for an engine that people use most. */
const short = (word: string, id: string): readonly CommandEntry[] =>
  engines.filter((known) => known.words.join('.') === id).map((known) => ({ ...known, words: [word] }))

const claim = engines
  .filter((known) => known.words.join('.') === 'carbon.check-claim')
  .map(({ load }) =>
    entry(
      'claim',
      'Check a published claim: a file of sentences, or of numbers as YAML; - reads standard input',
      'file',
      async () => (await import('./claim.ts')).claimCommand(await load()),
    ),
  )

const account = engines
  .filter((known) => known.words.join('.') === 'carbon.account')
  .map(({ load }) =>
    entry(
      'account',
      'Account a year of a site: the file inventory-YEAR.yaml beside it, its tables and its meters',
      'site',
      async () => (await import('./account.ts')).accountCommand(await load()),
    ),
  )

/** A command that writes the report of its run too. */
const reported = (known: CommandEntry): CommandEntry => ({
  ...known,
  load: async () => (await import('./report.ts')).withReport(await known.load()),
})

const user = async () => (await import('./user.ts')).userCommands
const token = async () => (await import('./token.ts')).tokenCommands
const store = async () => (await import('./store.ts')).storeCommands
const ledger = async () => (await import('./ledger.ts')).ledgerCommands

/** Every command, in the order in which `mangrove --help` lists them. */
export const commandEntries: readonly CommandEntry[] = [
  entry(
    'check',
    'Say what is understood of a site file, and what is wrong with it',
    'site',
    async () => (await import('./check.ts')).checkCommand,
  ),
  entry(
    'discover',
    'Look for devices, and propose the part of a site file that reads them',
    'what address',
    async () => (await import('./discover.ts')).discoverCommand,
  ),
  ...short('plan', 'energy.plan'),
  ...short('verdict', 'carbon.park-verdict').map(reported),
  entry(
    'start',
    'Serve the console and the API; the park lives in simulated real time',
    'site',
    async () => (await import('./start.ts')).startCommand,
  ),
  entry(
    'simulate',
    'Play the devices of a site on loopback, each in its own protocol',
    'site',
    async () => (await import('./simulate.ts')).simulateCommand,
  ),
  entry(
    'user add',
    'Add a user to the data folder, with a password to be changed at the first sign-in',
    'name',
    async () => (await user()).add,
  ),
  entry('user list', 'List the users of the data folder', '', async () => (await user()).list),
  entry(
    'user reset',
    'Give a user a new password, and end all sessions and tokens',
    'name',
    async () => (await user()).reset,
  ),
  entry(
    'token create',
    'Make an API token that may do part of what its user may',
    'user',
    async () => (await token()).create,
  ),
  entry('token list', 'List the API tokens of a user', 'user', async () => (await token()).list),
  entry('token revoke', 'Revoke an API token of a user', 'user id', async () => (await token()).revoke),
  entry(
    'backup',
    'Back up the data folder, or the database, into a folder that is made',
    'folder',
    async () => (await import('./backup.ts')).backupCommand,
  ),
  entry(
    'restore',
    'Restore a backup into an empty data folder, or an empty database',
    'backup',
    async () => (await import('./restore.ts')).restoreCommand,
  ),
  entry(
    'store status',
    'Tell what the store holds, its sizes and its last backup',
    '',
    async () => (await store()).status,
  ),
  entry(
    'store verify',
    'Read everything in the store, or in a backup, and check every hash',
    '',
    async () => (await store()).verify,
  ),
  entry(
    'store mend',
    'Replace damaged sealed files and evidence by those of a backup',
    'backup',
    async () => (await store()).mend,
  ),
  entry(
    'store seal',
    'Seal months that are over into Parquet, as a server does every hour',
    '',
    async () => (await store()).seal,
  ),
  ...account.map(reported),
  entry(
    'ledger append',
    'Write entries of a file into the ledger of a site, one JSON object a line',
    'site file',
    async () => (await ledger()).append,
  ),
  entry(
    'ledger export',
    'Put the ledger of a site into one file that verifies offline',
    'site out',
    async () => (await ledger()).export,
  ),
  entry(
    'ledger verify',
    'Verify an exported ledger, or a proof, offline: bytes, root, signature and every amount and claim',
    'file',
    async () => (await ledger()).verify,
  ),
  entry(
    'ledger proof',
    'Prove that an entry is in the ledger of a site, for whoever has its verifier key',
    'site entry',
    async () => (await ledger()).proof,
  ),
  entry(
    'ledger credits',
    'Export the credits of a ledger: tables of Article 6.2, or units of the Climate Action Data Trust',
    'site',
    async () => (await ledger()).credits,
  ),
  ...claim,
  entry(
    'runs',
    'List the runs that there is evidence of, newest first',
    'site',
    async () => (await import('./runs.ts')).runsCommand,
  ),
  entry(
    'replay',
    'Run a kept run again from its evidence and compare the bytes',
    'id',
    async () => (await import('./replay.ts')).replayCommand,
  ),
  entry(
    'report',
    'Write the report of a kept run as HTML, PDF, XLSX or JSON, in English, Chinese or Spanish',
    'id',
    async () => (await import('./report.ts')).reportCommand,
  ),
  ...engines,
]
