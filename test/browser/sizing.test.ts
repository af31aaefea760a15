import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { noFaults, usePark } from './park.ts'

const park = usePark()
const sizing = `/sites/${park.site}/sizing`
/** A job may have to wait for others. */
const patience = { timeout: 150_000 }

const find = (page: Page) => page.getByRole('button', { name: 'Find the sizes' }).click()

describe('the sizing workbench', () => {
  it('says at its field what cannot be asked, and sends nothing', async () => {
    const page = await park.open(sizing)
    const roof = page.getByRole('row', { name: /Factory roofs/ })
    await roof.getByRole('textbox', { name: /Largest/ }).fill('100')
    await page.getByLabel(/^Discount rate/).fill('dear')
    await find(page)
    await page.getByText('Fields to mend: 2').waitFor()
    await roof.getByText('At least 2880: what stands or is the least.').waitFor()
    const rate = page.getByLabel(/^Discount rate/)
    expect(await rate.getAttribute('aria-invalid')).toBe('true')
    await rate.fill('7')
    await page.getByText('Fields to mend: 1').waitFor()
    expect(await rate.getAttribute('aria-invalid')).toBe('false')
    expect(page.url()).not.toContain('job=')
    noFaults(page)
  })

  it('answers six questions: followed through a reload, a design chosen and another beside it, its sizes taken away', async () => {
    const page = await park.open(`${sizing}?form=simple`)
    await page.getByLabel(/^Energy a day/).fill('60')
    await page.getByRole('radio', { name: 'Work by day' }).click()
    // A price says where it comes from; one that is typed stands until it is given back.
    const panels = page.getByRole('row', { name: /^Panels, built and connected/ })
    await panels.getByText(/IRENA, Renewable Power Generation Costs in 2023.*758 USD\/kW × 1.5 × 7.2/).waitFor()
    await panels.getByRole('textbox').fill('9000')
    await page.getByLabel(/^Small and far away/).fill('2')
    expect(await panels.getByRole('textbox').inputValue()).toBe('9000')
    await panels.getByRole('button', { name: 'Back to 11000' }).click()
    expect(await panels.getByRole('textbox').inputValue()).toBe('11000')
    await find(page)
    await page.waitForURL(/job=/)
    await page.reload()
    await page.waitForURL(/run=/, patience)
    const design = page.getByRole('region', { name: 'Design A', exact: true })
    await design.getByText('Panels', { exact: true }).waitFor()
    const investment = design.locator('.stat', { hasText: 'Investment' }).locator('.figure')
    const cheapest = await investment.textContent()
    await page.getByText(/^Design A builds: Panels \+/).waitFor()
    await page.getByText(/A year emits .*CO₂e \([\d.]+\s%\) less than today/).waitFor()

    // The list is a group of radios: arrows choose.
    await page.getByRole('radio', { name: 'Design A' }).focus()
    await page.keyboard.press('ArrowDown')
    const other = page.getByRole('region', { name: 'Design B', exact: true })
    await other.waitFor()
    expect(await other.locator('.stat', { hasText: 'Investment' }).locator('.figure').textContent()).not.toBe(cheapest)
    await page.getByRole('checkbox', { name: 'Design A beside the chosen one' }).click()
    const compared = page.getByRole('table', { name: 'Design B and design A' })
    const row = compared.getByRole('row', { name: /^Emissions a year/ })
    expect(await row.getByRole('cell').last().textContent()).toMatch(/^\+/)
    expect(page.url()).toContain('beside=0')

    const downloading = page.waitForEvent('download')
    await page.locator('.sizing').getByRole('button', { name: 'Export' }).click()
    await page.getByRole('menuitem', { name: /a site file of its own/ }).click()
    const file = await (await downloading).path()
    expect(readFileSync(file, 'utf8')).toMatch(/village-pv:\n(?:.*\n)*? {4}capacityKwp: \d/)

    await page.getByRole('button', { name: 'Run the year' }).click()
    await page.getByRole('img', { name: /a column a day and a row an hour/ }).waitFor(patience)
    await page.getByText('Own use of sun, wind, water').waitFor()
    noFaults(page)
  }, 240_000)
})

describe('handles of the plan', () => {
  const drag = async (page: Page, name: RegExp | string, byPx: number): Promise<void> => {
    const handle = page.getByRole('slider', { name })
    await handle.scrollIntoViewIfNeeded()
    const box = await handle.boundingBox()
    if (!box) throw new Error(`${name} is not on the page`)
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2]
    await page.mouse.move(x, y)
    await page.mouse.down()
    await page.mouse.move(x, y + byPx, { steps: 4 })
    await page.mouse.up()
  }

  it('take a price and the limit by the mouse, and tell the difference in money and carbon', async () => {
    const page = await park.open(`/sites/${park.site}/plan`)
    const price = page.getByRole('slider', { name: 'Price, flat' })
    await price.waitFor()
    const published = Number(await price.getAttribute('aria-valuenow'))
    await drag(page, 'Price, flat', -20)
    const difference = page.locator('.plan-difference')
    await difference.waitFor(patience)
    expect(Number(await price.getAttribute('aria-valuenow'))).toBeGreaterThan(published)
    const [money = '', carbon = ''] = await difference.locator('b').allTextContents()
    expect(money).toMatch(/^\+.*CNY more$/)
    expect(carbon).toMatch(/kg CO₂e/)
    // To well below what the plan draws.
    await drag(page, 'Import limit', 62)
    await expect.poll(() => difference.locator('b').first().textContent(), patience).not.toBe(money)
    // At the last chart of the page, the difference is still in sight.
    const [bar, handle] = [
      await difference.boundingBox(),
      await page.getByRole('slider', { name: 'Import limit' }).boundingBox(),
    ]
    expect(bar?.y).toBeGreaterThan(60)
    expect(bar?.y).toBeLessThan(handle?.y ?? 0)
    noFaults(page)
  })
})
