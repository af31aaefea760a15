import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { root } from '../command.ts'

/** Where the parts of a group stand: role or tag, name, and the box from the corner of its theme, CSS pixels. */
export type Box = readonly [what: string, name: string, x: number, y: number, width: number, height: number]
/** By group and theme. */
export type GalleryBoxes = Readonly<Record<string, Readonly<Record<string, readonly Box[]>>>>

export const galleryBoxesFile = join(root, 'test/browser/gallery-boxes.json')
export const galleryViewport = { width: 1600, height: 1000 }

/** Reads where every part of the gallery stands, once its letters and charts are there. */
export async function readGalleryBoxes(page: Page): Promise<GalleryBoxes> {
  await page.locator('#charts .u-over').nth(2).waitFor({ state: 'attached' })
  await page.locator('#charts [role="img"] svg').nth(2).waitFor({ state: 'attached' })
  await page.locator('#charts .chart-menu').nth(5).waitFor()
  return page.evaluate<GalleryBoxes>(reading)
}

/** What the page itself runs: a text, because this file is read by tools that know no page. */
const reading = `(async () => {
  await document.fonts.ready
  const parts = 'button, input, a, select, h1, h3, th, td, dt, dd, i, progress, p, strong, svg.ui-spark, [role]'
  const boxesOf = (place) => {
    const from = place.getBoundingClientRect()
    // What has no size stands nowhere.
    const seen = [...place.querySelectorAll(parts)].filter((part) => part.getBoundingClientRect().width > 0)
    return seen.map((part) => {
      const { x, y, width, height } = part.getBoundingClientRect()
      const name = part.getAttribute('aria-label') ?? part.textContent ?? ''
      return [
        part.getAttribute('role') ?? part.tagName.toLowerCase(),
        name.trim().slice(0, 40),
        ...[x - from.x, y - from.y, width, height].map(Math.round),
      ]
    })
  }
  return Object.fromEntries(
    [...document.querySelectorAll('.gallery-group[id]')].map((group) => [
      group.id,
      Object.fromEntries(
        [...group.querySelectorAll('.gallery-theme')].map((place) => [place.dataset.theme, boxesOf(place)]),
      ),
    ]),
  )
})()`
