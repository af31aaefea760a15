// The speed goal of a what-if: a changed site planned again, from where the plan of the site as it is ended. Prints figures.
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openData } from '../src/cli/open-data.ts'
import { planSite, planVariant } from '../src/energy/index.ts'
import { type EngineContext, fixedClock, parseInstant } from '../src/kernel/index.ts'
import { createSolverPool } from '../src/solve/index.ts'
import { figure, percentile, report } from './report.ts'

const file = 'examples/liyang-park/site.yaml'
const variants: Readonly<Record<string, unknown>> = {
  'battery of 6 MWh': { assets: { battery: { capacityKwh: 6000 } } },
  'battery of 2 MW': { assets: { battery: { maxChargeKw: 2000, maxDischargeKw: 2000 } } },
  'carbon at 0.2': { tariff: { carbonPricePerKg: 0.2 } },
  'import of 3000 kW': { limits: { importKw: 3000 } },
  'feeder of 300 kW': { assets: { ev: { feederLimitKw: 300 } } },
  'no reserve': { wishes: { reserveSoc: null } },
  'roofs of 4 MW': { assets: { 'roof-pv': { capacityKwp: 4000 } } },
}

const { data, close } = await openData(join(tmpdir(), 'mangrove-bench-what-if'))
const solver = createSolverPool()
const context: EngineContext = {
  data,
  solver,
  clock: fixedClock(0),
  signal: new AbortController().signal,
  progress: () => undefined,
  random: { next: () => 0 } as never,
}
const site = await data.site(file)
const grid = { startMs: parseInstant('2026-07-06T00:00', site.zone), stepMs: 900_000, count: 96 }
const startedMs = performance.now()
const base = await planSite({ site, grid, context })
const baseMs = performance.now() - startedMs
const times: number[] = []
const notes: string[] = []
for (const [name, changes] of Object.entries(variants)) {
  const beganMs = performance.now()
  const changed = await data.site(file, changes)
  await planVariant(base, { name, site: changed, grid, context })
  const took = performance.now() - beganMs
  times.push(took)
  notes.push(`${name} ${took.toFixed(0)}`)
}
await Promise.all([solver.close(), close()])
report('what-if', [
  figure('what-if, one variant of examples/liyang-park', {
    value: percentile(times, 0.5),
    goal: 500,
    note: `median of ${times.length} (${notes.join(', ')}); the plan as it is, cold, ${baseMs.toFixed(0)} ms`,
  }),
])
