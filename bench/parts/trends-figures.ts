import type { Browser, Page } from 'playwright-core'

/** Presses a width of the time shown; time until it is drawn from values as fine as the screen shows, ms. */
export const presetOpensMs = (page: Page, { preset, bucket }: { readonly preset: string; readonly bucket: string }) =>
  page.evaluate(
    ([name, wanted]) =>
      new Promise<number>((resolve, reject) => {
        const button = [...document.querySelectorAll<HTMLElement>('.trends-toolbar .choice-item')].find(
          ({ textContent }) => textContent === name,
        )
        const rows = document.querySelector<HTMLElement>('.trends-rows')
        if (!button || !rows) {
          reject(new Error('the page of trends has no charts'))
          return
        }
        const started = performance.now()
        const look = (): void => {
          // Its own values have come; those beside it, which are read next, are not waited for.
          const [read] = performance.getEntriesByName('trends-view-read')
          if (rows.dataset.bucket === wanted && read && read.startTime >= started) {
            requestAnimationFrame(() => resolve(performance.now() - started))
            return
          }
          if (performance.now() - started > 60_000) reject(new Error(`${name} was not drawn in a minute`))
          else requestAnimationFrame(look)
        }
        button.click()
        requestAnimationFrame(look)
      }),
    [preset, bucket] as const,
  )

/** Pans to and fro by a sideways wheel in every frame; times between frames, ms. */
export const panFramesMs = (page: Page, forMs: number) =>
  page.evaluate(
    (lastsMs) =>
      new Promise<number[]>((resolve) => {
        const plot = document.querySelector('.trends-plot > div')!
        const frames: number[] = []
        const started = performance.now()
        let last: number | undefined
        const pan = (now: number): void => {
          if (last !== undefined) frames.push(now - last)
          last = now
          if (now - started > lastsMs) {
            resolve(frames)
            return
          }
          const deltaX = 14 * (Math.floor((now - started) / 700) % 2 === 0 ? -1 : 1)
          plot.dispatchEvent(new WheelEvent('wheel', { deltaX, bubbles: true, cancelable: true }))
          requestAnimationFrame(pan)
        }
        requestAnimationFrame(pan)
      }),
    forMs,
  )

/** Times between frames of a page that is left alone, ms. */
export const idleFramesMs = (page: Page, forMs: number) =>
  page.evaluate(
    (lastsMs) =>
      new Promise<number[]>((resolve) => {
        const frames: number[] = []
        const started = performance.now()
        let last: number | undefined
        const count = (now: number): void => {
          if (last !== undefined) frames.push(now - last)
          last = now
          if (now - started > lastsMs) resolve(frames)
          else requestAnimationFrame(count)
        }
        requestAnimationFrame(count)
      }),
    forMs,
  )

/** Share of one core that the processes of pages use, their threads and workers in it; nothing is asked of the page meanwhile. */
export async function pageCpuShare(browser: Browser, forMs: number): Promise<number> {
  const session = await browser.newBrowserCDPSession()
  const cpuSeconds = async (): Promise<number> => {
    const { processInfo } = await session.send('SystemInfo.getProcessInfo')
    return processInfo.filter(({ type }) => type === 'renderer').reduce((sum, { cpuTime }) => sum + cpuTime, 0)
  }
  const [before, started] = [await cpuSeconds(), performance.now()]
  await new Promise((resolve) => setTimeout(resolve, forMs))
  const share = ((await cpuSeconds()) - before) / ((performance.now() - started) / 1000)
  await session.detach()
  return share
}

/** How many small trends of an asset have anything drawn. */
export const drawnSparklines = (page: Page) =>
  page.evaluate(
    () =>
      [...document.querySelectorAll<HTMLCanvasElement>('.assets-points canvas')].filter((canvas) =>
        canvas
          .getContext('2d')
          ?.getImageData(0, 0, canvas.width, canvas.height)
          .data.some((part) => part > 0),
      ).length,
  )
