import { describe, expect, it } from 'vitest'
import { pages } from '../../web/src/app/pages.ts'
import { barriers, expectWithinWindow } from './accessible.ts'
import { noFaults, usePark, type Watched } from './park.ts'

const park = usePark()

describe('every page of a site', () => {
  it.each(pages.map(({ id }) => id))('%s says its name, logs no error, and is for everybody', async (id) => {
    const page = await park.open(`/sites/${park.site}/${id}`)
    await page.getByRole('heading', { level: 1 }).first().waitFor({ state: 'attached' })
    await page.waitForFunction(() => document.querySelector('.skeleton:not(.gallery *)') === null)
    // The gallery shows what a failure looks like.
    if (id !== 'gallery') expect(await page.getByRole('alert').count()).toBe(0)
    expect(await barriers(page), 'light').toEqual([])
    // The gallery shows all themes at once.
    if (id !== 'gallery') {
      for (const theme of ['dark', 'contrast']) {
        await inTheme(page, theme)
        expect(await barriers(page, ['color-contrast', 'link-in-text-block']), theme).toEqual([])
      }
    }
    await page.locator('html').evaluate((html) => html.setAttribute('dir', 'rtl'))
    await expectWithinWindow(page, 'from right to left')
    await page.locator('html').evaluate((html) => html.removeAttribute('dir'))
    await page.setViewportSize({ width: 360, height: 740 })
    await expectWithinWindow(page, 'on a phone')
    noFaults(page)
  })
})

/** Another theme, as its button sets it. */
async function inTheme(page: Watched, theme: string): Promise<void> {
  await page.locator('html').evaluate((html, next) => {
    html.dataset.theme = next
  }, theme)
}
