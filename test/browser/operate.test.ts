import type { Browser, BrowserContextOptions, Cookie, Page, WebSocketRoute } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { expectWithinWindow } from './accessible.ts'
import { openBrowser, type RunningServer, startServer } from './browser.ts'
import { noFaults, type Watched, watchedPage } from './park.ts'

/** A small site: its simulation is alive in a moment, and one observation raises its alarm. */
const siteFile = `
id: works
name: Works of the test
location: { latitude: 31.4, longitude: 119.5, altitudeM: 8 }
zone: Asia/Shanghai
currency: CNY
assets:
  grid: { kind: grid, title: Connection, importLimitKw: 500, exportLimitKw: 500 }
  hall: { kind: load, title: Hall, demand: 100 }
  battery: { kind: battery, title: Battery, capacityKwh: 100, maxChargeKw: 50, maxDischargeKw: 50, initialSoc: 0.5 }
points:
  gate.counted: { title: Vehicles in the yard, unit: "1" }
  battery.setpointKw: { title: Setpoint of the battery, unit: kW }
gateways:
  container:
    protocol: modbus
    title: Battery container
    host: 192.0.2.30
    period: 1s
    devices: { battery: { template: sunspec-battery, asset: battery } }
commands:
  setpoints:
    battery:
      title: Battery container
      point: battery.setpointKw
      least: -50 kW
      most: 50 kW
      fallback: [{ from: "00:00", value: 0 }]
alarms:
  rules:
    yard-full:
      title: Yard full
      point: gate.counted
      priority: high
      when: { kind: high, limit: 10 }
      message: More vehicles are in the yard than it has places.
      action: Send the next ones to the second gate.
tariff: { import: { timeOfUse: { periods: [{ name: flat, pricePerKwh: 0.7 }] } } }
`
const site = 'works'

let server: RunningServer
let browser: Browser
let session: Cookie[]

beforeAll(async () => {
  ;[server, browser] = await Promise.all([startServer(siteFile), openBrowser()])
  const page = await (await browser.newContext({ locale: 'en' })).newPage()
  await page.goto(server.signInUrl)
  await page.waitForURL(`**/sites/${site}/park`)
  session = await page.context().cookies()
})
afterEach(() => Promise.all(browser.contexts().map((context) => context.close())))
afterAll(async () => {
  await browser?.close()
  await server?.stop()
})

/** Opens a page of the site; what it logs as an error, or throws, is kept. */
async function open(path: string, options: BrowserContextOptions = {}): Promise<Watched> {
  const context = await browser.newContext({ locale: 'en', reducedMotion: 'reduce', ...options })
  await context.addCookies(session)
  const page = await watchedPage(context)
  await page.goto(`${server.address}/sites/${site}/${path}`)
  return page
}

/** Vehicles that the gate counted: more than ten are an alarm. */
async function count(page: Page, value: number): Promise<void> {
  const answer = await page.request.post(`${server.address}/api/v1/observations?site=${site}`, {
    data: { observations: [{ point: 'gate.counted', value, unit: '1', timestampMs: Date.now() }] },
  })
  expect(answer.status()).toBeLessThan(300)
}

const row = (page: Page) => page.getByRole('listitem', { name: 'Yard full' })
const tray = (page: Page) => page.locator('.alarm-tray')

describe('alarms', () => {
  it('come, are acknowledged by one and seen by the other, and stand in the journal', async () => {
    const [one, other] = await Promise.all([open('alarms'), open('claims')])
    await one.getByText('Nothing needs you. 1 rules are watching.').waitFor()
    await count(one, 14)
    await row(one).getByText('Send the next ones to the second gate.').waitFor()
    await row(one).getByRole('img', { name: 'High' }).waitFor()
    expect(await row(one).locator('.alarm-value').textContent()).toContain('Limitover 10')

    // The other is told on another page, in words and without a reload.
    await expect.poll(() => tray(other).textContent()).toContain('1')
    await other.getByRole('status').getByText('New alarm, priority High: Yard full.').waitFor()
    await tray(other).click()
    await row(other).getByText('Unacknowledged').waitFor()

    await one.getByRole('button', { name: 'Acknowledge: Yard full' }).click()
    await one.getByText('It stands in the log and cannot be taken back.').waitFor()
    for (const page of [one, other]) {
      await page.getByRole('heading', { name: 'Acknowledged, not over' }).waitFor()
      await expect.poll(() => tray(page).getAttribute('data-waiting')).toBe('false')
    }
    const journal = other.getByRole('region', { name: 'Journal' }).getByRole('listitem')
    await expect
      .poll(() => journal.allTextContents())
      .toMatchObject([
        expect.stringMatching(/Yard full acknowledged.*owner/),
        expect.stringContaining('Yard full raised · 14'),
      ])
    noFaults(one)
    noFaults(other)
  })

  it('are shelved with a reason and an end, by keyboard, and taken back', async () => {
    const page = await open('alarms')
    await row(page).waitFor()
    await page.getByRole('button', { name: 'Shelve…: Yard full' }).focus()
    await page.keyboard.press('Enter')
    const dialog = page.getByRole('dialog', { name: 'Shelve “Yard full”' })
    await dialog.waitFor()
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('TEXTAREA')
    await page.keyboard.type('gate is being painted')
    await dialog.getByRole('radio', { name: /^15 min/ }).check()
    await dialog.getByRole('button', { name: 'Shelve', exact: true }).click()
    await page.getByRole('heading', { name: 'Shelved, suppressed, out of service' }).waitFor()
    await row(page).getByText('gate is being painted').waitFor()
    await page.getByRole('button', { name: 'Undo' }).click()
    // Its condition still counts: back from the shelf it is a new alarm.
    await page.getByRole('heading', { name: 'To be acknowledged' }).waitFor()
    noFaults(page)
  })

  it('are read and not acknowledged by who may not operate, who is told why', async () => {
    const page = await open('alarms')
    await page.route('**/api/v1/me', (route) =>
      route.fulfill({ json: { kind: 'user', user: 'v', access: [{ sites: '*', permissions: ['read'] }] } }),
    )
    await page.reload()
    await page.getByText('that takes the permission to operate this site').waitFor()
    expect(await page.getByRole('button', { name: 'Acknowledge: Yard full' }).isDisabled()).toBe(true)
    noFaults(page)
  })

  it('say that they are old while the connection is broken, and go on by themselves', { retry: 1 }, async () => {
    const page = await open('alarms')
    await count(page, 14)
    let broken = false
    const sockets: WebSocketRoute[] = []
    await page.routeWebSocket('**/api/v1/live', (socket) => {
      sockets.push(socket)
      if (broken) return void socket.close()
      socket.connectToServer()
    })
    await page.reload()
    await row(page).waitFor()
    broken = true
    // A page that is built up may have opened one before that it shows by.
    for (const socket of sockets) await socket.close().catch(() => undefined)
    await page.getByText('Not live. What is shown was true').waitFor()
    await page.getByText('Alarms: no live connection').waitFor({ state: 'attached' })
    await count(page, 3)
    broken = false
    await row(page).getByText('Over, unacknowledged').waitFor()
    await page.getByText('Not live.').waitFor({ state: 'detached' })
    noFaults(page)
  })
})

describe('the field', () => {
  it('shows gateways with their points, and a setpoint that is set by hand with reason and end', async () => {
    const page = await open('field')
    const gateway = page.getByRole('region', { name: 'Gateways' }).getByRole('listitem')
    await gateway.getByText('Battery container').waitFor()
    await gateway.getByText('Connected').waitFor({ timeout: 60_000 })
    await gateway.getByText('Battery container').click()
    await gateway.getByText('battery.soc').waitFor()

    const setpoint = page.getByRole('listitem', { name: 'Battery container' })
    await setpoint.getByRole('button', { name: 'Set by hand…' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Value, kW').fill('20')
    await dialog.getByLabel('Why; it stands in the log').fill('capacity test')
    await dialog.getByRole('button', { name: 'Set', exact: true }).click()
    await dialog.waitFor({ state: 'detached' })
    await setpoint.locator('.setpoint-hand').getByText('capacity test').waitFor()
    await expect
      .poll(() => setpoint.locator('.stage').nth(2).textContent(), { timeout: 20_000 })
      .toContain('20\u00a0kW✓')
    await setpoint.getByRole('button', { name: 'Back to the plan' }).click()
    await setpoint.locator('.setpoint-hand').waitFor({ state: 'detached' })
    noFaults(page)
  })
})

describe('carbon', () => {
  it('accounts activities, shows scopes by both methods with what is to be verified, and where to begin', async () => {
    const page = await open('carbon')
    await page.getByText('No inventory of this site is kept yet.').waitFor()
    await page
      .getByLabel('One activity a line')
      .fill(
        'grid, electricity, , 84210.4, kWh, 2023-01-01, 2024-01-01\ntank, fuel, diesel, 0.9, t, 2023-01-01, 2024-01-01',
      )
    await page.getByLabel('Where (ISO 3166)').fill('cn-js')
    await page.getByRole('spinbutton', { name: 'Year' }).fill('2023')
    await page.getByRole('button', { name: 'Account', exact: true }).click()
    const inventory = page.getByRole('region', { name: 'Inventory' })
    await inventory
      .getByRole('img', { name: /^All scopes, scope 2 by location: Scope 1, combustion 2\.868 t, Scope 2 49\.07 t$/ })
      .waitFor()
    await inventory.getByRole('img', { name: /^All scopes, scope 2 by market: / }).waitFor()
    await inventory
      .getByText(/to be verified/)
      .first()
      .waitFor()
    const report = await inventory.getByRole('link', { name: 'Report as PDF' }).getAttribute('href')
    const pdf = await page.request.get(`${server.address}${report}`)
    expect([pdf.status(), (await pdf.body()).subarray(0, 5).toString()]).toEqual([200, '%PDF-'])
    await page.getByRole('link', { name: 'Ledger' }).click()
    await page.getByText('mangrove ledger append works entries.ndjson').waitFor()
    noFaults(page)
  })
})

describe('each page', () => {
  it.each(['en', 'zh-CN', 'es'])('fits a phone and says everything in %s', async (locale) => {
    const page = await open('alarms', { viewport: { width: 360, height: 740 }, locale, colorScheme: 'dark' })
    for (const [path, ready] of [
      ['alarms', '.journal-lines'],
      ['field', '.commands'],
      ['carbon', '.inventory-bar'],
    ] as const) {
      await page.goto(`${server.address}/sites/${site}/${path}`)
      await page.locator(ready).first().waitFor()
      await expectWithinWindow(page, path)
      expect(await page.locator('main').textContent()).not.toMatch(
        /\b(alarms|field|carbon|priority|page|age)\.[a-z]\w+\b(?!\.)/,
      )
    }
    noFaults(page)
  })
})
