import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { noFaults, usePark } from './park.ts'

const park = usePark()
const path = `/sites/${park.site}/park`
const flow = (page: Page) => page.getByRole('region', { name: 'Energy flow' })
const notice = (page: Page) => page.locator('.offline-notice')

/** Names of what this device keeps. */
const keptNames = (page: Page): Promise<string> =>
  page.evaluate(async () => {
    const settled = <T>(request: IDBRequest<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result)
        request.onerror = () => reject(request.error)
      })
    const database = await settled(indexedDB.open('mangrove-kept', 1))
    try {
      const keys = await settled(database.transaction('answers').objectStore('answers').getAllKeys())
      return JSON.stringify(keys)
    } catch {
      return ''
    } finally {
      database.close()
    }
  })

const cachedFiles = (page: Page): Promise<string> =>
  page.evaluate(async () => (await (await caches.open('mangrove-files')).keys()).map(({ url }) => url).join())

/** Waits until the shell and the values are on the device. */
async function untilKept(page: Page): Promise<void> {
  await flow(page).getByText('Factory roofs').waitFor()
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined))
  await expect.poll(() => cachedFiles(page), { timeout: 60_000 }).toContain('/index-')
  for (const word of ['site', 'now', 'plan', 'me']) {
    await expect.poll(() => keptNames(page), { timeout: 60_000 }).toContain(`[\\"${word}\\"`)
  }
}

describe('without a connection', () => {
  it('the console starts, shows the last values with their age, changes nothing, and is well again by itself', async () => {
    const page = await park.open(path, { serviceWorkers: 'allow' })
    await untilKept(page)
    await page.context().setOffline(true)
    await page.reload()
    await flow(page).getByText('Factory roofs').waitFor()
    await notice(page).getByText('Offline since').waitFor()
    expect(await notice(page).textContent()).toMatch(/Values of \d\d:\d\d, \d+ (s|min) old/)
    expect(await flow(page).locator('.flow-value').first().textContent()).toMatch(/\d/)
    await page.context().setOffline(false)
    await notice(page).getByText('Offline since').waitFor({ state: 'detached', timeout: 30_000 })
  })

  it('the second visit on a poor link shows last values within a second', async () => {
    const page = await park.open(path, { serviceWorkers: 'allow' })
    await untilKept(page)
    // What web page tests call 3G: 1.6 Mbit/s down, 768 kbit/s up, 300 ms there and back.
    const network = await page.context().newCDPSession(page)
    await network.send('Network.enable')
    await network.send('Network.emulateNetworkConditions', {
      ...{ offline: false, latency: 300, downloadThroughput: 200_000, uploadThroughput: 96_000 },
    })
    await page.reload({ waitUntil: 'commit' })
    await flow(page).locator('.flow-value').first().waitFor()
    const shownMs = await page.evaluate(() => performance.now())
    // Other work on the machine of the test is not the link's fault: the limit is for a quiet machine.
    expect(shownMs).toBeLessThan(process.env.CI ? 3000 : 10_000)
    console.log(`last values on 3G after ${Math.round(shownMs)} ms`)
  })

  it('whoever signs out leaves nothing on the device', async () => {
    const page = await park.open(path, { serviceWorkers: 'allow' })
    await untilKept(page)
    // The session goes on, for it is that of every test here.
    await page.route('**/api/v1/session', (route) => route.fulfill({ json: { removed: true } }))
    await page.getByRole('button', { name: /Sign out/ }).click()
    await page.waitForURL('**/sign-in')
    expect(await keptNames(page)).toBe('[]')
    expect(await page.evaluate(() => localStorage.getItem('mangrove.kept-for'))).toBeNull()
  })
})

describe('a server that', () => {
  const answers = {
    'answers with a page instead of JSON': { contentType: 'text/html', body: '<h1>Welcome to the guest network</h1>' },
    fails: { status: 500, contentType: 'text/plain', body: 'oops' },
  } as const
  it.each([
    ['answers with a page instead of JSON', 'The server answered with something that is no answer.'],
    ['fails', 'The server failed.'],
  ] as const)('%s: the page says so, and what is safe, and recovers by itself', async (what, title) => {
    const page = await park.open('/sign-in')
    await page.route(`**/api/v1/sites/${park.site}`, (route) => route.fulfill(answers[what]))
    await page.goto(park.address + path)
    const alert = page.getByRole('alert')
    await alert.getByText(title).waitFor()
    await alert.getByText('asks again by itself').waitFor()
    await page.unroute(`**/api/v1/sites/${park.site}`)
    await flow(page).getByText('Factory roofs').waitFor({ timeout: 30_000 })
  })

  it('never answers is told of in time, and the page recovers', async () => {
    const page = await park.open('/sign-in')
    // Patience of half a minute, shortened for the test.
    await page.addInitScript(() => {
      const timeout = AbortSignal.timeout.bind(AbortSignal)
      AbortSignal.timeout = (ms) => timeout(ms / 60)
    })
    let silent = true
    await page.route(`**/api/v1/sites/${park.site}`, (route) => (silent ? undefined : route.continue()))
    await page.goto(park.address + path)
    await page.getByRole('alert').getByText('The server does not answer.').waitFor()
    silent = false
    await flow(page).getByText('Factory roofs').waitFor({ timeout: 30_000 })
  })

  it('cuts the stream: values stay, and go on when it is back', async () => {
    const page = await park.open('/sign-in')
    let cut = true
    await page.route('**/live', (route) =>
      cut
        ? route.fulfill({ contentType: 'text/event-stream', body: 'event: now\ndata: {"broken\n\n' })
        : route.continue(),
    )
    await page.goto(park.address + path)
    await page.locator('#page').waitFor()
    const moment = page.locator('.time-bar .moment')
    await moment.getByText('connection lost').waitFor()
    cut = false
    await flow(page).getByText('Factory roofs').waitFor({ timeout: 30_000 })
    await moment.getByText('live').waitFor()
    noFaults(page)
  })
})

it('a device whose clock is a day off is told so, and ages go by the clock of the server', async () => {
  const page = await park.open('/sign-in')
  await page.clock.install({ time: Date.now() - 86_400_000 })
  await page.goto(park.address + path)
  await notice(page).getByText('The clock of this device is 24 h behind.').waitFor()
  await flow(page).getByText('Factory roofs').waitFor()
  const moment = await page.locator('.time-bar .moment strong').textContent()
  const day = new Intl.DateTimeFormat('en', { day: 'numeric', timeZone: 'Asia/Shanghai' }).format(Date.now())
  expect(moment).toContain(day)
  noFaults(page)
})
