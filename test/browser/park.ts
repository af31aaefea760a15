import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, inject } from 'vitest'
import { openBrowser } from './browser.ts'
import { signedIn } from './park-server.ts'

/** A page that keeps what it logged as an error, or threw. */
export type Watched = Page & { readonly faults: readonly string[] }

export interface Park {
  readonly address: string
  readonly site: string
  readonly browser: Browser
  /** Opens an address of the console (`/sites/liyang-park/park`) as the first user. */
  open(path: string, options?: BrowserContextOptions): Promise<Watched>
  /** Asks the API as the first user. */
  ask(path: string, options?: RequestInit): Promise<Response>
}

/** A service worker would answer before what a test puts in the way of a request. */
const standard = { locale: 'en', reducedMotion: 'reduce', serviceWorkers: 'block' } as const

export const noFaults = (page: Watched): void => expect(page.faults).toEqual([])

/** Opens a page whose faults are kept. That no plan is published yet is an answer, which the browser logs as a failure. */
export async function watchedPage(context: BrowserContext): Promise<Watched> {
  const faults: string[] = []
  const page = Object.assign(await context.newPage(), { faults })
  page.on('console', (message) => {
    const { url } = message.location()
    if (message.type() === 'error' && !/\/plan$/.test(url)) faults.push(`${message.text()} (${url})`)
  })
  page.on('pageerror', (error) => faults.push(error.message))
  return page
}

/**
 * The example park that all files of browser tests share, with a browser of this file. What a test changes there (alarms, users,
 * documents) it names so that no other test stumbles on it.
 */
export function usePark(): Park {
  const { address, user, password } = inject('park')
  let browser: Browser | undefined
  let cookie = ''
  beforeAll(async () => {
    ;[browser, cookie] = await Promise.all([openBrowser(), signedIn(address, user, password)])
  })
  afterEach(() => Promise.all(browser?.contexts().map((context) => context.close()) ?? []))
  afterAll(() => browser?.close())
  const opened = (): Browser => {
    if (!browser) throw new Error('the browser is there within tests')
    return browser
  }
  return {
    address,
    site: 'liyang-park',
    get browser() {
      return opened()
    },
    ask: (path, options = {}) =>
      fetch(address + path, { ...options, headers: { ...options.headers, cookie, origin: address } }),
    async open(path, options = {}) {
      const context = await opened().newContext({ ...standard, ...options })
      await context.addCookies(
        cookie.split('; ').map((pair) => {
          const at = pair.indexOf('=')
          return { name: pair.slice(0, at), value: pair.slice(at + 1), url: address }
        }),
      )
      const page = await watchedPage(context)
      await page.goto(address + path)
      return page
    },
  }
}
