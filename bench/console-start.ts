// From the address in the bar to a console that answers, on a processor four times slower: the first page of a living park.
import { openBrowser, startServer } from '../test/browser/browser.ts'
import { figure, percentile, report } from './report.ts'

const turns = 5
const slower = 4
/** So long nothing holds the page for 50 ms: from there on it answers. */
const quietMs = 1000

/** Runs in the page, which knows what this file does not. */
const watchTasks = `
  globalThis.longTasks = []
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) globalThis.longTasks.push({ startTime, duration })
  }).observe({ type: 'longtask', buffered: true })
`
const pressKey = `
  new Promise((resolve) => {
    const slider = document.querySelector('.time-track input')
    const began = performance.now()
    slider.dispatchEvent(new KeyboardEvent('keydown', { key: 'PageDown', bubbles: true }))
    requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now() - began)))
  })
`

interface Started {
  /** The first words are on the screen. */
  readonly paintMs: number
  /** The energy flow of the park is drawn with its values. */
  readonly flowMs: number
  /** The last task of 50 ms or more before a second of quiet has ended. */
  readonly answersMs: number
  readonly fastAgainMs: number
}

const server = await startServer()
const browser = await openBrowser()
try {
  await untilAlive(server.address)
  const first = await browser.newContext({
    locale: 'en',
    reducedMotion: 'reduce',
    viewport: { width: 1440, height: 900 },
  })
  const page = await first.newPage()
  await page.goto(server.signInUrl)
  await page.waitForURL('**/sites/*/park')
  const cookies = await first.cookies()
  const address = page.url()
  await first.close()
  const started: Started[] = []
  for (let turn = 0; turn < turns; turn += 1) started.push(await start(address, cookies))
  const median = (pick: (one: Started) => number): number => percentile(started.map(pick), 0.5)
  const note = `median of ${turns}, nothing cached, ${slower} times slower`
  report('console-start', [
    figure('first words on the screen', { value: median(({ paintMs }) => paintMs), goal: 2000, note }),
    figure('energy flow of the park is drawn', { value: median(({ flowMs }) => flowMs), goal: 2000, note }),
    figure('the console answers', { value: median(({ answersMs }) => answersMs), goal: 2000, note }),
    figure('a key is answered then', { value: median(({ fastAgainMs }) => fastAgainMs), goal: 200, note }),
  ])
} finally {
  await browser.close()
  await server.stop()
}

async function start(
  address: string,
  cookies: Parameters<Awaited<ReturnType<typeof browser.newContext>>['addCookies']>[0],
): Promise<Started> {
  const context = await browser.newContext({
    locale: 'en',
    reducedMotion: 'reduce',
    viewport: { width: 1440, height: 900 },
  })
  try {
    await context.addCookies(cookies)
    const page = await context.newPage()
    const client = await context.newCDPSession(page)
    await client.send('Emulation.setCPUThrottlingRate', { rate: slower })
    await page.addInitScript({ content: watchTasks })
    await page.goto(address, { waitUntil: 'commit' })
    await page.locator('.flow-value .figure').first().waitFor()
    const flowMs = await page.evaluate(() => performance.now())
    const found = await page.waitForFunction(
      (quiet) => {
        const { longTasks } = globalThis as unknown as { longTasks: readonly { startTime: number; duration: number }[] }
        const paint = performance.getEntriesByName('first-contentful-paint')[0]
        if (!paint) return undefined
        let endMs = paint.startTime
        for (const { startTime, duration } of longTasks) {
          if (startTime - endMs >= quiet) break
          endMs = Math.max(endMs, startTime + duration)
        }
        return performance.now() - endMs < quiet ? undefined : { paintMs: paint.startTime, endMs }
      },
      quietMs,
      { polling: 100, timeout: 60_000 },
    )
    const { paintMs, endMs } = (await found.jsonValue()) as { paintMs: number; endMs: number }
    const fastAgainMs = await page.evaluate<number>(pressKey)
    return { paintMs, flowMs, answersMs: Math.max(endMs, paintMs), fastAgainMs }
  } finally {
    await context.close()
  }
}

async function untilAlive(address: string): Promise<void> {
  for (let tries = 0; tries < 600; tries += 1) {
    const { status } = (await (await fetch(`${address}/health`)).json()) as { status: string }
    if (status === 'ok') return
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  throw new Error('the park did not come alive')
}
