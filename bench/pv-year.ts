import { type PvArray, pvYear } from '../src/energy/pv/index.ts'
import { syntheticYear } from '../src/weather/index.ts'
import { figure, report } from './report.ts'

/** Goal: sun positions, Perez and the PVWatts chain of 8,760 hours in at most this time. */
const limitMs = 60

const year = syntheticYear({
  title: 'bench',
  location: { latitude: 31.2, longitude: 121.3, altitudeM: 4 },
  zoneOffsetHours: 8,
  normals: {
    ghiKwhPerM2Day: [2.4, 2.9, 3.5, 4.5, 4.9, 4.4, 5.3, 5, 4, 3.4, 2.7, 2.4],
    temperatureC: [5, 7, 11, 16, 21, 25, 29, 29, 25, 20, 14, 7],
    windSpeedMPerS: [3, 3.2, 3.4, 3.3, 3.2, 3, 3.2, 3.3, 3, 2.8, 2.8, 2.9],
  },
  seed: 1,
})
const array: PvArray = {
  capacityKwp: 100,
  tiltDeg: 20,
  azimuthDeg: 180,
  mounting: 'open-rack',
  transposition: 'perez',
  model: 'pvwatts',
  temperatureCoefficientPerC: -0.0035,
  systemLosses: 0.14,
  dcAcRatio: 1.2,
  inverterEfficiency: 0.96,
  albedo: 0.2,
}

const measure = (model: PvArray['model']): { firstMs: number; medianMs: number } => {
  const times: number[] = []
  for (let run = 0; run < 15; run += 1) {
    const start = performance.now()
    pvYear({ ...array, model }, year)
    times.push(performance.now() - start)
  }
  const warm = times.slice(5).sort((a, b) => a - b)
  return { firstMs: times[0] as number, medianMs: warm[warm.length >> 1] as number }
}

report(
  'pv-year',
  (['pvwatts', 'single-diode'] as const).map((model) => {
    const { firstMs, medianMs } = measure(model)
    return figure(`8,760 h of ${model}, sun and Perez included`, {
      value: medianMs,
      goal: limitMs,
      note: `warm median; first ${firstMs.toFixed(1)} ms`,
    })
  }),
)
