import type { TestStore } from '../engines.fixture.ts'
import { dayStartMs, observation } from '../store.fixture.ts'
import { putRun } from './random-store.fixture.ts'

/** First moment of the month that is sealed: April 2026. */
export const sealedMs = Date.UTC(2026, 3, 1)
export const points = ['pv.powerKw', 'grid.importKwh', 'wind.powerKw']

/** Two months that are sealed, one that is not, of three points, and something of everything else. */
export async function fillStore(store: TestStore): Promise<void> {
  await store.observations.declare([{ site: 'park', name: 'grid.importKwh', unit: 'kWh', rules: { counter: {} } }])
  const from = [sealedMs, Date.UTC(2026, 4, 1), dayStartMs]
  await store.observations.put(
    from.flatMap((startMs) =>
      points.flatMap((point, at) =>
        Array.from({ length: 60 }, (_, minute) =>
          observation({
            point,
            unit: point.endsWith('Kwh') ? 'kWh' : 'kW',
            timestampMs: startMs + minute * 60_000,
            value: at + minute / 8,
          }),
        ),
      ),
    ),
  )
  await store.upkeep.turn()
  await store.upkeep.seal()
  store.clock.nowMs += 7_200_000
  await store.upkeep.turn()
  await store.documents.put('plan', 'park', { cost: 1 })
  await store.documents.put('plan', 'park', { cost: 2, name: 'Плам “é” 石榴' })
  await store.records.put('user', 'ada', { role: 'admin' })
  await store.journal.append('audit', { what: 'sign in' })
  for (const input of ['one', 'two']) await putRun(store, input)
}

/** One day of a point. */
export const dayOf = (startMs: number, point = 'pv.powerKw') => ({
  site: 'park',
  points: [point],
  fromMs: startMs,
  toMs: startMs + 86_400_000,
})
