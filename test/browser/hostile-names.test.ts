import type { Browser, BrowserContext, Cookie } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pages } from '../../web/src/app/pages.ts'
import { expectWithinWindow } from './accessible.ts'
import { openBrowser, type RunningServer, startServer } from './browser.ts'
import { noFaults, type Watched, watchedPage } from './park.ts'

const script = '<script>window.hostileRan = 1</script><img src=x onerror="window.hostileRan = 1">'
const long = 'W'.repeat(10_000)
const turned = '\u202Egnorw\u202C \u200Fمرحبا\u200F'
const faces = '👩🏽‍🔬🏭⚡️'.repeat(20)
const named = (name: string): string => JSON.stringify(name)
const place = `location: { latitude: 31.4, longitude: 119.5, altitudeM: 8 }
zone: Asia/Shanghai
currency: CNY`

/** Every name is one that breaks pages, and there are 3,000 points. */
const hostile = `
id: hostile
name: ${named(script + turned + faces)}
${place}
assets:
  grid: { kind: grid, title: ${named(long)}, importLimitKw: 500, exportLimitKw: 500 }
  hall: { kind: load, title: ${named(script)}, demand: 100 }
  yard: { kind: load, title: ${named(faces)}, demand: 10 }
  battery: { kind: battery, title: ${named(turned + script)}, capacityKwh: 100, maxChargeKw: 50, maxDischargeKw: 50, initialSoc: 0.5 }
points:
  gate.counted: { title: ${named(long)}, unit: "1" }
  battery.setpointKw: { title: ${named(script)}, unit: kW }
${Array.from({ length: 3000 }, (_, k) => `  meter-${k}.powerKw: { title: Meter ${k}, unit: kW }`).join('\n')}
gateways:
  container:
    protocol: modbus
    title: ${named(script + long)}
    host: 192.0.2.30
    period: 1s
    devices: { battery: { template: sunspec-battery, asset: battery } }
commands:
  setpoints:
    battery:
      title: ${named(turned + script)}
      point: battery.setpointKw
      least: -50 kW
      most: 50 kW
      fallback: [{ from: "00:00", value: 0 }]
alarms:
  rules:
    yard-full:
      title: ${named(script + turned)}
      point: gate.counted
      priority: high
      when: { kind: high, limit: 10 }
      message: ${named(long.slice(0, 500))}
      action: ${named(script)}
tariff: { import: { timeOfUse: { periods: [{ name: ${named('<b>flat</b>')}, pricePerKwh: 0.7 }] } } }
`

const nothing = `
id: nothing
name: Nothing yet
${place}
assets: {}
`

let browser: Browser
const servers = new Map<string, RunningServer>()

beforeAll(async () => {
  const [own, ...started] = await Promise.all([openBrowser(), startServer(hostile), startServer(nothing)])
  browser = own
  for (const [k, server] of started.entries()) servers.set(k === 0 ? 'hostile' : 'nothing', server)
})
afterAll(async () => {
  await browser?.close()
  await Promise.all([...servers.values()].map((server) => server.stop()))
})

const sessions = new Map<RunningServer, readonly Cookie[]>()

/** Signs in by the link of the first start, which opens once; afterwards by the session that it made. */
async function signedIn(server: RunningServer): Promise<Watched> {
  const context: BrowserContext = await browser.newContext({ locale: 'en', reducedMotion: 'reduce' })
  const session = sessions.get(server)
  if (session) await context.addCookies([...session])
  const page = await watchedPage(context)
  await page.goto(session ? server.address : server.signInUrl)
  await page.waitForURL('**/park')
  sessions.set(server, await context.cookies())
  return page
}

const middle = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN

describe.each([
  ['hostile', 'names that would run, reach out of the page or turn it round, and 3,000 points'],
  ['nothing', 'no asset at all'],
])('a site with %s: %s', (site) => {
  it('opens every page as text, within its window, and fast', { timeout: 180_000 }, async () => {
    const server = servers.get(site)
    if (!server) throw new Error('the server is not there')
    const page = await signedIn(server)
    const tookMs: number[] = []
    for (const { id } of pages) {
      await page.setViewportSize({ width: 1280, height: 800 })
      const beganMs = performance.now()
      await page.goto(`${server.address}/sites/${site}/${id}`)
      await page.getByRole('heading', { level: 1 }).first().waitFor({ state: 'attached' })
      tookMs.push(performance.now() - beganMs)
      await page.waitForFunction(() => document.querySelector('.skeleton:not(.gallery *)') === null)
      await expectWithinWindow(page, id)
      await page.setViewportSize({ width: 390, height: 844 })
      await expectWithinWindow(page, `${id} on a phone`)
      expect(await page.evaluate(() => 'hostileRan' in window), id).toBe(false)
      // Still usable: the way to the other pages is in reach.
      expect(await page.getByRole('navigation', { name: 'What to do' }).isVisible(), id).toBe(true)
    }
    expect(middle(tookMs)).toBeLessThanOrEqual(2000)
    noFaults(page)
    await page.context().close()
  })
})

it('a hostile name is shown as it is written', async () => {
  const server = servers.get('hostile')
  if (!server) throw new Error('the server is not there')
  const page = await signedIn(server)
  await page.goto(`${server.address}/sites/hostile/field`)
  await page.getByRole('heading', { level: 3, name: script }).waitFor()
  expect(await page.locator('main script, main img').count()).toBe(0)
  await page.context().close()
})
