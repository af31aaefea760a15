import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import type { Browser, BrowserContextOptions, Cookie, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { expectWithinWindow } from './accessible.ts'
import { openBrowser, type RunningServer, startServer } from './browser.ts'
import { noFaults, type Watched, watchedPage } from './park.ts'

let server: RunningServer
let browser: Browser
let session: Cookie[]
const site = 'liyang-park'

beforeAll(async () => {
  ;[server, browser] = await Promise.all([startServer(), openBrowser()])
  await untilAlive()
  session = await sessionOfLink()
})
afterEach(() => Promise.all(browser.contexts().map((context) => context.close())))
afterAll(async () => {
  await browser?.close()
  await server?.stop()
})

/** Waits until the history is filled and the first plan is published. */
async function untilAlive(): Promise<void> {
  for (let tries = 0; tries < 300; tries += 1) {
    const health = (await (await fetch(`${server.address}/health`)).json()) as { status: string }
    if (health.status === 'ok') return
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  throw new Error('the park did not come alive within a minute')
}

/** The cookie of whoever opens the link that the server printed. */
async function sessionOfLink(): Promise<Cookie[]> {
  const page = await (await browser.newContext({ locale: 'en' })).newPage()
  await page.goto(server.signInUrl)
  await page.waitForURL(`**/sites/${site}/park`)
  return page.context().cookies()
}

/** Opens a page that fails the test when it logs an error or throws. */
async function open(path: string, options: BrowserContextOptions = {}): Promise<Watched> {
  const context = await browser.newContext({ locale: 'en', reducedMotion: 'reduce', ...options })
  await context.addCookies(session)
  const page = await watchedPage(context)
  await page.goto(server.address + path)
  return page
}

/** A figure as the console writes it. */
const numberOf = (text: string | null): number =>
  Number(
    (text ?? '')
      .replaceAll('\u202f', '')
      .replace('\u2212', '-')
      .match(/-?[\d.]+/)?.[0],
  )

describe('park now', () => {
  it('shows the flow of energy in balance, and moves', async () => {
    const page = await open('/')
    await page.waitForURL(`**/sites/${site}/park`)
    const flow = page.getByRole('region', { name: 'Energy flow' })
    await flow.getByText('Factory roofs').waitFor()
    const powers = async () => {
      const side = async (name: string) =>
        (await flow.locator(`[data-side="${name}"] .flow-value .figure`).allTextContents()).map(numberOf)
      return [await side('supply'), await side('use')] as const
    }
    const before = await powers()
    expect(before.flat().some((value) => value > 100)).toBe(true)
    await expect.poll(async () => JSON.stringify(await powers()), { timeout: 20_000 }).not.toBe(JSON.stringify(before))
    // Supply and use differ by what the battery gives or takes; on the screen, to rounding.
    const battery = await flow.locator('.battery-doing').textContent()
    const [supply, use] = await powers()
    const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
    const storageKw = numberOf((battery ?? '').replace(/.*?(?=[\d])/, ''))
    expect(Math.abs(Math.abs(sum(supply) - sum(use)) - storageKw)).toBeLessThan(0.05 * sum(use) + 10)
    await page.getByText('Nothing. The plan is met').waitFor()
    noFaults(page)
  })

  it('shows another moment when the time bar is moved, by keyboard', async () => {
    const page = await open(`/sites/${site}/park`)
    const bar = page.getByRole('slider', { name: 'Moment shown' })
    await bar.waitFor()
    await bar.focus()
    for (let hours = 0; hours < 10; hours += 1) await page.keyboard.press('PageDown')
    await expect.poll(() => page.locator('.moment').getAttribute('data-kind')).toBe('history')
    expect(page.url()).toContain('at=')
    // Runs at every hour of the day, which the grid and the sun do not.
    await page.getByRole('region', { name: 'Energy flow' }).getByText('Power-electronics factory').waitFor()
    await page.getByRole('button', { name: 'Back to now' }).click()
    await expect.poll(() => page.locator('.moment').getAttribute('data-kind')).toBe('live')
    noFaults(page)
  })

  it('fits a phone without scrolling sideways, in each language', async () => {
    for (const locale of ['en', 'zh-CN', 'es']) {
      const page = await open(`/sites/${site}/park`, { viewport: { width: 360, height: 740 }, locale })
      await page.locator('.flow').waitFor()
      await page.locator('.figures').waitFor()
      await expectWithinWindow(page, locale)
      noFaults(page)
    }
  })
})

describe('the page of Verify', () => {
  it('takes a published number apart, and keeps the run', async () => {
    const page = await open(`/sites/${site}/claims`)
    await page
      .locator('textarea')
      .fill('光伏装机容量5.8兆瓦，年发电量620万千瓦时，每年可节约标准煤2480吨，减少二氧化碳排放6180吨。')
    await page.getByLabel('Where').fill('cn-js')
    await page.getByRole('button', { name: 'Check', exact: true }).click()
    await page.getByText('Consistent only if the following holds.').waitFor()
    expect(await page.locator('.claim-sentence mark').allTextContents()).toEqual([
      ...['5.8兆瓦', '620万千瓦时', '2480吨', '6180吨'],
    ])
    expect(await page.getByText('A conversion without an official source was taken.').count()).toBe(1)
    expect(await page.locator('.claim-quotient').count()).toBe(4)
    // No number to check is told, and the page stays.
    await page.locator('textarea').fill('We are very green.')
    await page.getByRole('button', { name: 'Check', exact: true }).click()
    await page.getByText('carbon.bad-claim').waitFor()
    expect(page.faults.filter((fault) => !fault.includes('422'))).toEqual([])
  })

  it('lists the runs of the site, each with a way to its evidence', async () => {
    const page = await open(`/sites/${site}/verify`)
    const rows = page.getByRole('table', { name: 'Runs of this site, newest first' }).locator('tbody tr')
    await rows.first().waitFor()
    const plan = rows.filter({ hasText: 'energy.plan' }).first()
    const address = await plan.getByRole('link').getAttribute('href')
    const evidence = await page.request.get(`${server.address}${address}`)
    expect(await evidence.json()).toMatchObject({ engine: 'energy.plan', input: { site } })
    noFaults(page)
  })
})

describe('the plan page', () => {
  it.each([
    ['en', 'en', 'Cost of the day', 'Why'],
    ['zh-CN', 'zh-Hans', '当日成本', '原因'],
    ['es-MX', 'es', 'Coste del día', 'Por qué'],
  ])('speaks %s when the browser does', async (locale, lang, cost, why) => {
    const page = await open(`/sites/${site}/plan`, { locale })
    await page.getByRole('table', { name: cost }).waitFor()
    await page.getByRole('heading', { name: why }).waitFor()
    expect(await page.locator('html').getAttribute('lang')).toBe(lang)
    expect(await page.locator('.chart').count()).toBe(4)
    // Names of assets and tariff periods stand in the site file; whatever else is left untranslated shows as a key.
    expect(await page.locator('body').textContent()).not.toMatch(
      /\b(plan|cost|whatIf|reason|relaxed|kind|state)\.[a-z]\w+/,
    )
    noFaults(page)
  })

  it('switches language and colours in place, and remembers them', async () => {
    const page = await open(`/sites/${site}/plan`)
    await page.getByRole('button', { name: 'Español' }).click()
    await page.getByRole('table', { name: 'Coste del día' }).waitFor()
    await page.getByRole('button', { name: /Colores/ }).click()
    await page.getByRole('button', { name: /Colores/ }).click()
    expect(await page.locator('html').getAttribute('data-theme')).toBe('dark')
    await page.reload()
    await page.getByRole('table', { name: 'Coste del día' }).waitFor()
    expect(await page.locator('html').getAttribute('data-theme')).toBe('dark')
    noFaults(page)
  })

  it('draws its charts: what is painted has the colours of the key', async () => {
    const page = await open(`/sites/${site}/plan`)
    await page.locator('.chart canvas').first().waitFor()
    const painted = await page
      .locator('.chart canvas')
      .first()
      .evaluate((element) => {
        const canvas = element as HTMLCanvasElement
        const data = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? []
        const colours = new Map<string, number>()
        for (let at = 0; at < data.length; at += 4) {
          if (data[at + 3] !== 255) continue
          const key = `${data[at]},${data[at + 1]},${data[at + 2]}`
          colours.set(key, (colours.get(key) ?? 0) + 1)
        }
        return [...colours.values()].filter((count) => count > 500).length
      })
    expect(painted).toBeGreaterThanOrEqual(2)
    noFaults(page)
  })

  it('works by keyboard alone: go to the page, move through time, lower the limit, read the difference, go back', async () => {
    const page = await open(`/sites/${site}/park`)
    await page.locator('.flow').waitFor()
    await page.keyboard.press('g')
    await page.keyboard.press('l')
    await page.waitForURL('**/plan')
    await page.getByRole('table', { name: 'Cost of the day' }).waitFor()

    // The first stop of Tab leads past the header.
    await page.locator('body').evaluate(() => (document.activeElement as HTMLElement | null)?.blur())
    await page.keyboard.press('Tab')
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Skip to the page')
    await page.keyboard.press('Enter')
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('page')

    // Tab reaches the first field of what-if; arrows and typing change it; Enter plans again.
    const limit = page.getByRole('spinbutton', { name: /Import limit/ })
    await tabTo(page, 'input[type="number"]')
    expect(await limit.inputValue()).toBe('3600')
    await page.keyboard.press('ArrowDown')
    expect(await limit.inputValue()).toBe('3590')
    await page.keyboard.press('Control+A')
    await page.keyboard.type('1500')
    await page.keyboard.press('Enter')
    await page.getByText('Against the published plan').waitFor({ timeout: 60_000 })
    await page.getByText('As published').first().waitFor()
    const total = page.getByRole('table', { name: 'Cost of the day' }).locator('tfoot tr').first()
    expect(numberOf(await total.locator('.difference').textContent())).toBeGreaterThan(0)

    // The limit on the chart is a slider that arrow keys move.
    const handle = page.getByRole('slider', { name: 'Import limit' })
    expect(await handle.getAttribute('aria-valuenow')).toBe('1500')
    await tabTo(page, '.plan-handle[data-look="limit"]')
    await page.keyboard.press('PageUp')
    await expect.poll(() => handle.getAttribute('aria-valuenow')).toBe('1600')

    // The time bar moves the moment whose values the table shows.
    const shown = () => page.locator('#step-title').textContent()
    const before = await shown()
    await tabTo(page, '.time-track input')
    await page.keyboard.press('PageUp')
    await page.keyboard.press('PageUp')
    await expect.poll(shown).not.toBe(before)
    await page.keyboard.press('Escape')
    await page.locator('body').evaluate(() => (document.activeElement as HTMLElement | null)?.blur())
    await page.keyboard.press('?')
    await page.getByRole('dialog', { name: 'Keyboard' }).waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await page.keyboard.press('g')
    await page.keyboard.press('p')
    await page.waitForURL('**/park*')
    noFaults(page)
  })

  it('plans again on a changed price, and goes back to the published plan', async () => {
    const page = await open(`/sites/${site}/plan`)
    const fee = page.getByRole('spinbutton', { name: /Fee on every imported kWh/ })
    await fee.fill('0.5')
    await page.getByRole('button', { name: 'Plan again' }).click()
    await page.getByText('Against the published plan').waitFor({ timeout: 60_000 })
    const total = page.getByRole('table', { name: 'Cost of the day' }).locator('tfoot tr').first()
    expect(numberOf(await total.locator('.difference').textContent())).toBeGreaterThan(1000)
    await page.getByRole('button', { name: 'Back to the published plan' }).click()
    await page.getByText('Against the published plan').waitFor({ state: 'detached' })
    expect(await fee.inputValue()).toBe('0')
    noFaults(page)
  })

  it('says what gave way when a limit leaves no room', async () => {
    const page = await open(`/sites/${site}/plan`)
    await page.getByRole('spinbutton', { name: /Import limit/ }).fill('200')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'What gave way' }).waitFor({ timeout: 60_000 })
    await page.getByText('Wishes gave way').waitFor()
    noFaults(page)
  })
})

/** Presses Tab until what has the focus fits the selector. */
async function tabTo(page: Page, selector: string): Promise<void> {
  for (let presses = 0; presses < 80; presses += 1) {
    await page.keyboard.press('Tab')
    if (await page.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, selector)) return
  }
  throw new Error(`Tab does not reach ${selector}`)
}

describe('delivery', () => {
  it('sends at most 300 KB of compressed script before charts are asked for', async () => {
    const html = await (await fetch(`${server.address}/`)).text()
    const scripts = [...html.matchAll(/(?:src|href)="(\/assets\/[^"]+\.js)"/g)].map(([, path = '']) => path)
    expect(scripts.length).toBeGreaterThan(0)
    let bytes = 0
    for (const path of scripts) bytes += await transferred(path)
    expect(bytes).toBeGreaterThan(20_000)
    expect(bytes).toBeLessThanOrEqual(300_000)
    expect(html).not.toContain('draw-chart')
  })

  it('asks no other machine for anything', async () => {
    const page = await open('/')
    const strangers: string[] = []
    page.on('request', (request) => {
      if (!request.url().startsWith(server.address) && !request.url().startsWith('data:')) strangers.push(request.url())
    })
    await page.goto(`${server.address}/sites/${site}/plan`)
    await page.locator('.chart canvas').first().waitFor()
    expect(strangers).toEqual([])
  })

  it.each(['br', 'gzip'])('compresses scripts ahead of time (%s)', async (encoding) => {
    const html = await (await fetch(`${server.address}/`)).text()
    const path = /src="(\/assets\/[^"]+\.js)"/.exec(html)?.[1] ?? ''
    const body = await raw(path, encoding)
    const script = encoding === 'br' ? brotliDecompressSync(body) : gunzipSync(body)
    expect(script.toString('utf8')).toContain('createRoot')
  })
})

async function raw(path: string, encoding: string): Promise<Buffer> {
  const { request } = await import('node:http')
  return new Promise((resolve, reject) => {
    request(server.address + path, { headers: { 'accept-encoding': encoding } }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () =>
        response.headers['content-encoding'] === encoding
          ? resolve(Buffer.concat(chunks))
          : reject(new Error(`sent as ${response.headers['content-encoding'] ?? 'is'}`)),
      )
    })
      .on('error', reject)
      .end()
  })
}

const transferred = async (path: string): Promise<number> => (await raw(path, 'br')).length

/** Last: with the password of the user all of its sessions end. */
describe('signing in', () => {
  /** A page of somebody who has no session. */
  const stranger = async (path: string, locale: string): Promise<Page> => {
    const page = await (await browser.newContext({ locale })).newPage()
    await page.goto(server.address + path)
    return page
  }

  it.each([
    ['en', 'Sign in', 'Password'],
    ['zh-CN', '登录', '密码'],
    ['es-MX', 'Iniciar sesión', 'Contraseña'],
  ])('is where everybody else is led, in %s', async (locale, title, password) => {
    for (const path of ['/', `/sites/${site}/plan`]) {
      const page = await stranger(path, locale)
      await page.waitForURL('**/sign-in')
      await page.getByRole('heading', { name: title }).waitFor()
      expect(await page.getByLabel(password).getAttribute('type')).toBe('password')
      expect(await page.locator('body').textContent()).not.toContain('Liyang')
    }
  })

  it('takes a link that is opened in a tab with this page', async () => {
    const page = await stranger('/sign-in', 'en')
    await page.getByRole('button', { name: 'Sign in' }).waitFor()
    // Used by now: that it is read at all is what counts.
    await page.goto(server.signInUrl)
    await page.getByRole('alert').getByText('This link was used already').waitFor()
  })

  it('by link is done once, and the key stays in no address', async () => {
    const page = await stranger(server.signInUrl.slice(server.address.length), 'en')
    await page.getByRole('alert').getByText('This link was used already').waitFor()
    expect(page.url()).toBe(`${server.address}/sign-in`)
  })

  it('with the first password asks for one of one’s own, lets in, and out again', async () => {
    const page = await stranger('/sign-in', 'en')
    const { name, password } = server.firstUser
    const own = 'three herons by the weir'
    await page.getByLabel('Name').fill(name)
    await page.getByLabel('Password').fill('wrong')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('alert').getByText('Name, password or code is wrong').waitFor()
    // As a password manager or the clipboard does it.
    await page.getByLabel('Password').focus()
    await page.keyboard.press('Control+A')
    await page.keyboard.insertText(password)
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'A password of your own' }).waitFor()
    const next = page.getByLabel('New password')
    expect(await next.getAttribute('type')).toBe('password')
    expect(await next.getAttribute('autocomplete')).toBe('new-password')
    await next.fill('password1234')
    await page.getByRole('button', { name: 'Change the password' }).click()
    await page.getByRole('alert').getByText('too short, too common').waitFor()
    await next.fill(own)
    await page.getByRole('button', { name: 'Change the password' }).click()
    await page.waitForURL(`**/sites/${site}/park`)
    await page.getByRole('button', { name: `Sign out ${name}` }).click()
    await page.waitForURL('**/sign-in')
    expect((await page.context().cookies()).filter(({ value }) => value !== '')).toEqual([])
    await page.goto(`${server.address}/sites/${site}/park`)
    await page.waitForURL('**/sign-in')
    expect(await page.locator('body').textContent()).not.toContain('Factory roofs')
  })
})
