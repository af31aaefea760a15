import { describe, expect, it } from 'vitest'
import { barriers } from './accessible.ts'
import { noFaults, usePark } from './park.ts'

const park = usePark()
const gallery = () => park.open(`/sites/${park.site}/gallery`)

describe('without a pointer', () => {
  it('the focus can be seen wherever it goes', async () => {
    const page = await gallery()
    await page.getByRole('heading', { name: 'Fields' }).waitFor()
    const seen = new Set<string>()
    for (let presses = 0; presses < 60; presses += 1) {
      await page.keyboard.press('Tab')
      const focused = await page.evaluate(() => {
        const element = document.activeElement as HTMLElement
        const { outlineStyle, outlineWidth } = getComputedStyle(element)
        // A field in a frame shows the focus at its frame.
        const frame = element.closest('.ui-input')
        const own = outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 1
        return {
          name: `${element.tagName} ${element.getAttribute('class') ?? ''} ${element.textContent?.slice(0, 20)}`,
          shown: own || (frame !== null && getComputedStyle(frame).outlineStyle !== 'none'),
        }
      })
      expect(focused.shown, focused.name).toBe(true)
      seen.add(focused.name)
    }
    expect(seen.size).toBeGreaterThan(25)
    noFaults(page)
  })

  it('a list is opened, an option chosen by its first letters, and the focus returns', async () => {
    const page = await gallery()
    const light = page.getByRole('region', { name: 'Fields, Light' })
    const list = light.getByRole('combobox', { name: 'Kind', exact: true })
    await list.focus()
    await page.keyboard.press('Enter')
    // Letters are for the option that has the focus.
    await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('role'))).toBe('option')
    await page.keyboard.press('w')
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('Wind')
    await page.keyboard.press('Enter')
    await expect.poll(() => list.textContent()).toBe('Wind')
    await expect.poll(() => list.evaluate((element) => element === document.activeElement)).toBe(true)

    const searched = light.getByRole('combobox', { name: 'Kind, by search' })
    await searched.focus()
    await page.keyboard.press('Enter')
    await page.getByPlaceholder('Search').fill('nothing like it')
    await page.getByText('Nothing has this name.').waitFor()
    await page.getByPlaceholder('Search').fill('genset')
    await page.keyboard.press('Enter')
    await expect.poll(() => searched.textContent()).toBe('Genset')
    noFaults(page)
  })

  it('a slider moves, a switch turns, and a field says what is wrong', async () => {
    const page = await gallery()
    const light = page.getByRole('region', { name: 'Fields, Light' })
    const slider = light.getByRole('slider', { name: 'Reserve' })
    await slider.focus()
    await page.keyboard.press('ArrowRight')
    await expect.poll(() => slider.getAttribute('aria-valuetext')).toBe('25 %')
    const toggle = light.getByRole('switch', { name: 'Follow the plan' })
    await toggle.focus()
    await page.keyboard.press('Space')
    await expect.poll(() => toggle.getAttribute('aria-checked')).toBe('false')
    const limit = light.getByRole('spinbutton', { name: 'Import limit' })
    expect(await limit.getAttribute('aria-invalid')).toBe('true')
    await limit.fill('2500')
    expect(await limit.getAttribute('aria-invalid')).toBe('false')
    noFaults(page)
  })

  it('a dialog keeps the focus, and gives it back; a notice is told', async () => {
    const page = await gallery()
    const opener = page.getByRole('button', { name: 'Drawer' })
    await opener.focus()
    await page.keyboard.press('Enter')
    const drawer = page.getByRole('dialog', { name: 'Drawer' })
    await drawer.waitFor()
    for (let presses = 0; presses < 4; presses += 1) {
      await page.keyboard.press('Tab')
      expect(await drawer.evaluate((element) => element.contains(document.activeElement))).toBe(true)
    }
    expect(await barriers(page, ['color-contrast', 'aria-dialog-name', 'button-name'])).toEqual([])
    await page.keyboard.press('Escape')
    await drawer.waitFor({ state: 'detached' })
    await expect.poll(() => opener.evaluate((element) => element === document.activeElement)).toBe(true)
    await page.getByRole('button', { name: 'Notice: Warning' }).press('Enter')
    await page
      .getByRole('region', { name: /Notices/ })
      .getByText('The setpoint reached the machine.')
      .waitFor()
    noFaults(page)
  })

  it('a drawer stands at the other side where one reads from right to left', async () => {
    const page = await gallery()
    await page.locator('html').evaluate((html) => html.setAttribute('dir', 'rtl'))
    await page.getByRole('button', { name: 'Drawer' }).click()
    const box = await page.getByRole('dialog', { name: 'Drawer' }).boundingBox()
    expect(box?.x).toBe(0)
    noFaults(page)
  })
})

describe('colours', () => {
  it('are of high contrast where the system asks for it, or the button', async () => {
    const page = await park.open(`/sites/${park.site}/gallery`, { contrast: 'more' })
    const theme = () => page.locator('html').getAttribute('data-theme')
    await expect.poll(theme).toBe('contrast')
    const button = page.getByRole('button', { name: /^Colours/ })
    const shown: (string | null)[] = []
    for (let presses = 0; presses < 4; presses += 1) {
      await button.click()
      shown.push(await theme())
    }
    expect(shown).toEqual(['light', 'dark', 'contrast', 'contrast'])
    noFaults(page)
  })
})

describe('density', () => {
  it('is chosen, kept, and changes how high rows and controls are', async () => {
    const page = await gallery()
    const height = () =>
      page
        .locator('#tables tbody td')
        .first()
        .evaluate((cell) => Math.round(cell.getBoundingClientRect().height))
    const choose = (name: string) => page.getByRole('radio', { name }).click()
    expect(await height()).toBe(32)
    await choose('Touch')
    await expect.poll(height).toBe(44)
    await choose('Compact')
    await expect.poll(height).toBe(28)
    await page.reload()
    await page.getByRole('radio', { name: 'Compact', checked: true }).waitFor()
    await expect.poll(height).toBe(28)
    noFaults(page)
  })
})

describe('the menu of a chart', () => {
  it('shows its numbers as a table, and saves them and the picture', async () => {
    const page = await gallery()
    const charts = page.getByRole('region', { name: 'Charts, each with its menu, Light' })
    const choose = async (chart: string, item: string) => {
      await charts.getByRole('button', { name: `Save or read: ${chart}` }).click()
      await page.getByRole('menuitem', { name: item }).click()
    }
    const saved = async (chart: string, item: string) => {
      const [file] = await Promise.all([page.waitForEvent('download'), choose(chart, item)])
      const chunks: Buffer[] = []
      for await (const chunk of await file.createReadStream()) chunks.push(chunk as Buffer)
      return { name: file.suggestedFilename(), body: Buffer.concat(chunks) }
    }
    await choose('A day', 'Show as table')
    const table = page.getByRole('dialog', { name: 'A day' }).getByRole('table', { name: 'A day' })
    expect(await table.getByRole('columnheader').allTextContents()).toEqual(['Time ', 'Solar kW', 'Wind kW', 'Use kW'])
    expect(await table.getByRole('row').count()).toBe(97)
    await page.keyboard.press('Escape')

    const csv = await saved('A day', 'Save as CSV')
    expect(csv.name).toBe('A-day.csv')
    expect(csv.body.toString().split('\r\n').slice(0, 2)).toEqual([
      '\ufeffTime,Solar [kW],Wind [kW],Use [kW]',
      expect.stringMatching(/^2026-07-06T00:00:00\+00:00,0,420,[\d.]+$/),
    ])
    for (const chart of ['A day', 'Palette']) {
      const svg = await saved(chart, 'Save as SVG')
      const text = svg.body.toString()
      expect(text).toContain(`>${chart}`)
      expect(text).toContain(
        chart === 'A day' ? 'Mangrove · Liyang zero-carbon park' : 'Made-up numbers of the gallery',
      )
      // Colours that every program knows, and letters in the file.
      expect(text).not.toMatch(/oklch|oklab|var\(/)
      expect(text).toContain('font/woff2;base64')
      const png = await saved(chart, 'Save as PNG')
      expect(png.body.subarray(1, 4).toString()).toBe('PNG')
      expect(png.body.readUInt32BE(16)).toBeGreaterThanOrEqual(800)
    }
    noFaults(page)
  })
})
