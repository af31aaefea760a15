import type { Locator } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { noFaults, usePark, type Watched } from './park.ts'

const park = usePark()
const page = (at?: number) => `/sites/liyang-park/place${at === undefined ? '' : `?at=${at}`}`

/** A full hour of the park before now, within the day that is kept. */
function lastHourMs(hour: number): number {
  const dayMs = 86_400_000
  const zoneMs = 8 * 3_600_000
  const today = Math.floor((Date.now() + zoneMs) / dayMs) * dayMs - zoneMs + hour * 3_600_000
  return today < Date.now() ? today : today - dayMs
}

async function untilDrawn(opened: Watched): Promise<Locator> {
  const picture = opened.locator('.place-picture[aria-busy="false"]')
  await picture.waitFor({ timeout: 60_000 })
  return picture
}

/** Mean lightness of the middle of the picture, 0 to 255, as a screenshot has it. */
async function lightness(opened: Watched): Promise<number> {
  const shot = (await opened.locator('.place-frame').screenshot()).toString('base64')
  return opened.evaluate(async (base64) => {
    const image = new Image()
    image.src = `data:image/png;base64,${base64}`
    await image.decode()
    const small = document.createElement('canvas')
    small.width = 32
    small.height = 20
    const context = small.getContext('2d')!
    context.drawImage(image, 0, 0, 32, 20)
    const { data } = context.getImageData(4, 4, 24, 12)
    return data.reduce((sum, value, index) => (index % 4 === 3 ? sum : sum + value), 0) / (24 * 12 * 3)
  }, shot)
}

describe('the place in three dimensions', () => {
  it('is light at noon and dark at midnight; a press in it chooses the battery, and so do the keys of the list', async () => {
    const opened = await park.open(page(lastHourMs(12)))
    await untilDrawn(opened)
    await expect.poll(() => opened.getByText(/Sun \d+° high in the S/).count(), { timeout: 30_000 }).toBe(1)
    const noon = await lightness(opened)
    await opened.getByRole('slider', { name: 'Moment shown' }).fill(String(lastHourMs(0)))
    await opened.getByText('Sun below the horizon').waitFor()
    await opened.waitForTimeout(600)
    expect(noon - (await lightness(opened))).toBeGreaterThan(60)

    await opened.getByRole('button', { name: 'Battery', exact: true }).click()
    const frame = opened.getByRole('application')
    const box = (await frame.boundingBox())!
    const card = opened.getByRole('region', { name: 'Battery, 4 MWh' })
    // What the view looks at stands in the middle of the picture.
    await expect
      .poll(
        async () => {
          await opened.mouse.click(box.x + box.width / 2, box.y + box.height / 2)
          return card.count()
        },
        { timeout: 30_000, interval: 400 },
      )
      .toBe(1)
    expect(await card.getByRole('term').allTextContents()).toEqual(['Power', 'State of charge', 'Load factor'])
    expect(await card.getByRole('link', { name: 'Open its page' }).getAttribute('href')).toContain('/assets/battery')
    await card.getByRole('button', { name: 'Close' }).click()
    await card.waitFor({ state: 'detached' })

    const row = opened.getByRole('button', { name: /^Battery, 4 MWh/ })
    await row.focus()
    await opened.keyboard.press('Enter')
    await card.waitFor()
    expect(await row.getAttribute('aria-pressed')).toBe('true')
    await frame.focus()
    await opened.keyboard.press('ArrowLeft')
    await opened.keyboard.press('Escape')
    await card.waitFor({ state: 'detached' })

    await opened.getByLabel('Colour by').selectOption('State of charge')
    await opened.getByText('no such value').waitFor()
    noFaults(opened)
  })

  it('stands still with reduced motion, and moves without it', async () => {
    const opened = await park.open(page(lastHourMs(12)), { viewport: { width: 900, height: 640 } })
    await untilDrawn(opened)
    await opened.getByRole('button', { name: /^Factory roofs.*kW$/ }).waitFor()
    const frame = opened.locator('.place-frame')
    const standsStill = async (): Promise<boolean> => {
      const first = await frame.screenshot()
      await opened.waitForTimeout(700)
      return first.equals(await frame.screenshot())
    }
    // The last of a picture that comes to rest is drawn a moment later.
    await expect.poll(standsStill, { timeout: 30_000 }).toBe(true)
    await opened.emulateMedia({ reducedMotion: 'no-preference' })
    await untilDrawn(opened)
    await opened.waitForTimeout(600)
    await expect.poll(standsStill, { timeout: 30_000 }).toBe(false)
    expect(await standsStill()).toBe(false)
    noFaults(opened)
  })

  it('is a plan with the same things where the browser cannot draw it', async () => {
    const opened = await park.open('/sites/liyang-park/claims')
    await opened.addInitScript(() => {
      const { getContext } = HTMLCanvasElement.prototype
      HTMLCanvasElement.prototype.getContext = function (this: HTMLCanvasElement, ...asked: unknown[]) {
        return asked[0] === 'webgl2' ? null : Reflect.apply(getContext, this, asked)
      } as typeof getContext
    })
    await opened.goto(park.address + page(lastHourMs(12)))
    const plan = opened.getByRole('application', { name: /^Plan of the place/ })
    await plan.waitFor()
    expect(await plan.locator('[data-selected="true"]').count()).toBe(0)
    await opened.getByText('This browser cannot draw in three dimensions.').waitFor()
    expect(await opened.getByRole('radio', { name: '3D' }).count()).toBe(0)
    const shown = () => plan.locator('svg').getAttribute('viewBox')
    const whole = await shown()
    const card = opened.getByRole('region', { name: 'Battery, 4 MWh' })
    await opened.getByRole('button', { name: /^Battery, 4 MWh.*kW$/ }).click()
    await card.getByRole('button', { name: 'Go near' }).click()
    await expect.poll(shown).not.toBe(whole)
    await card.getByRole('button', { name: 'Close' }).click()
    await card.waitFor({ state: 'detached' })
    await plan
      .locator('g', { has: opened.locator('title', { hasText: 'Battery, 4 MWh' }) })
      .locator('path')
      .last()
      .click()
    await card.waitFor()
    expect(await plan.locator('[data-selected="true"]').count()).toBe(1)

    const near = await shown()
    await plan.focus()
    await opened.keyboard.press('ArrowLeft')
    await expect.poll(shown).not.toBe(near)
    await opened.keyboard.press('Home')
    await expect.poll(shown).toBe(whole)
    await plan.hover({ position: { x: 300, y: 200 } })
    await opened.mouse.wheel(0, -120)
    await expect.poll(shown).not.toBe(whole)
    noFaults(opened)
  })
})
