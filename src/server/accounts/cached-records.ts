import type { Clock } from '../../kernel/index.ts'
import type { RecordList, Records, StoredRecord } from '../../store/index.ts'

const keptMs = 2000
const mostKept = 5000

/**
 * Records that remember what was read for two seconds. What this process writes is seen at once; what another node of the same
 * database writes, after two seconds at most.
 */
export function cachedRecords(records: Records, clock: Clock): Records {
  const kept = new Map<string, { readonly untilMs: number; readonly value: Promise<unknown> }>()
  const remember = <T>(name: string, read: () => Promise<T>): Promise<T> => {
    const known = kept.get(name)
    const now = clock.now()
    // A clock that was set back makes nothing last longer.
    if (known && known.untilMs > now && known.untilMs <= now + keptMs) return known.value as Promise<T>
    const value = read()
    kept.delete(name)
    kept.set(name, { untilMs: now + keptMs, value })
    value.catch(() => kept.delete(name))
    const [oldest] = kept.keys()
    if (kept.size > mostKept && oldest !== undefined) kept.delete(oldest)
    return value
  }
  const nameOf = (kind: string, key: string): string => JSON.stringify([kind, key])
  const forget = (kind: string): void => {
    for (const name of kept.keys()) if (name.startsWith(`list ${kind} `)) kept.delete(name)
  }
  /** What is being read while it changes is not remembered: it is forgotten before and after. */
  const changing = async <T>(kind: string, key: string, change: () => Promise<T>): Promise<T> => {
    try {
      return await change()
    } finally {
      kept.delete(nameOf(kind, key))
      forget(kind)
    }
  }
  return {
    get: <T>(kind: string, key: string) =>
      remember<StoredRecord<T> | undefined>(nameOf(kind, key), () => records.get<T>(kind, key)),
    list: <T>(kind: string, list: RecordList = {}) =>
      remember(`list ${kind} ${JSON.stringify(list)}`, () => records.list<T>(kind, list)),
    put: (kind, key, content, expected) => changing(kind, key, () => records.put(kind, key, content, expected)),
    remove: (kind, key, expected) => changing(kind, key, () => records.remove(kind, key, expected)),
  }
}

/** Every record of a kind, page after page. */
export async function everyRecord<T>(records: Records, kind: string): Promise<readonly StoredRecord<T>[]> {
  const found: StoredRecord<T>[] = []
  for (;;) {
    const after = found.at(-1)?.key
    const page = await records.list<T>(kind, after === undefined ? {} : { after })
    found.push(...page)
    if (page.length < 1000) return found
  }
}
