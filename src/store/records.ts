/** A mutable value under a kind and a key, with the number of times it was written. */
export interface StoredRecord<T> {
  readonly key: string
  /** 1, 2, 3 … */
  readonly version: number
  readonly updatedMs: number
  readonly content: T
}

export interface RecordList {
  /** Keys that begin with this. */
  readonly prefix?: string
  /** Keys after this one, exclusive: the last key of the page before. */
  readonly after?: string
  /** Default 1000. */
  readonly limit?: number
}

/** JSON values that change: accounts, sessions, points, jobs. Each write is atomic and on the disk before it returns. */
export interface Records {
  get<T>(kind: string, key: string): Promise<StoredRecord<T> | undefined>
  /** In the order of the keys' UTF-8 bytes. */
  list<T>(kind: string, list?: RecordList): Promise<readonly StoredRecord<T>[]>
  /**
   * Writes the value and returns it with its version.
   *
   * @param expected the version that must be there; 0 = none may be there; absent = whatever is there.
   * @throws `store.conflict` when another version is there.
   */
  put<T>(kind: string, key: string, content: T, expected?: number): Promise<StoredRecord<T>>
  /** Whether there was one. @throws `store.conflict` as {@link put} */
  remove(kind: string, key: string, expected?: number): Promise<boolean>
}

/** One line of a journal; never changed. */
export interface JournalEntry<T> {
  /** 1, 2, 3 … within its stream, without gaps. */
  readonly number: number
  readonly writtenMs: number
  readonly content: T
}

export interface JournalPage {
  /** Exclusive. Default 0: from the first. */
  readonly after?: number
  /** Exclusive; with it, or with `newestFirst`, the page ends here. */
  readonly before?: number
  /** Default 1000. */
  readonly limit?: number
  readonly newestFirst?: boolean
}

/** Streams of JSON lines that only grow: the audit log, later alarms and commands. */
export interface Journal {
  append<T>(stream: string, content: T): Promise<JournalEntry<T>>
  /**
   * Writes what follows from all that a stream has: while `make` looks nobody else writes, on no node.
   *
   * @param after number of the last entry that the caller knows
   * @param make gets the entries after it and gives the content to write, or nothing to write; what it throws, nothing is written
   */
  extend<T>(
    stream: string,
    after: number,
    make: (newer: readonly JournalEntry<T>[]) => Promise<T | undefined>,
  ): Promise<JournalEntry<T> | undefined>
  read<T>(stream: string, page?: JournalPage): Promise<readonly JournalEntry<T>[]>
}
