import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Cookie, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { openBrowser, type RunningServer, startServer } from './browser.ts'
import { noFaults, type Watched, watchedPage } from './park.ts'

const folder = mkdtempSync(join(tmpdir(), 'mangrove-browser-yard-'))
const cards = join(folder, 'cards.json')
writeFileSync(cards, '[{ "id": "early" }, { "id": "late" }]')

/** Two simulated stations and two vehicles, one of which at least is there at any time of the day. */
const siteFile = `
id: yard
name: Yard of the test
location: { latitude: 31.4, longitude: 119.5 }
zone: Asia/Shanghai
currency: CNY
assets:
  grid: { kind: grid, title: Connection, importLimitKw: 300, exportLimitKw: 100 }
  works: { kind: load, title: Works, demand: 60 }
  ev:
    kind: ev-charging
    title: Chargers
    feederLimitKw: 100
    sessions:
      - { id: early, arrival: "00:05", departure: "23:45", energyKwh: 250, maxKw: 11 }
      - { id: late, arrival: "12:05", departure: "11:45", energyKwh: 250, maxKw: 11 }
tariff: { import: { timeOfUse: { periods: [{ name: day, pricePerKwh: 1 }] } } }
points:
  post-1.powerKw: { title: Post 1, unit: kW }
  post-2.powerKw: { title: Post 2, unit: kW }
gateways:
  chargers:
    protocol: ocpp
    port: 9231
    security: 0
    tokensFile: ${cards}
    fallbackKw: 4.2
    stations:
      - { id: P1, evses: [{ id: 1, asset: post-1, maxKw: 11.1 }] }
      - { id: P2, evses: [{ id: 1, asset: post-2, maxKw: 11.1 }] }
charging:
  gateway: chargers
  asset: ev
  riseKwPerS: 1
  circuits:
    connection: { limitKw: 300 }
    posts: { parent: connection, limitA: 25 }
  places: { P1: { circuit: posts }, P2: { circuit: posts } }
roaming:
  country: CN
  party: LYP
  operator: Yard
  address: { street: Chengnan Road 1, city: Liyang, country: CHN }
  chargers:
    P1: { standard: GBT_AC, format: SOCKET, power: AC_3_PHASE, volts: 230, amperes: 16, tariff: posts }
    P2: { standard: GBT_AC, format: SOCKET, power: AC_3_PHASE, volts: 230, amperes: 16, tariff: posts }
  tariffs:
    posts: { taxShare: 0.06, elements: [{ components: [{ kind: flat, price: 2 }, { kind: energy, price: 1.2 }] }] }
`

let server: RunningServer
let browser: Browser
let session: Cookie[]
beforeAll(async () => {
  ;[server, browser] = await Promise.all([startServer(siteFile), openBrowser()])
  const page = await (await browser.newContext({ locale: 'en' })).newPage()
  await page.goto(server.signInUrl)
  await page.waitForURL('**/sites/yard/park')
  session = await page.context().cookies()
}, 60_000)
afterEach(() => Promise.all(browser.contexts().map((context) => context.close())))
afterAll(async () => {
  await browser?.close()
  await server?.stop()
  rmSync(folder, { recursive: true, force: true })
})

interface Answer {
  readonly stations: readonly { readonly id: string; readonly evses: readonly Readonly<Record<string, unknown>>[] }[]
}

/** @param change what the server says of charging, as the page is to hear it */
async function open(change?: (answer: Answer) => object, before?: (page: Page) => Promise<unknown>): Promise<Watched> {
  const context = await browser.newContext({ locale: 'en', reducedMotion: 'reduce' })
  await context.addCookies(session)
  const page = await watchedPage(context)
  if (change) {
    await page.route('**/api/v1/sites/yard/charging', async (route) => {
      const answer = await route.fetch()
      await route.fulfill({ json: change(await answer.json()) })
    })
  }
  await before?.(page)
  await page.goto(`${server.address}/sites/yard/charging`)
  return page
}

describe('the page of charging', () => {
  it('tells who charges, why, and what the cables carry; stops a session and shows its bill', async () => {
    const page = await open()
    const used = page.getByRole('region', { name: /^With a vehicle/ })
    const first = used
      .getByRole('listitem')
      .filter({ hasText: /Charging/ })
      .first()
    await first.waitFor({ timeout: 30_000 })
    const card = (await first.textContent())?.includes('early') ? 'early' : 'late'
    const cables = page.getByRole('region', { name: 'Cables and their limits' })
    await cables
      .getByText(/^\d+(\.\d+)? of 25 A$/)
      .first()
      .waitFor()
    expect(await cables.getByText('posts').count()).toBe(1)
    await page.getByRole('region', { name: 'Queue' }).getByText(card).waitFor()

    await first.getByRole('button', { name: /^What to do with P/ }).click()
    await page.getByRole('menuitem', { name: 'Stop the session' }).click()
    const dialog = page.getByRole('dialog', { name: /^Stop the session · P/ })
    const stop = dialog.getByRole('button', { name: 'Stop the session' })
    expect(await stop.isDisabled()).toBe(true)
    await dialog.getByRole('textbox', { name: 'Reason, for the audit log' }).fill('Work at the cable')
    await stop.click()
    await dialog.waitFor({ state: 'detached' })

    const sessions = page.getByRole('region', { name: 'Sessions' })
    await sessions.getByRole('radio', { name: 'Ended' }).click()
    const ended = sessions.getByRole('row').filter({ hasText: card })
    await ended.first().getByRole('button', { name: /CNY$/ }).click({ timeout: 20_000 })
    const bill = page.getByRole('dialog', { name: /^Session P/ })
    expect(await bill.getByRole('row').allTextContents()).toEqual(
      expect.arrayContaining([expect.stringMatching(/^Session1.?2.?2 ?CNY$/u), expect.stringMatching(/^To pay/)]),
    )
    await page.keyboard.press('Escape')
    await bill.waitFor({ state: 'detached' })
    noFaults(page)
  }, 60_000)

  it('gives trouble first, says what waits for what, and takes names as text', async () => {
    const hostile = `<img src=x onerror=alert(1)>${'long '.repeat(60)}`
    const page = await open((answer) => {
      const [one, two] = answer.stations
      // The simulated stations have not called yet.
      if (!one || !two) return answer
      const running = { id: 'P2/9', sinceMs: 0, energyKwh: 3, card: hostile, chargingState: null }
      const waiting = { status: 'suspended-station', running, grantKw: 0, place: 1, waitsFor: 'room', why: 'deadline' }
      const faulted = {
        status: 'faulted',
        running: null,
        connectors: [{ id: 1, status: 'faulted', sinceMs: 1, errorCode: 'GroundFailure' }],
      }
      return {
        ...answer,
        stations: [
          { ...one, evses: [{ ...one.evses[0], ...faulted }] },
          { ...two, evses: [{ ...two.evses[0], ...waiting, deadlineMs: Date.now() - 600_000 }] },
          {
            ...one,
            id: 'P3',
            connected: false,
            lastHeardMs: Date.now() - 7_200_000,
            evses: [{ ...one.evses[0], running: null }],
          },
        ],
      }
    })
    const trouble = page.getByRole('region', { name: 'Needs somebody (2)' })
    await trouble.getByText('GroundFailure').waitFor()
    await trouble.getByText('Offline').waitFor()
    expect(await trouble.getByRole('button', { name: 'What to do with P3' }).isDisabled()).toBe(true)
    const queue = page.getByRole('region', { name: 'Queue' })
    await queue.getByText('waits: a cable is full').waitFor()
    await queue.getByText('overdue by 0 h 10 min').waitFor()
    expect(await page.locator('.charging img').count()).toBe(0)
    await page.setViewportSize({ width: 390, height: 844 })
    const sideways = await page.locator('.charging').evaluate((own) => own.scrollWidth - own.clientWidth)
    expect(sideways).toBe(0)
    noFaults(page)
  })

  it('lets who may only look look, and says why no more', async () => {
    const me = { kind: 'user', user: 'viewer', access: [{ sites: '*', permissions: ['read'] }] }
    const page = await open(undefined, (opened) => opened.route('**/api/v1/me', (route) => route.fulfill({ json: me })))
    await page.getByText(/takes the permission to operate this site/).waitFor()
    const menus = page.getByRole('button', { name: /^What to do with P/ })
    await menus.first().waitFor()
    for (const menu of await menus.all()) expect(await menu.isDisabled()).toBe(true)
    noFaults(page)
  })

  it('tells how to bring the first station, and goes on when it has called', async () => {
    let called = false
    const page = await open((answer) => (called ? answer : { ...answer, stations: [] }))
    const steps = page.getByRole('region', { name: 'The first charging station has not called yet' })
    await steps.getByText('ws://127.0.0.1:9231/P1').waitFor()
    expect(await steps.getByRole('listitem').count()).toBe(3)
    called = true
    await page.getByRole('region', { name: 'Cables and their limits' }).waitFor()
    noFaults(page)
  })
})
