// The place in three dimensions in a browser without a graphics card: from the page to its first picture, what a picture costs, what
// its code weighs.
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { openBrowser, startServer } from '../test/browser/browser.ts'
import { untilAlive } from '../test/browser/park-server.ts'
import { figure, percentile, report } from './report.ts'

const runs = 3
const dist = new URL('../web/dist/assets/', import.meta.url)

/** Chunks that the first visit of the place brings beside the frame, KB of brotli. */
function codeKb(): number {
  const names = readdirSync(dist).filter((name) =>
    /^(place-scene|three\.core|place-page|pointer-control)-.*\.js$/.test(name),
  )
  return names.reduce((sum, name) => sum + statSync(new URL(`${name}.br`, dist)).size / 1000, 0)
}

/** Time that the processes of a browser have used, ms. */
function processorMs(parent: number): number {
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((id) => {
      try {
        const fields = readFileSync(`/proc/${id}/stat`, 'utf8')
          .replace(/^.*\) /, '')
          .split(' ')
        return [{ id: Number(id), parent: Number(fields[1]), ticks: Number(fields[11]) + Number(fields[12]) }]
      } catch {
        return []
      }
    })
  const below = (id: number): number =>
    children.filter((child) => child.parent === id).reduce((sum, child) => sum + child.ticks + below(child.id), 0)
  return below(parent) * 10
}

const server = await startServer()
const browser = await openBrowser()
try {
  await untilAlive(server)
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en' })
  const page = await context.newPage()
  await page.goto(server.signInUrl)
  await page.waitForURL('**/park')
  const [firstMs, firstPicturesMs, picturesMs]: [number[], number[], number[]] = [[], [], []]
  for (let run = 0; run < runs; run += 1) {
    await page.getByRole('link', { name: 'Park now' }).click()
    await page.waitForTimeout(1500)
    const began = await page.evaluate(() => performance.now())
    await page.getByRole('link', { name: 'The place' }).click()
    await page.locator('.place-picture[aria-busy="false"]').waitFor({ timeout: 120_000 })
    const measured = await page.evaluate(() =>
      performance.getEntriesByType('measure').map(({ name, startTime, duration }) => ({ name, startTime, duration })),
    )
    const first = measured.filter(({ name }) => name === 'place-first-picture').at(-1)
    firstMs.push((first?.startTime ?? Number.NaN) + (first?.duration ?? Number.NaN) - began)
    firstPicturesMs.push(first?.duration ?? Number.NaN)
    await page.waitForTimeout(6000)
    const later = await page.evaluate(() =>
      performance.getEntriesByName('place-picture').map(({ duration }) => duration),
    )
    picturesMs.push(...later.slice(-2))
  }
  const pid = process.pid
  const before = processorMs(pid)
  await page.waitForTimeout(5000)
  const busy = (processorMs(pid) - before) / 5000
  report('console-place', [
    figure('page to first picture, first visit', {
      value: firstMs[0] ?? Number.NaN,
      goal: 2000,
      note: 'software rendering',
    }),
    figure('page to first picture, again', { value: percentile(firstMs.slice(1), 0.5), goal: 2000 }),
    figure('the first picture itself', { value: percentile(firstPicturesMs, 0.5), goal: 1500 }),
    figure('a later picture', { value: percentile(picturesMs, 0.5), goal: 100 }),
    figure('processor while flows move, of one core', {
      value: busy * 100,
      goal: 100,
      unit: '%',
      note: 'with the server',
    }),
    figure('code of the place, brotli', { value: codeKb(), goal: 200, unit: 'KB' }),
  ])
} finally {
  await browser.close()
  await server.stop()
}
