/** Files of one build, as the build writes them into the service worker. */
export interface BuiltFiles {
  /** Changes with every change of a file. */
  readonly version: string
  /** What the first page needs; fetched when the worker is installed. */
  readonly shell: readonly string[]
  /** All with a hash in their name; others of before are thrown away. */
  readonly all: readonly string[]
}

/** What is done with a request: `file` from the cache first, `page` by the shell, the rest by the network alone. */
export type Way = 'file' | 'page' | 'network'

const hashed = /^\/assets\/[^/]+$/

/** Names that stand beside the shell without a hash. */
export const plainFiles: readonly string[] = [
  '/',
  '/mangrove.svg',
  '/mangrove-192.png',
  '/mangrove-512.png',
  '/manifest.webmanifest',
]

export interface AskedFor {
  readonly method: string
  /** `navigate` for a page. */
  readonly mode: string
  readonly url: string
}

/** The API is never answered from a cache, and nothing that changes something is ever touched. */
export function wayOf({ method, mode, url }: AskedFor, origin: string): Way {
  const { origin: asked, pathname } = new URL(url)
  if (method !== 'GET' || asked !== origin) return 'network'
  if (/^\/(api|health|metrics)(\/|$)/.test(pathname)) return 'network'
  if (hashed.test(pathname)) return 'file'
  if (mode === 'navigate') return 'page'
  return plainFiles.includes(pathname) ? 'file' : 'network'
}

/** `/assets/plan-page-B5xQ2a.js` is a file of `plan-page`, `.js`: its name in every build. */
const stemOf = (path: string): string => path.replace(/-[\w-]{8}(?=\.\w+$)/, '')

/** Files of a new build that take the place of those that somebody has visited: they come with it. */
export function filesToBring({ shell, all }: BuiltFiles, visited: readonly string[]): readonly string[] {
  const stems = new Set(visited.map(stemOf))
  const have = new Set(visited)
  const wanted = new Set([...shell, ...all.filter((path) => stems.has(stemOf(path)))])
  return [...wanted].filter((path) => !have.has(path))
}

/** Files of builds of before that nobody needs any more. */
export const filesToDrop = ({ shell, all }: BuiltFiles, cached: readonly string[]): readonly string[] => {
  const current = new Set([...shell, ...all])
  return cached.filter((path) => !current.has(path))
}
