import type { NodeWords } from '../nodes/node-words.ts'

/** Who waits for the end of jobs that this process may not have in hand. */
export interface JobWatch {
  /** Calls back when the job may have ended. Returns the way to stop. */
  hear(id: string, listener: () => void): () => void
  /** A job ended here; other nodes are told. */
  ended(id: string): void
  close(): void
}

export function createWatch(words: NodeWords | undefined): JobWatch {
  const listeners = new Map<string, Set<() => void>>()
  const call = (id: string): void => {
    for (const listener of [...(listeners.get(id) ?? [])]) listener()
  }
  const stop = words?.hear('job', (word) => {
    if (word) call(word.id)
  })
  return {
    hear(id, listener) {
      const own = listeners.get(id) ?? new Set()
      listeners.set(id, own)
      own.add(listener)
      return () => {
        own.delete(listener)
        if (own.size === 0 && listeners.get(id) === own) listeners.delete(id)
      }
    },
    ended(id) {
      call(id)
      words?.tell({ kind: 'job', id })
    },
    close: () => stop?.(),
  }
}
