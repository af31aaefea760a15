/** Something that a site was last, as this device keeps it for one user. */
export interface Kept {
  /** Who saw it: nobody else is shown it. */
  readonly user: string
  /** The question, as JSON. */
  readonly key: string
  readonly value: unknown
  /** When it was true, by the clock of the server. */
  readonly heardMs: number
}

/** What is older is of no use to an operator, and is thrown away. */
export const longestKeptMs = 7 * 86_400_000

const databaseName = 'mangrove-kept'
const storeName = 'answers'

const settled = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })

async function open(): Promise<IDBDatabase> {
  const request = indexedDB.open(databaseName, 1)
  request.onupgradeneeded = () => request.result.createObjectStore(storeName, { keyPath: ['user', 'key'] })
  return settled(request)
}

/** Does something in the store. A browser that keeps nothing (private windows, a full disk) is no failure: then nothing is kept. */
async function within<T>(
  mode: IDBTransactionMode,
  work: (store: IDBObjectStore) => IDBRequest<T>,
): Promise<T | undefined> {
  try {
    const database = await open()
    try {
      return await settled(work(database.transaction(storeName, mode).objectStore(storeName)))
    } finally {
      database.close()
    }
  } catch {
    return undefined
  }
}

const allOf = (user: string): IDBKeyRange => IDBKeyRange.bound([user], [user, []])

export const keep = (kept: Kept): Promise<unknown> => within('readwrite', (store) => store.put(kept))

/** What is kept for a user and young enough. */
export async function readKept(user: string, nowMs: number): Promise<readonly Kept[]> {
  const found = (await within<Kept[]>('readonly', (store) => store.getAll(allOf(user)))) ?? []
  return found.filter(({ heardMs }) => nowMs - heardMs < longestKeptMs)
}

/** Forgets everything of everybody. */
export const forgetKept = (): Promise<unknown> => within('readwrite', (store) => store.clear())
