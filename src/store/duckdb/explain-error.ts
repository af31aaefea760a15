import { MangroveError } from '../../kernel/index.ts'
import { storeErrors } from '../errors.ts'

/** What DuckDB said when it broke: it answers nothing any more until it is opened anew. */
const fatal = /^FATAL Error|database has been invalidated/i
/** ENOSPC, EDQUOT and EFBIG as the C library words them. */
const full = /no space left on device|disk quota exceeded|file too large/i
/** Every block of the file and every entry of its log has a checksum. */
const damaged = /corrupt (database|wal) file|computed checksum|failure while replaying wal|could not read enough bytes/i
const locked = /could not set lock|conflicting lock/i

/** The message of an error or of what caused it. */
const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
const rootOf = (error: unknown): unknown => (error instanceof MangroveError && error.cause ? error.cause : error)

export const isDamage = (error: unknown): boolean => damaged.test(messageOf(rootOf(error)))

export const isFatal = (error: unknown): boolean => fatal.test(messageOf(rootOf(error)))

/** An error of ours for one that an operator can do something about; any other stays as it is. */
export function explainFailure(cause: unknown): unknown {
  if (cause instanceof MangroveError) return cause
  if (damaged.test(messageOf(cause))) {
    return storeErrors.damaged(
      {
        detail:
          'A part of the database file is not as it was written. Nothing of it was changed: keep a copy of it, and restore a backup into an empty data folder (docs/guides/backup.md)',
        found: messageOf(cause).split('\n')[0]!.slice(0, 300),
        expected: 'blocks that match their checksums',
      },
      { cause },
    )
  }
  if (!full.test(messageOf(cause))) return cause
  return storeErrors.full(
    {
      detail:
        'The disk of the data folder is full. Make room and send it again: it goes on by itself, and what is there twice is stored once',
      found: messageOf(cause).split('\n').at(-1)!.slice(0, 300),
      expected: 'room on the disk',
    },
    { cause },
  )
}

/** Why a file could not be opened. */
export function explainOpening(file: string, cause: unknown): unknown {
  const message = messageOf(cause)
  const options = { cause }
  if (full.test(message) || damaged.test(message)) return explainFailure(cause)
  if (locked.test(message)) {
    return storeErrors.locked(
      { detail: 'Another process has this data folder open; stop it, or use another folder', place: { file } },
      options,
    )
  }
  return storeErrors.unreadable({ detail: `DuckDB could not open the file: ${message}`, place: { file } }, options)
}
