import { type BuiltFiles, filesToBring, filesToDrop, plainFiles, wayOf } from './shell-files.ts'

/** Written in by the build. */
declare const __builtFiles: BuiltFiles

/** The part of a service worker that this one uses; the types of TypeScript for it contradict those of a page. */
interface LastingEvent extends Event {
  waitUntil(work: Promise<unknown>): void
}
interface AskEvent extends LastingEvent {
  readonly request: Request
  respondWith(answer: Promise<Response>): void
}
interface Worker {
  readonly location: Location
  readonly clients: { claim(): Promise<void> }
  skipWaiting(): Promise<void>
  addEventListener(type: 'install' | 'activate', listener: (event: LastingEvent) => void): void
  addEventListener(type: 'fetch', listener: (event: AskEvent) => void): void
  addEventListener(type: 'message', listener: (event: LastingEvent & MessageEvent) => void): void
}
const worker = self as unknown as Worker

/** Names of files here carry a hash of their content, so builds share them. */
const filesCache = 'mangrove-files'
/** The page itself and what has no hash: of one build. */
const pageCachePrefix = 'mangrove-page-'
const pageCache = `${pageCachePrefix}${__builtFiles.version}`

const pathsIn = async (cache: Cache): Promise<readonly string[]> =>
  (await cache.keys()).map(({ url }) => new URL(url).pathname)

async function install(): Promise<void> {
  const [page, files] = await Promise.all([caches.open(pageCache), caches.open(filesCache)])
  const plain = plainFiles.map((path) => new Request(path, { cache: 'no-cache' }))
  await Promise.all([page.addAll(plain), files.addAll([...filesToBring(__builtFiles, await pathsIn(files))])])
}

async function activate(): Promise<void> {
  const names = await caches.keys()
  const old = names.filter((name) => name.startsWith(pageCachePrefix) && name !== pageCache)
  const files = await caches.open(filesCache)
  const dropped = filesToDrop(__builtFiles, await pathsIn(files))
  await Promise.all([
    ...old.map((name) => caches.delete(name)),
    ...dropped.map((path) => files.delete(path)),
    worker.clients.claim(),
  ])
}

/** The shell, whatever page of it was asked for. */
async function answerPage(request: Request): Promise<Response> {
  return (await (await caches.open(pageCache)).match('/')) ?? fetch(request)
}

async function answerFile(request: Request): Promise<Response> {
  const kept = (await caches.match(request)) ?? undefined
  if (kept) return kept
  const answer = await fetch(request)
  if (answer.ok && new URL(request.url).pathname.startsWith('/assets/')) {
    const copy = answer.clone()
    await (await caches.open(filesCache)).put(request, copy)
  }
  return answer
}

/** Files that a page had loaded before this worker was there. */
async function keepFiles(urls: readonly string[]): Promise<void> {
  const files = await caches.open(filesCache)
  const known = new Set(__builtFiles.all)
  const have = new Set(await pathsIn(files))
  const missing = urls.map((url) => new URL(url).pathname).filter((path) => known.has(path) && !have.has(path))
  await files.addAll([...new Set(missing)])
}

worker.addEventListener('install', (event) => event.waitUntil(install()))
worker.addEventListener('activate', (event) => event.waitUntil(activate()))
worker.addEventListener('fetch', (event) => {
  const { request } = event
  const way = wayOf(request, worker.location.origin)
  if (way === 'page') event.respondWith(answerPage(request))
  else if (way === 'file') event.respondWith(answerFile(request))
})
worker.addEventListener('message', (event) => {
  const { kind, urls } = event.data as { readonly kind: string; readonly urls?: readonly string[] }
  if (kind === 'take-over') event.waitUntil(worker.skipWaiting())
  else if (kind === 'keep' && urls) event.waitUntil(keepFiles(urls))
})
