import { type Clock, MangroveError } from '../../kernel/index.ts'
import type { Journal } from '../../store/index.ts'
import { carbonErrors } from '../errors.ts'
import { checkAmount, checkScope } from './check-amount.ts'
import { type LogSigner, signCheckpoint } from './checkpoint.ts'
import {
  checkDraft,
  type Entry,
  type EntryBody,
  type EntryDraft,
  type EntryKind,
  entryText,
  readEntry,
} from './entry.ts'
import { exportFooter, exportHeader } from './export-form.ts'
import { type Batch, createLedgerLog, type LedgerLog } from './ledger-log.ts'
import type { LedgerState } from './ledger-state.ts'
import { createPace } from './pace.ts'

export interface WrittenEntry {
  /** Place in the log, from 0 on. */
  readonly number: number
  readonly id: string
  /** Hash of the leaf, hex. */
  readonly leaf: string
  /** False where the same operation was written before. */
  readonly fresh: boolean
}

/** Shows offline that an entry is in the log. All hashes hex. */
export interface InclusionProof {
  readonly number: number
  readonly size: number
  /** The bytes of the entry. */
  readonly entry: string
  readonly path: readonly string[]
  readonly checkpoint: string
}

/** Shows offline that the log goes on from where it had `first` entries. */
export interface ConsistencyProof {
  readonly first: number
  readonly firstRoot: string
  readonly second: number
  readonly path: readonly string[]
  readonly checkpoint: string
}

export type ReadState = Omit<LedgerState, 'take'>

/** An entry whose content depends on the state it meets: the next block of serials. Sent again, it is the one that was made. */
export interface MadeDraft {
  readonly id: string
  readonly by: string
  readonly kind: EntryKind
  make(state: ReadState): EntryBody
}

/** The ledger of a site. */
export interface Ledger {
  readonly origin: string
  readonly verifierKey: string
  /**
   * Writes an entry; on the disk when it returns. What comes while a write is under way goes with the next one.
   *
   * @throws `carbon.bad-entry`, `carbon.other-content` for an operation id with another content, and what {@link LedgerState} refuses
   */
  append(draft: EntryDraft | MadeDraft): Promise<WrittenEntry>
  size(): Promise<number>
  /** Reads the state as it is on the disk. */
  read<T>(work: (state: ReadState) => T): Promise<T>
  entries(from: number, to: number): AsyncIterable<Entry>
  /** A signed statement of the log as it is. */
  checkpoint(): Promise<string>
  /** @throws `carbon.unknown-entry` */
  prove(entry: number | string): Promise<InclusionProof>
  /** @throws `carbon.unknown-entry` */
  proveConsistency(first: number): Promise<ConsistencyProof>
  /** The whole log as lines of one file: `export-form.ts`. */
  export(): AsyncIterable<string>
}

export interface LedgerParts {
  readonly journal: Journal
  readonly clock: Clock
  readonly signer: LogSigner
  readonly site: string
}

/** Entries of one commit at most. */
const batchEntries = 1000

export const ledgerStream = (site: string): string => `ledger/${site}`
export const ledgerOrigin = (site: string): string => `mangrove/${site}`

interface Waiting {
  readonly draft: EntryDraft | MadeDraft
  readonly settled: PromiseWithResolvers<WrittenEntry>
}

/** Opens the ledger of a site in a store; its lines are read at the first use. */
export function createLedger({ journal, clock, signer, site }: LedgerParts): Ledger {
  const stream = ledgerStream(site)
  const origin = ledgerOrigin(site)
  let opened: LedgerLog | undefined
  const waiting: Waiting[] = []
  let tail: Promise<unknown> = Promise.resolve()

  /** One after another, on the log as it is on the disk; where it cannot be read, it is read from its beginning the next time. */
  const inTurn = <T>(work: (log: LedgerLog) => Promise<T> | T): Promise<T> => {
    const turn = tail.then(async () => {
      const log = opened ?? createLedgerLog(journal, stream)
      opened = undefined
      await log.catchUp()
      opened = log
      return work(log)
    })
    tail = turn.catch(() => undefined)
    return turn
  }

  const commit = async (log: LedgerLog): Promise<void> => {
    // A turn of the loop later, so that what came in together is written together.
    await new Promise(setImmediate)
    const group = waiting.splice(0, batchEntries)
    if (waiting.length > 0) start()
    const done: { readonly from: Waiting; readonly written: WrittenEntry }[] = []
    let first = 0
    try {
      const line = await journal.extend<Batch>(stream, log.journal(), async (newer) => {
        await log.follow(newer)
        first = log.tree.size
        const lines: string[] = []
        const pace = createPace()
        for (const from of group) {
          try {
            const { line, written } = admit(log, from.draft, clock.now())
            if (line !== undefined) lines.push(line)
            done.push({ from, written })
          } catch (error) {
            // An entry that is refused leaves nothing behind; of anything else that is not known.
            if (!(error instanceof MangroveError)) throw error
            from.settled.reject(error)
          }
          await pace()
        }
        return lines.length === 0 ? undefined : { first, entries: lines, root: log.tree.root().toString('hex') }
      })
      if (line) log.wrote(line.number, first)
      for (const { from, written } of done) from.settled.resolve(written)
    } catch (error) {
      // What is held is ahead of the disk.
      opened = undefined
      for (const { settled } of group) settled.reject(error)
    }
  }
  const start = (): void => {
    inTurn(commit).catch((error: unknown) => {
      // Where the log cannot be read nothing was taken out of those that wait.
      for (const { settled } of waiting.splice(0)) settled.reject(error)
    })
  }
  const note = ({ tree }: LedgerLog): string => {
    const time = new Date(clock.now()).toISOString()
    return signCheckpoint({ origin, size: tree.size, root: tree.root(), time }, signer)
  }
  const proof = async (log: LedgerLog, which: number | string): Promise<InclusionProof> => {
    const { tree } = log
    const number = typeof which === 'number' ? which : log.numberOf(which)
    if (number === undefined || !(Number.isInteger(number) && number >= 0 && number < tree.size)) {
      throw unknown(which, tree.size)
    }
    const path = tree.inclusion(number).map((hash) => hash.toString('hex'))
    for await (const entry of log.lines(number, number + 1)) {
      return { number, size: tree.size, entry, path, checkpoint: note(log) }
    }
    throw unknown(which, tree.size)
  }

  return {
    origin,
    verifierKey: signer.verifierKey,
    append(draft) {
      const settled = Promise.withResolvers<WrittenEntry>()
      waiting.push({ draft, settled })
      if (waiting.length === 1) start()
      return settled.promise
    },
    size: () => inTurn(({ tree }) => tree.size),
    read: (work) => inTurn(({ state }) => work(state)),
    async *entries(from, to) {
      const log = await inTurn((one) => one)
      let number = from
      for await (const line of log.lines(from, to)) {
        yield readEntry(line, number)
        number += 1
      }
    },
    checkpoint: () => inTurn(note),
    prove: (which) => inTurn((log) => proof(log, which)),
    proveConsistency: (first) =>
      inTurn((log) => {
        const { tree } = log
        if (!Number.isInteger(first) || first < 0 || first > tree.size) throw unknown(first, tree.size)
        const path = tree.consistency(first).map((hash) => hash.toString('hex'))
        const firstRoot = tree.root(first).toString('hex')
        return { first, firstRoot, second: tree.size, path, checkpoint: note(log) }
      }),
    async *export() {
      const { log, size, checkpoint } = await inTurn((one) => ({
        log: one,
        size: one.tree.size,
        checkpoint: note(one),
      }))
      yield exportHeader({ origin, verifierKey: signer.verifierKey, size })
      yield* log.lines(0, size)
      yield exportFooter(checkpoint)
    },
  }
}

/** Takes one entry into what is held; nothing of it is on the disk yet. */
function admit(
  log: LedgerLog,
  draft: EntryDraft | MadeDraft,
  atMs: number,
): { readonly line?: string; readonly written: WrittenEntry } {
  const { id, by, kind } = draft
  const known = log.numberOf(id)
  const before =
    known === undefined ? undefined : { number: known, id, leaf: log.tree.leaf(known).toString('hex'), fresh: false }
  if (before && 'make' in draft) return { written: before }
  const body = 'make' in draft ? draft.make(log.state) : draft.body
  const entry = { id, by, kind, body, atMs } as Entry
  checkDraft({ id, by, kind, body } as EntryDraft)
  const line = entryText(entry)
  if (before) {
    if (log.hasContent(before.number, line)) return { written: before }
    throw carbonErrors.otherContent({
      detail: `Operation ${id} was written as entry ${before.number}, with another content`,
      found: id,
      expected: 'the same content, or another id',
    })
  }
  if (entry.kind === 'emission') {
    checkScope(entry.body)
    checkAmount(entry.body)
  }
  const number = log.tree.size
  return { line, written: { number, id, leaf: log.take(entry, line).toString('hex'), fresh: true } }
}

const unknown = (which: number | string, size: number) =>
  carbonErrors.unknownEntry({
    detail: 'The ledger has no such entry',
    found: which,
    expected: size === 0 ? 'nothing: the ledger is empty' : `0 to ${size - 1}, or the id of an entry`,
  })
