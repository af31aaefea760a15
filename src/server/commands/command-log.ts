import {
  type ChainHead,
  chainStart,
  commandErrors,
  type LogBody,
  type LogLine,
  quarterHourMs,
  seal,
} from '../../commands/index.ts'
import type { Journal, JournalEntry } from '../../store/index.ts'

/** The hash-chained log of one site's commands, in a stream of the store's journal. */
export interface CommandLog {
  /** Reads where the log ends, and its lines from the last snapshot on; none where there is no snapshot. */
  open(): Promise<readonly LogLine[]>
  /**
   * On the disk when it returns.
   *
   * @throws `commands.other-writer` where another node wrote since: nothing of this line may have an effect
   */
  append(body: LogBody): Promise<LogLine>
  page(page: {
    readonly after?: number
    readonly before?: number
    readonly limit: number
    readonly newestFirst?: boolean
  }): Promise<readonly JournalEntry<LogLine>[]>
  /** Number of the first entry written at or after a moment; one after the last where there is none. */
  numberAt(atMs: number): Promise<number>
  /** Lines that a replay of a quarter of an hour needs: from the snapshot that leads up to it to its end. */
  linesOf(fromMs: number): Promise<readonly LogLine[]>
}

const pageLines = 500
const streamOf = (site: string): string => `commands/${site}`

/** Lines of a node that wrote beside another have no effect: their number in the journal is not the one they were made for. */
const hasEffect = ({ number, content }: JournalEntry<LogLine>): boolean => number === content.sequence

export function createCommandLog(journal: Journal, site: string): CommandLog {
  const stream = streamOf(site)
  let head: ChainHead | undefined

  /** Entries before a number back to the first for which `isFirst` holds, in order; all where it never does. */
  const backTo = async (
    isFirst: (line: LogLine) => boolean,
    before?: number,
  ): Promise<{
    readonly lines: readonly LogLine[]
    readonly found: boolean
    readonly last: JournalEntry<LogLine> | undefined
  }> => {
    const lines: LogLine[] = []
    let at = before
    let last: JournalEntry<LogLine> | undefined
    for (;;) {
      const entries = await journal.read<LogLine>(stream, {
        ...{ newestFirst: true, limit: pageLines },
        ...(at === undefined ? {} : { before: at }),
      })
      for (const entry of entries) {
        last ??= entry
        at = entry.number
        if (!hasEffect(entry)) continue
        lines.push(entry.content)
        if (isFirst(entry.content)) return { lines: lines.reverse(), found: true, last }
      }
      if (entries.length < pageLines) return { lines: lines.reverse(), found: false, last }
    }
  }
  /** By halving. */
  const numberAt = async (atMs: number): Promise<number> => {
    const [newest] = await journal.read<LogLine>(stream, { newestFirst: true, limit: 1 })
    let [low, high] = [1, (newest?.number ?? 0) + 1]
    while (low < high) {
      const middle = Math.floor((low + high) / 2)
      const [entry] = await journal.read<LogLine>(stream, { after: middle - 1, limit: 1 })
      if (!entry || entry.content.body.atMs >= atMs) high = middle
      else low = middle + 1
    }
    return low
  }
  return {
    async open() {
      const { lines, found, last } = await backTo(({ body }) => body.kind === 'snapshot')
      head = last ? { sequence: last.number, sha256: last.content.sha256 } : chainStart
      return found ? lines : []
    },
    async append(body) {
      if (!head) throw new Error('The log is not open')
      const line = seal(head, body)
      const { number } = await journal.append(stream, line)
      if (number !== line.sequence) {
        head = undefined
        throw commandErrors.otherWriter({
          detail: 'Another node wrote to the log of commands; this one stops',
          found: `line ${number}`,
          expected: `line ${line.sequence}`,
        })
      }
      head = line
      return line
    },
    page: (page) => journal.read<LogLine>(stream, page),
    numberAt,
    async linesOf(fromMs) {
      const end = await numberAt(fromMs + quarterHourMs)
      const { lines } = await backTo(({ body }) => body.kind === 'snapshot' && body.atMs <= fromMs, end)
      // Where the site was commanded from within the quarter on, its first snapshot is there.
      const first = lines.findIndex(({ body }) => body.kind === 'snapshot')
      return first < 0 ? [] : lines.slice(first)
    },
  }
}
