import { MangroveError } from '../../kernel/index.ts'
import { carbonErrors } from '../errors.ts'
import { checkAmount, checkScope } from './check-amount.ts'
import { type Checkpoint, openCheckpoint } from './checkpoint.ts'
import { checkDraft, type Entry, type EntryDraft, readEntry } from './entry.ts'
import { createLedgerState, type LedgerTotal } from './ledger-state.ts'
import { createMerkleTree } from './merkle/index.ts'

/**
 * An exported ledger is one text file. Each line ends with a line feed: a header, then each entry as the bytes that were hashed,
 * then the signed checkpoint. Nothing in it can be changed without being found: entries by the root, the header and the last line
 * because their bytes follow from what was signed.
 */
export interface ExportHead {
  readonly origin: string
  readonly verifierKey: string
  readonly size: number
}

export const exportHeader = ({ origin, verifierKey, size }: ExportHead): string =>
  JSON.stringify({ format: 'mangrove-ledger/1', origin, verifierKey, size })

export const exportFooter = (checkpoint: string): string => JSON.stringify({ checkpoint })

export interface VerifiedExport {
  readonly checkpoint: Checkpoint
  readonly verifierKey: string
  readonly totals: readonly LedgerTotal[]
}

/**
 * Verifies an exported ledger line by line: bytes, root, signature, and that its entries were admissible in their order: amounts are
 * the products of their factors, nothing is claimed twice, no credit comes from nowhere.
 *
 * @param expectedKey verifier key that the reader trusts; without it the key of the file is taken at its word
 * @throws `carbon.broken-export`, `carbon.bad-signature`, and what a ledger refuses
 */
export async function verifyExport(
  lines: AsyncIterable<string> | Iterable<string>,
  expectedKey?: string,
): Promise<VerifiedExport> {
  const broken = (detail: string, found?: unknown, expected?: string) =>
    carbonErrors.brokenExport({ detail, found, ...(expected === undefined ? {} : { expected }) })
  const tree = createMerkleTree()
  const state = createLedgerState()
  const ids = new Set<string>()
  const takeAgain = (entry: Entry): void => {
    const { id, by, kind, body } = entry
    checkDraft({ id, by, kind, body } as EntryDraft)
    if (ids.has(id)) throw broken(`Entry ${tree.size - 1} has the id of an earlier one`, id)
    ids.add(id)
    if (entry.kind === 'emission') {
      checkScope(entry.body)
      checkAmount(entry.body)
    }
    state.take(entry)
  }
  /** The first entry that is not admissible; told only of a file that is as it was signed. */
  let refusal: MangroveError | undefined
  let head: ExportHead | undefined
  let footer: string | undefined
  for await (const line of lines) {
    if (!head) {
      head = parse<ExportHead>(line)
      if (!head || exportHeader(head) !== line)
        throw broken('The first line is no header of a ledger', line.slice(0, 80))
      continue
    }
    if (footer !== undefined) throw broken('Something stands behind the checkpoint', line.slice(0, 80))
    if (tree.size === head.size) {
      footer = line
      continue
    }
    tree.append(Buffer.from(line))
    if (refusal) continue
    try {
      takeAgain(readEntry(line, tree.size - 1))
    } catch (error) {
      if (!(error instanceof MangroveError)) throw error
      refusal = error
    }
  }
  const note = footer === undefined ? undefined : parse<{ checkpoint: string }>(footer)?.checkpoint
  if (!head || typeof note !== 'string' || exportFooter(note) !== footer) {
    throw broken(
      'The file has no checkpoint at its end; it was cut off',
      `${tree.size} entries`,
      `${head?.size ?? 'some'} entries`,
    )
  }
  if (expectedKey !== undefined && expectedKey !== head.verifierKey) {
    throw carbonErrors.badSignature({
      detail: 'The ledger is signed by another key than the one that is trusted',
      found: head.verifierKey,
      expected: expectedKey,
    })
  }
  const checkpoint = openCheckpoint(note, head.verifierKey)
  const root = tree.root()
  if (checkpoint.origin !== head.origin || checkpoint.size !== head.size || !checkpoint.root.equals(root)) {
    throw broken(
      'The entries are not those that the checkpoint was signed for',
      root.toString('hex'),
      checkpoint.root.toString('hex'),
    )
  }
  if (refusal) throw refusal
  return { checkpoint, verifierKey: head.verifierKey, totals: state.totals() }
}

function parse<T>(line: string): T | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null ? (value as T) : undefined
  } catch {
    return undefined
  }
}
