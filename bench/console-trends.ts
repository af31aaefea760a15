// Trends of the console against a server with a filled store, in a real browser with software rendering: a year of one-minute data
// opens and pans, 200 points live. Server, browser and feeder share this machine's cores. `BENCH_SECONDS` is how long each part lasts.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { type ObservationBatch, openStore } from '../src/store/index.ts'
import { openBrowser } from '../test/browser/browser.ts'
import { drawnSparklines, idleFramesMs, pageCpuShare, panFramesMs, presetOpensMs } from './parts/trends-figures.ts'
import { figure, percentile, report } from './report.ts'

const seconds = Number(process.env.BENCH_SECONDS ?? 10)
const livePoints = 200
const dayMs = 86_400_000
const minuteMs = 60_000
const pointName = (point: number): string => `hall.m${String(point).padStart(3, '0')}`
const endMs = Math.floor(Date.now() / minuteMs) * minuteMs

/** Five days of one-minute values of one point. */
function batchOf(startMs: number): ObservationBatch {
  const count = 5 * 1440
  const timestampsMs = Float64Array.from({ length: count }, (_, row) => startMs + row * minuteMs)
  return {
    count,
    series: [{ site: 'bench', point: pointName(0), unit: 'kW' }],
    sources: ['meter'],
    seriesOf: new Uint32Array(count),
    sourceOf: new Uint16Array(count),
    timestampsMs,
    values: timestampsMs.map(
      (timeMs) => 50 + 40 * Math.sin((timeMs / dayMs) * 2 * Math.PI) + ((timeMs / minuteMs) % 7),
    ),
    quality: new Uint8Array(count),
  }
}

const folder = mkdtempSync(join(tmpdir(), 'mangrove-trends-'))
writeFileSync(
  join(folder, 'site.yaml'),
  `id: bench
name: Bench
location: { latitude: 31.4, longitude: 119.4, altitudeM: 10 }
zone: Asia/Shanghai
currency: CNY
assets:
  grid: { kind: grid, importLimitKw: 1000, exportLimitKw: 100 }
  hall: { kind: load, title: Hall, demand: 100 }
points:
${Array.from({ length: livePoints }, (_, point) => `  ${pointName(point)}: { title: Meter ${point}, unit: kW }`).join('\n')}
`,
)
const store = await openStore(join(folder, 'data'))
for (let day = 365; day > 0; day -= 5) await store.observations.append(batchOf(endMs - day * dayMs))
while ((await store.upkeep.turn()).more);
await store.upkeep.seal()
await store.close()

const child = spawn(process.execPath, [join(import.meta.dirname, 'parts/store-server.ts'), folder], {
  stdio: ['pipe', 'pipe', 'inherit'],
  env: { ...process.env, MANGROVE_LOG_LEVEL: 'error' },
})
const [line] = (await once(child.stdout, 'data')) as [Buffer]
const url = String(line).trim()

const browser = await openBrowser()
const page = await browser.newPage({ locale: 'en', viewport: { width: 1440, height: 900 } })
const opens: number[] = []
for (let time = 0; time < 7; time += 1) {
  // Another hour each time, so that nothing is kept of the time before.
  await page.goto(`${url}/sites/bench/trends?points=${pointName(0)}&width=3600000`)
  await page.locator('.trends-rows[data-bucket="observed"]').waitFor()
  await wait(500)
  opens.push(await presetOpensMs(page, { preset: 'Year', bucket: '6h' }))
}
await wait(1000)
const pan = await panFramesMs(page, seconds * 1000)

/** A value of every point at some moments. */
async function tell(timestampsMs: readonly number[]): Promise<void> {
  const points = Object.fromEntries(
    Array.from({ length: livePoints }, (_, point) => [
      pointName(point),
      {
        timestampsMs,
        values: timestampsMs.map((timeMs) => Math.round(1000 * Math.sin(timeMs / 200_000 + point)) / 10),
      },
    ]),
  )
  const headers = { 'content-type': 'application/json' }
  await fetch(`${url}/api/v1/observations?site=bench`, { method: 'POST', headers, body: JSON.stringify({ points }) })
}
// The hour before, so that small trends have something to draw; then as meters tell it.
await tell(Array.from({ length: 60 }, (_, minute) => Date.now() - (60 - minute) * minuteMs))
const feed = setInterval(() => void tell([Date.now()]).catch(() => undefined), 1000)
await page.goto(`${url}/sites/bench/assets/hall`)
let drawn = 0
for (let tries = 0; tries < 60 && drawn < livePoints; tries += 1) {
  await wait(1000)
  drawn = await drawnSparklines(page)
}
await wait(3000)
const cpu = await pageCpuShare(browser, seconds * 1000)
const live = await idleFramesMs(page, seconds * 1000)
clearInterval(feed)
await browser.close()
child.stdin.end()
await once(child, 'exit')
rmSync(folder, { recursive: true, force: true })

report('console-trends', [
  figure('a year of 1-min data (525,600 values) opens', {
    value: percentile(opens, 0.5),
    goal: 300,
    note: `median of ${opens.length}; from the press of the button to the drawn year`,
  }),
  figure('pans a year: longest time between two frames', {
    value: Math.max(...pan),
    goal: 50,
    note: `of ${pan.length} frames; median ${percentile(pan, 0.5).toFixed(1)} ms`,
  }),
  figure('200 points at 1 Hz: time of a frame, median', {
    value: percentile(live, 0.5),
    goal: 17,
    note: `${drawn} small trends drawn; p99 ${percentile(live, 0.99).toFixed(1)} ms`,
  }),
  figure('200 points at 1 Hz: share of one core', {
    value: cpu * 100,
    goal: 15,
    unit: '%',
    note: 'process of the page with its worker',
  }),
])
