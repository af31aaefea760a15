// Pictures of every page of the console, of the living example park, into docs/shots/: `npm run shots`.
// `--only park,plan` takes these pages alone; `--gallery` renews what the gallery is compared with in tests.
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Browser, Cookie, Page } from 'playwright-core'
import { openBrowser, startServer } from '../test/browser/browser.ts'
import { galleryBoxesFile, galleryViewport, readGalleryBoxes } from '../test/browser/gallery-boxes.ts'
import { untilAlive } from '../test/browser/park-server.ts'
import { root } from '../test/command.ts'
import { pages } from '../web/src/app/pages.ts'
import { type Shot, shots, shownShots } from './shots/list.ts'
import { shotsReadme } from './shots/readme.ts'
import { webpOf } from './shots/webp.ts'

const site = 'liyang-park'
const folder = join(root, 'docs/shots')
const viewports = { wide: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } } as const

const { values: asked } = parseArgs({
  options: { only: { type: 'string' }, gallery: { type: 'boolean', default: false } },
})

const [server, browser] = await Promise.all([startServer(), openBrowser()])
try {
  await untilAlive(server)
  const cookies = await signIn(browser)
  if (asked.gallery) await renewGallery(browser, cookies)
  if (!asked.gallery || asked.only) await takeAll(browser, cookies, asked.only?.split(','))
} finally {
  await browser.close()
  await server.stop()
}

/** A page of whoever opens the link of the first start, in a theme. */
async function opened(from: Browser, theme: Shot['theme'], size: Shot['size']): Promise<Page> {
  const context = await from.newContext({ locale: 'en', reducedMotion: 'reduce', viewport: viewports[size] })
  await context.addInitScript(`localStorage.setItem('mangrove.theme', '${theme}')`)
  const page = await context.newPage()
  return page
}

/** The link of the first start opens once: its cookies serve all pages. */
async function signIn(from: Browser): Promise<Cookie[]> {
  const page = await opened(from, 'light', 'wide')
  await page.goto(server.signInUrl)
  await page.waitForURL(`**/sites/${site}/park`)
  return page.context().cookies()
}

async function takeAll(from: Browser, cookies: Cookie[], only: readonly string[] | undefined): Promise<void> {
  mkdirSync(folder, { recursive: true })
  for (const shot of shots(pages.map(({ id }) => id)).filter(({ page }) => !only || only.includes(page))) {
    const page = await opened(from, shot.theme, shot.size)
    await page.context().addCookies(cookies)
    await page.goto(`${server.address}/sites/${site}/${shot.page}`)
    await page.getByRole('heading', { level: 1 }).first().waitFor({ state: 'attached' })
    await page.locator('.skeleton:not(.gallery *)').first().waitFor({ state: 'detached' })
    // Charts and maps draw after the page stands.
    await page.waitForTimeout(1500)
    const picture = await webpOf(page, await page.screenshot())
    writeFileSync(join(folder, `${shot.name}.webp`), picture)
    process.stdout.write(`${shot.name}.webp ${Math.round(picture.length / 1024)} KB\n`)
    await page.context().close()
  }
  const there = new Set(readdirSync(folder))
  writeFileSync(join(folder, 'README.md'), shotsReadme(shownShots.filter((name) => there.has(`${name}.webp`))))
}

async function renewGallery(from: Browser, cookies: Cookie[]): Promise<void> {
  const context = await from.newContext({ locale: 'en', reducedMotion: 'reduce', viewport: galleryViewport })
  await context.addCookies(cookies)
  const page = await context.newPage()
  await page.goto(`${server.address}/sites/${site}/gallery`)
  writeFileSync(galleryBoxesFile, `${JSON.stringify(await readGalleryBoxes(page), undefined, 1)}\n`)
}
