import { ApiError } from '../api/client.ts'
import type { WordKey } from '../words/words.ts'

/** What happened, and what is safe and what to do where that can be said. */
export interface Said {
  readonly title: WordKey
  readonly advice?: WordKey
}

const byCode: Readonly<Record<string, Said>> = {
  offline: { title: 'state.offline', advice: 'state.offlineDo' },
  slow: { title: 'failure.slow', advice: 'failure.slowDo' },
  unreadable: { title: 'failure.unreadable', advice: 'failure.unreadableDo' },
  'refused-offline': { title: 'failure.refusedOffline', advice: 'failure.refusedOfflineDo' },
}

/** Words of browsers for a file of the console that could not be fetched. */
const noFile = /dynamically imported module|Importing a module script failed|error loading dynamically/i

/** What is said of a failure. */
export function saidOf(error: unknown): Said {
  if (error instanceof ApiError) {
    const { code, status } = error.problem
    const known = byCode[code]
    if (known) return known
    return status >= 500 ? { title: 'failure.server', advice: 'failure.serverDo' } : { title: 'state.failed' }
  }
  if (error instanceof Error && noFile.test(error.message)) {
    return { title: 'failure.unvisited', advice: 'failure.unvisitedDo' }
  }
  return { title: 'state.failed' }
}
