// Reads large bodies in threads and tells how long that held this one, in a process whose heap is that of no other tests.
import { bytesOf, context } from './formats/observations.fixture.ts'
import type { ParseRequest } from './parse-messages.ts'
import { createParseThreads } from './parse-threads.ts'

const requestOf = (text: string): ParseRequest => ({
  ...{ format: 'line-protocol', encoding: 'identity', context },
  bytes: new Uint8Array(bytesOf(text)),
})
const many = Array.from({ length: 100_000 }, (_, row) => `asset-${row} v=1`)
const long = Array.from(
  { length: 300_000 },
  (_, row) => `m${row % 5000},unit=kW v=${row} 178331040${String(row).padStart(10, '0')}`,
)
const bodies = [many, long].map((lines) => lines.join('\n'))

const threads = createParseThreads()
await threads.parse(requestOf('m v=1'.padEnd(40_000, ' ')))
const series: number[] = []
const turnsMs: number[] = []
for (let round = 0; round < 3; round += 1) {
  const requests = bodies.map(requestOf)
  let longestMs = 0
  let last = process.threadCpuUsage()
  const look = (): void => {
    const { user, system } = process.threadCpuUsage(last)
    longestMs = Math.max(longestMs, (user + system) / 1000)
    last = process.threadCpuUsage()
    timer = setTimeout(look, 1)
  }
  let timer = setTimeout(look, 1)
  for (const request of requests) series.push((await threads.parse(request)).batch.series.length)
  await new Promise((resolve) => setTimeout(resolve, 5))
  clearTimeout(timer)
  turnsMs.push(longestMs)
}
await threads.close()
process.stdout.write(JSON.stringify({ series, turnsMs }))
