import { hash } from 'node:crypto'
import type { Journal, JournalEntry } from '../../store/index.ts'
import { carbonErrors } from '../errors.ts'
import type { Entry } from './entry.ts'
import { createLedgerState, type LedgerState } from './ledger-state.ts'
import { createMerkleTree, type MerkleTree } from './merkle/index.ts'
import { createPace } from './pace.ts'

/** A line of the journal: entries that were committed together. */
export interface Batch {
  /** Number of the first entry, from 0 on. */
  readonly first: number
  readonly entries: readonly string[]
  /** Root of the log after them, hex. */
  readonly root: string
}

/** What is held of a log; made from its lines and from nothing else, so that it can be thrown away at any time. */
export interface LedgerLog {
  readonly tree: MerkleTree
  readonly state: LedgerState
  /** Number of the entry of an operation. */
  numberOf(id: string): number | undefined
  /** Whether an entry has this content, whenever it was written. */
  hasContent(number: number, line: string): boolean
  /** Takes the next entry: state, tree and look-ups, or nothing of it where the state refuses. Returns the hash of its leaf. */
  take(entry: Entry, line: string): Buffer
  /** Number of the last line of the journal that was read or written. */
  journal(): number
  /** Notes a line of the journal that begins with an entry. */
  wrote(journal: number, first: number): void
  /** Goes on with what the journal has beyond. @throws `carbon.broken-ledger` */
  catchUp(): Promise<void>
  /** The same with lines that were read. */
  follow(lines: readonly JournalEntry<Batch>[]): Promise<void>
  /** Lines of entries, as they were written. */
  lines(from: number, to: number): AsyncIterable<string>
}

/** Entries of a page, about: what is parsed in one turn of the event loop. */
const pageEntries = 1000
const mostBatches = 256
const stamp = /^\{"atMs":-?\d+,/

export function createLedgerLog(journal: Journal, stream: string): LedgerLog {
  const tree = createMerkleTree()
  const state = createLedgerState()
  const numbers = new Map<string, number>()
  /** Eight bytes of a hash: they tell a slip from a repetition, and secure nothing. */
  const contents: string[] = []
  const batches: { readonly journal: number; readonly first: number }[] = []
  let last = 0
  const contentOf = (line: string): string => hash('sha256', line.replace(stamp, '{'), 'binary').slice(0, 8)

  const log: LedgerLog = {
    tree,
    state,
    numberOf: (id) => numbers.get(id),
    hasContent: (number, line) => contents[number] === contentOf(line),
    take(entry, line) {
      state.take(entry)
      numbers.set(entry.id, tree.size)
      contents.push(contentOf(line))
      return tree.append(Buffer.from(line))
    },
    journal: () => last,
    wrote(number, first) {
      last = number
      batches.push({ journal: number, first })
    },
    async catchUp() {
      for (let limit = 1; ; ) {
        const page = await journal.read<Batch>(stream, { after: last, limit })
        await log.follow(page)
        if (page.length < limit) return
        const mean = page.reduce((sum, { content }) => sum + content.entries.length, 0) / page.length
        limit = Math.min(mostBatches, 2 * limit, Math.max(1, Math.floor(pageEntries / mean)))
      }
    },
    async follow(page) {
      const pace = createPace()
      for (const { number, content } of page) {
        last = number
        // Before a stream was extended in turn, another node could overtake a batch: then it has no effect, on any node.
        if (content.first !== tree.size) continue
        log.wrote(number, content.first)
        try {
          for (const line of content.entries) {
            log.take(JSON.parse(line) as Entry, line)
            await pace()
          }
        } catch (cause) {
          const detail = `The entries from ${content.first} on are not those that were written: ${(cause as Error).message}`
          throw carbonErrors.brokenLedger({ detail, found: `entry ${tree.size}` }, { cause })
        }
        const root = tree.root().toString('hex')
        if (root === content.root) continue
        throw carbonErrors.brokenLedger({
          detail: `The entries from ${content.first} on are not those that were written`,
          found: root,
          expected: content.root,
        })
      }
    },
    async *lines(from, to) {
      let place = Math.max(
        0,
        batches.findLastIndex(({ first }) => first <= from),
      )
      for (; place < batches.length && batches[place]!.first < to; place += 1) {
        const { journal: number, first } = batches[place]!
        const [batch] = await journal.read<Batch>(stream, { after: number - 1, limit: 1 })
        for (const [k, line] of (batch?.content.entries ?? []).entries()) {
          if (first + k >= from && first + k < to) yield line
        }
      }
    },
  }
  return log
}
