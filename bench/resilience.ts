import { createOutageWalk, unitStates } from '../src/energy/resilience/index.ts'
import { figure, report } from './report.ts'

/** Goal: outages that begin in each hour of a year and last 96 h, with 101 bins of energy. */
const goalMs = 2000
const hours = 8760
const outageHours = 96
const battery = {
  usableKwh: 4000,
  chargeKw: 1500,
  dischargeKw: 1500,
  chargeEfficiency: 0.95,
  dischargeEfficiency: 0.95,
}
const set = { powerKw: 400, availability: 0.995, failureToStart: 0.0094, meanHoursToFailure: 1100 }

/** A load with days and weeks in it, less a production that some days lack. */
const netLoadKw = Float64Array.from({ length: hours }, (_, hour) => {
  const day = Math.sin((2 * Math.PI * hour) / 24)
  const sun = Math.max(0, Math.sin((2 * Math.PI * ((hour % 24) - 6)) / 24)) * (0.5 + 0.5 * Math.sin(0.3 * hour))
  return 900 + 300 * day + 137 * Math.sin(1.7 * hour) - 1400 * sun
})

function measure(count: number, what: 'survival' | 'unserved', bins: number): number {
  const walk = createOutageWalk({ units: unitStates([{ ...set, count }], 1), battery, netLoadKw, stepHours: 1, bins })
  const into = new Float64Array(outageHours)
  const times: number[] = []
  for (let run = 0; run < 4; run += 1) {
    const begun = performance.now()
    for (let step = 0; step < hours; step += 1) walk[what]({ step, storedKwh: 2000 }, into)
    times.push(performance.now() - begun)
  }
  return times.slice(1).sort((a, b) => a - b)[1] as number
}

report('resilience', [
  ...[1, 2].map((count) =>
    figure(`survival, 8,760 starts × 96 h, ${count} set${count > 1 ? 's' : ''}, 101 bins`, {
      value: measure(count, 'survival', 101),
      goal: goalMs,
    }),
  ),
  figure('energy not served, 8,760 starts × 96 h, 2 sets, 25 bins', {
    value: measure(2, 'unserved', 25),
    goal: goalMs,
  }),
])
