import type { ObservationBatch } from '../observations/observation-batch.ts'
import { openStore } from '../open-store.ts'
import { dayStartMs } from '../store.fixture.ts'

/**
 * A process that is offered more than it can store: `folder seconds`. Batches come without anybody waiting for those
 * before, upkeep gets a turn a second, somebody reads. Each second it prints what it needs and what it did.
 */
const [folder = '', seconds = '8'] = process.argv.slice(2)
let nowMs = dayStartMs
const store = await openStore(folder, { now: () => nowMs })
const rows = 10_000
const series = Array.from({ length: 200 }, (_, point) => ({ site: 'park', point: `meter${point}.powerKw`, unit: 'kW' }))

/** Fifty values of each of 200 points. */
function batchAt(startMs: number): ObservationBatch {
  const batch = {
    count: rows,
    series,
    sources: ['meter'],
    seriesOf: new Uint32Array(rows),
    sourceOf: new Uint16Array(rows),
    timestampsMs: new Float64Array(rows),
    values: new Float64Array(rows),
    quality: new Uint8Array(rows),
  }
  for (let row = 0; row < rows; row += 1) {
    batch.seriesOf[row] = row % series.length
    batch.timestampsMs[row] = startMs + Math.floor(row / series.length) * 1000
    batch.values[row] = Math.sin(row + startMs)
  }
  return batch
}

const count = { acknowledged: 0, refused: 0, failed: 0 }
const offer = (): void => {
  nowMs += 50_000
  void store.observations.append(batchAt(nowMs)).then(
    () => {
      count.acknowledged += rows
    },
    (error: { readonly code?: string }) => {
      if (error.code === 'store.busy') count.refused += rows
      else count.failed += rows
    },
  )
}
let keeping = false
const turn = (): void => {
  if (keeping) return
  keeping = true
  void store.upkeep.turn().then(() => {
    keeping = false
  })
}
const startMs = performance.now()
let offered = 0
let lastMs = 0
let nextTurnMs = 1000
let reading = false
for (;;) {
  const passedMs = performance.now() - startMs
  if (passedMs > Number(seconds) * 1000) break
  // A million a second, as far as the processor comes to it: more than twice what two cores take.
  for (let more = Math.min(10, Math.floor((passedMs - lastMs) / 10)); more > 0; more -= 1) {
    offer()
    offered += 1
    lastMs = passedMs
  }
  if (passedMs > nextTurnMs) {
    nextTurnMs = passedMs + 1000
    turn()
    const range = { site: 'park', points: ['meter1.powerKw'], fromMs: nowMs - 3_600_000, toMs: nowMs }
    if (!reading) {
      reading = true
      void store.observations.range(range).then(() => {
        reading = false
      })
    }
    const { commits } = await store.upkeep.figures()
    const { waitingRows = 0, maxWaitingRows = 0 } = commits ?? {}
    const rssMb = Math.round(process.memoryUsage().rss / 1e6)
    process.stdout.write(
      `${JSON.stringify({ rssMb, waitingRows, maxWaitingRows, offered: offered * rows, ...count })}\n`,
    )
  }
  await new Promise((resolve) => setTimeout(resolve, 2))
}
process.exit()
