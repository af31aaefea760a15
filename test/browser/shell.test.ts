import { describe, expect, it } from 'vitest'
import { expectWithinWindow } from './accessible.ts'
import { noFaults, usePark, type Watched } from './park.ts'

const park = usePark()
const pagePath = `/sites/${park.site}/park`
const kindOf = (page: Watched) => page.locator('.moment').getAttribute('data-kind')
const momentOf = (page: Watched) => page.locator('.moment strong').textContent()

/** The bar, and where it stands. */
async function trackOf(page: Watched) {
  const track = page.locator('.time-track')
  await page.locator('.time-thumb').waitFor()
  const box = await track.boundingBox()
  if (!box) throw new Error('the time bar is not drawn')
  return { ...box, middle: box.y + box.height / 3 }
}

describe('the time bar', () => {
  it('is dragged by its thumb to another moment, panned by the bar, and zoomed by the wheel', async () => {
    const page = await park.open(pagePath)
    const { x, width, middle } = await trackOf(page)
    const thumb = await page.locator('.time-thumb').boundingBox()
    const from = (thumb?.x ?? 0) + (thumb?.width ?? 0) / 2
    await page.mouse.move(from, middle)
    await page.mouse.down()
    await page.mouse.move(from - width / 8, middle, { steps: 4 })
    await expect.poll(() => kindOf(page)).toBe('history')
    await page.mouse.up()
    await page.waitForURL(/at=\d+/)
    await page.getByRole('region', { name: 'Energy flow' }).getByText('Power-electronics factory').waitFor()
    // A press on the bar goes there; dragging the bar moves the bar and not the moment.
    const before = await momentOf(page)
    const ticks = () => page.locator('.tick').first().textContent()
    const tick = await ticks()
    await page.mouse.move(x + width * 0.8, middle)
    await page.mouse.down()
    await page.mouse.move(x + width * 0.55, middle, { steps: 4 })
    await page.mouse.up()
    await expect.poll(ticks).not.toBe(tick)
    expect(await momentOf(page)).toBe(before)
    await page.mouse.wheel(0, -300)
    await page.waitForURL(/span=/)
    // The span stands in the address with the moment: who opens it sees the same.
    await page.getByRole('button', { name: 'Week' }).click()
    await page.waitForURL(/span=week/)
    await page.reload()
    await page.locator('.time-thumb').waitFor()
    expect(await page.getByRole('button', { name: 'Week' }).getAttribute('aria-pressed')).toBe('true')
    expect(await momentOf(page)).toBe(before)
    noFaults(page)
  })

  it('plays time into the plan by the space bar, faster when asked, and stops', async () => {
    const page = await park.open(pagePath)
    await page.locator('.time-thumb').waitFor()
    await page.getByRole('button', { name: 'Speed 60×' }).click()
    await page.locator('.page').focus()
    await page.keyboard.press('Space')
    await page.getByRole('button', { name: 'Pause' }).waitFor()
    await expect.poll(() => kindOf(page)).toBe('plan')
    const playing = await momentOf(page)
    await expect.poll(() => momentOf(page)).not.toBe(playing)
    await page.keyboard.press('Space')
    await page.getByRole('button', { name: 'Play', exact: true }).waitFor()
    await page.waitForURL(/at=\d+/)
    await page.keyboard.press('n')
    await expect.poll(() => kindOf(page)).toBe('live')
    noFaults(page)
  })

  it('has room on a phone, and its targets are large', async () => {
    const page = await park.open(pagePath, { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true })
    const { width } = await trackOf(page)
    expect(width).toBeGreaterThan(300)
    const heights = await page.locator('.time-bar button').evaluateAll((all) => all.map((one) => one.clientHeight))
    expect(Math.min(...heights)).toBeGreaterThanOrEqual(42)
    await expectWithinWindow(page, 'on a phone')
    noFaults(page)
  })
})

describe('the palette', () => {
  it('leads to a page, to an asset and to a point, by keyboard', async () => {
    const page = await park.open(pagePath)
    const find = async (text: string, option: RegExp): Promise<void> => {
      await page.keyboard.press('Control+k')
      await page.getByRole('dialog', { name: 'Search' }).getByRole('combobox').fill(text)
      await page.getByRole('option', { name: option, selected: true }).waitFor()
      await page.keyboard.press('Enter')
    }
    await page.locator('.flow').waitFor()
    await find('claims', /Claims desk/)
    await page.waitForURL('**/claims')
    await find('factory roofs', /Factory roofs/)
    await page.waitForURL('**/assets/roof-pv')
    await find('battery.soc', /battery\.soc/)
    await page.waitForURL('**/trends?points=battery.soc')
    // What was chosen last is offered first.
    await page.keyboard.press('Control+k')
    await page
      .getByRole('group', { name: 'Recent' })
      .getByRole('option', { name: /battery\.soc/ })
      .waitFor()
    await page.keyboard.press('Escape')
    noFaults(page)
  })
})

describe('the jobs', () => {
  it('are followed with their progress, survive a reload, and are cancelled', async () => {
    const page = await park.open(pagePath)
    const answer = await park.ask('/api/v1/engines/energy.backtest', {
      method: 'POST',
      headers: { 'content-type': 'application/json', prefer: 'respond-async' },
      body: JSON.stringify({ site: park.site, at: '2026-07-06T00:00', days: 300 }),
    })
    expect(answer.status, await answer.clone().text()).toBe(202)
    await page.reload()
    await page.getByRole('button', { name: 'Jobs running: 1' }).click()
    const tray = page.getByRole('dialog', { name: 'Jobs' })
    const line = tray.getByRole('listitem').filter({ hasText: 'Backtest of the control' }).first()
    await line.getByRole('progressbar').waitFor()
    await line.getByRole('button', { name: 'Cancel Backtest of the control' }).click()
    await line.getByText('cancelled', { exact: true }).waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Jobs running: 0' }).waitFor()
    noFaults(page)
  })
})

describe('the pedigree of a number', () => {
  it('says what a point is, closes by Esc, and gives the focus back', async () => {
    const page = await park.open(pagePath)
    const number = page
      .getByRole('region', { name: 'Energy flow' })
      .locator('li', { hasText: 'Grid import' })
      .getByRole('button')
    await number.click()
    const drawer = page.getByRole('complementary', { name: 'Where this number comes from' })
    await drawer.getByText('grid.powerKw').waitFor()
    await drawer.getByText('Meters of the substation').waitFor()
    await drawer.getByText('192.0.2.10:502').waitFor()
    await drawer.getByRole('table', { name: /rows in all/ }).waitFor()
    await page.keyboard.press('Escape')
    await drawer.waitFor({ state: 'detached' })
    expect(await number.evaluate((element) => element === document.activeElement)).toBe(true)
    noFaults(page)
  })

  it('of a plan names run and place, and the run is replayed', async () => {
    const page = await park.open(`/sites/${park.site}/plan`)
    await page.getByRole('table', { name: 'Cost of the day' }).locator('tfoot').getByRole('button').first().click()
    const drawer = page.getByRole('complementary', { name: 'Where this number comes from' })
    await drawer.getByText('cost.total').waitFor()
    await drawer.getByRole('button', { name: 'Replay this run' }).click()
    await drawer.getByText('The same bytes again').waitFor({ timeout: 60_000 })
    noFaults(page)
  })
})

describe('a wall screen', () => {
  it('shows pages in turn without controls, and is left by Esc', async () => {
    const page = await park.open(`${pagePath}?wall=park,alarms&every=5s`)
    await page.getByRole('banner').getByText('Park now').waitFor()
    await page.getByRole('banner').getByText('live').waitFor()
    expect(await page.locator('.time-bar').isVisible()).toBe(false)
    expect(await page.getByRole('navigation').count()).toBe(0)
    await page.waitForURL('**/alarms?*', { timeout: 15_000 })
    await page.keyboard.press('Escape')
    await page.getByRole('navigation', { name: 'Pages' }).waitFor()
    expect(page.url()).not.toContain('wall')
    noFaults(page)
  })
})

describe('the header', () => {
  it.each([
    [1440, 'en'],
    [1280, 'es'],
    [1000, 'es'],
  ])('of who is signed in has nothing over its verbs at %i px in %s', async (width, locale) => {
    const page = await park.open(pagePath, { locale, viewport: { width, height: 700 } })
    await page.locator('.header .user').waitFor()
    const edges = await page.evaluate(() =>
      ['.site-choice', '.verbs', '.tools'].map((part) => {
        const { left, right } = document.querySelector(`.header ${part}`)?.getBoundingClientRect() ?? new DOMRect()
        return { left, right }
      }),
    )
    const [site, verbs, tools] = edges
    expect(site?.right).toBeLessThanOrEqual(verbs?.left ?? 0)
    expect(verbs?.right).toBeLessThanOrEqual(tools?.left ?? 0)
    expect(tools?.right).toBeLessThanOrEqual(width)
    noFaults(page)
  })
})

describe('the help', () => {
  it('opens the guides of a page, which lead to each other, and returns by Esc', async () => {
    const page = await park.open(`/sites/${park.site}/overview`)
    await page.getByRole('heading', { name: 'Overview' }).waitFor()
    await page.keyboard.press('?')
    const help = page.getByRole('dialog', { name: 'Help and keyboard' })
    await help.getByRole('button', { name: 'Run several nodes' }).click()
    const guide = page.getByRole('dialog', { name: 'Run several nodes' })
    await guide.getByRole('heading', { name: 'What nodes share, and how soon' }).waitFor()
    await guide.getByRole('cell', { name: 'live values' }).waitFor()
    await guide.getByRole('button', { name: 'PostgreSQL' }).first().click()
    await guide.waitFor({ state: 'detached' })
    await page.keyboard.press('Escape')
    await help.waitFor()
    noFaults(page)
  })
})

describe('a verb without a page', () => {
  it('says so, and leads to what answers a part of its question', async () => {
    const page = await park.open(pagePath)
    await page.getByRole('link', { name: 'Finance' }).click()
    await page.getByText('This question has no page of its own yet.').waitFor()
    await page.getByRole('main').getByRole('link', { name: 'Sizing' }).click()
    await page.waitForURL('**/sizing')
    noFaults(page)
  })
})

describe('sharing', () => {
  it('copies a link with the moment, and prints ink on paper with its address', async () => {
    const page = await park.open(pagePath, { permissions: ['clipboard-read', 'clipboard-write'], colorScheme: 'dark' })
    await page.getByRole('button', { name: 'More' }).click()
    await page.getByRole('menuitem', { name: 'Copy link to this moment' }).click()
    await page.getByText('The link is copied.').waitFor()
    const link = await page.evaluate(() => navigator.clipboard.readText())
    expect(link).toMatch(new RegExp(`^${park.address}${pagePath}\\?at=\\d{13}$`))
    await page.emulateMedia({ media: 'print' })
    expect(await page.locator('.print-foot').textContent()).toContain(`${park.address}${pagePath}?at=`)
    expect(await page.getByRole('banner').count()).toBe(0)
    expect(await page.locator('.time-bar').isVisible()).toBe(false)
    noFaults(page)
  })

  it.each(['dark', 'contrast'])('prints in the light colours by Ctrl P, from the theme %s', async (theme) => {
    const page = await park.open(pagePath)
    await page.evaluate((own) => localStorage.setItem('mangrove.theme', own), theme)
    await page.reload()
    await page.getByRole('region', { name: 'Energy flow' }).waitFor()
    await page.evaluate(() => {
      window.print = () => {
        document.body.dataset.printed = document.documentElement.dataset.theme ?? ''
      }
    })
    await page.keyboard.press('Control+P')
    await expect.poll(() => page.locator('body').getAttribute('data-printed')).toBe('light')
    await expect.poll(() => page.locator('html').getAttribute('data-theme')).toBe(theme)
    noFaults(page)
  })
})
