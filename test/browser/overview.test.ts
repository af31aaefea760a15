import type { Browser, BrowserContextOptions, Cookie, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { expectWithinWindow } from './accessible.ts'
import { openBrowser, type RunningServer, startServer } from './browser.ts'
import { watchedPage } from './park.ts'

/** A small site; its simulation is alive in a moment. */
const siteFile = (id: string, name: string, latitude: number, longitude: number, currency: string): string => `
id: ${id}
name: ${JSON.stringify(name)}
location: { latitude: ${latitude}, longitude: ${longitude} }
zone: Asia/Shanghai
currency: ${currency}
assets:
  grid: { kind: grid, title: Connection, importLimitKw: 500, exportLimitKw: 500 }
  hall: { kind: load, title: Hall, demand: 100 }
tariff: { import: { timeOfUse: { periods: [{ name: flat, pricePerKwh: 0.7 }] } } }
`

let server: RunningServer
let browser: Browser
let session: Cookie[]

beforeAll(async () => {
  const names = [
    siteFile('mill', 'Mill', 31.4, 119.5, 'CNY'),
    siteFile('port', '<b>Port</b> & yard', 36, 120.2, 'CNY'),
    siteFile('village', 'Village', 41.8, -2.5, 'EUR'),
  ]
  ;[server, browser] = await Promise.all([startServer(...names), openBrowser()])
  const page = await (await browser.newContext({ locale: 'en' })).newPage()
  await page.goto(server.signInUrl)
  await page.waitForURL('**/sites/mill/park')
  session = await page.context().cookies()
})
afterEach(() => Promise.all(browser.contexts().map((context) => context.close())))
afterAll(async () => {
  await browser?.close()
  await server?.stop()
})

async function open(options: BrowserContextOptions = {}, before?: (page: Page) => Promise<void>) {
  const context = await browser.newContext({
    locale: 'en',
    reducedMotion: 'reduce',
    serviceWorkers: 'block',
    ...options,
  })
  await context.addCookies(session)
  const page = await watchedPage(context)
  await before?.(page)
  await page.goto(`${server.address}/sites/mill/overview`)
  return page
}

/** As on a machine that has no graphics card and no software for one. */
const withoutWebGl = async (page: Page): Promise<void> => {
  await page.addInitScript(() => {
    const original = HTMLCanvasElement.prototype.getContext as (...words: unknown[]) => unknown
    HTMLCanvasElement.prototype.getContext = function (this: HTMLCanvasElement, ...words: unknown[]) {
      return String(words[0]).startsWith('webgl') ? null : original.apply(this, words)
    } as typeof HTMLCanvasElement.prototype.getContext
  })
}

const marks = (page: Page) => page.getByRole('list', { name: 'Sites on the map' }).getByRole('button')

describe('the overview', () => {
  it.each(['WebGL', 'a plain picture'])(
    'shows every site on a map by %s and in figures; a click selects',
    async (by) => {
      const page = await open({}, by === 'WebGL' ? undefined : withoutWebGl)
      await marks(page).nth(2).waitFor()
      expect(await page.locator('.overview-ground canvas').count()).toBe(by === 'WebGL' ? 1 : 0)
      const table = page.getByRole('table', { name: 'Sites in figures' })
      expect(await table.getByRole('row').count()).toBe(4)
      const row = table.getByRole('row', { name: /Port/ })
      await expect.poll(() => row.textContent(), { timeout: 30_000 }).toMatch(/\d\s*kW/)
      expect(await row.textContent()).toContain('<b>Port</b> & yard')

      await marks(page).filter({ hasText: 'Port' }).click()
      expect(await row.getByRole('button', { pressed: true }).count()).toBe(1)
      // West lies left of east: the village is in Spain.
      const [village, port] = await Promise.all(
        ['Village', 'Port'].map((name) => marks(page).filter({ hasText: name }).boundingBox()),
      )
      expect(village?.x ?? 0).toBeLessThan(port?.x ?? 0)

      await page.getByRole('link', { name: /^Open Village/ }).click()
      await page.waitForURL('**/sites/village/park')
      expect(page.faults.filter((fault) => !/WebGL|GPU|status of 404/.test(fault))).toEqual([])
    },
  )

  it('says of how many sites a sum is, adds no currencies, and fits a phone', async () => {
    const page = await open({ viewport: { width: 390, height: 844 }, colorScheme: 'dark' }, async (opened) => {
      await withoutWebGl(opened)
      await opened.route('**/api/v1/sites/village/**', (route) => route.fulfill({ status: 500, body: '' }))
    })
    const use = page.locator('.stat', { hasText: 'Use now' })
    await expect.poll(() => use.textContent(), { timeout: 30_000 }).toMatch(/\d\s*kWSites: 2 of 3/)
    expect(await page.locator('.stat', { hasText: 'currencies are not added' }).count()).toBe(2)
    await page
      .getByRole('row', { name: /Village/ })
      .getByText('Cannot be asked')
      .waitFor()
    await expectWithinWindow(page, 'overview')
  })
})
