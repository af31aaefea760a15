import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { hourMiddlesMs, monthOfHour, solarPositions, type WeatherYear } from '../../weather/index.ts'
import { pvYear } from './pv-power.ts'

const file = new URL('../../../../shared/data/energy/pv/PVWatts_Denver_4kW_rackmount_8760.csv', import.meta.url)

describe.skipIf(!existsSync(file))(
  'PVWatts year of Denver, 4 kW open rack (pvlib data/pvwatts_8760_rackmount.csv; needs ../shared/data)',
  () => {
    it('POA, DC and AC: year within 0.1 %, AC of each month within 0.3 %', () => {
      const chain = pvYear(
        {
          capacityKwp: 4,
          tiltDeg: 20,
          azimuthDeg: 180,
          mounting: 'open-rack',
          transposition: 'perez',
          model: 'pvwatts',
          temperatureCoefficientPerC: -0.0047,
          systemLosses: 0.1408,
          dcAcRatio: 1.2,
          inverterEfficiency: 0.96,
          albedo: 0.2,
        },
        denver(),
      )
      const within = (values: Float64Array, expected: number) =>
        expect(Math.abs(values.reduce((sum, value) => sum + value) / expected - 1)).toBeLessThan(0.001)
      within(chain.plane.globalWm2, 1_930_894)
      within(chain.dcKw, 6291.911)
      within(chain.acKw, 6023.671)
      const months = new Float64Array(12)
      for (const [hour, value] of chain.acKw.entries())
        months[monthOfHour(hour)] = (months[monthOfHour(hour)] as number) + value
      const expected = [
        392.946, 430.911, 556.785, 555.225, 585.706, 601.268, 562.023, 549.832, 530.294, 468.959, 422.4, 367.324,
      ]
      for (const [month, kwh] of expected.entries()) {
        expect(Math.abs((months[month] as number) / kwh - 1), `month ${month + 1}`).toBeLessThan(0.003)
      }
    })
  },
)

/** The file has beam and diffuse only; global is put together with the Sun at mid-hour. */
function denver(): WeatherYear {
  const rows = readFileSync(file, 'latin1')
    .split(/\r?\n/)
    .filter((line) => /^\d+,\d+,\d+,/.test(line))
    .map((line) => line.split(',').map(Number))
  expect(rows.length).toBe(8760)
  const column = (index: number) => Float64Array.from(rows, (row) => row[index] as number)
  const location = { latitude: 39.73, longitude: -105.18, altitudeM: 1819.6 }
  const sun = solarPositions(hourMiddlesMs(-7), location)
  const dniWm2 = column(3)
  const dhiWm2 = column(4)
  const up = sun.zenithDeg.map((zenith) => Math.max(Math.cos((zenith * Math.PI) / 180), 0))
  return {
    kind: 'typical',
    title: 'Denver',
    location,
    zoneOffsetHours: -7,
    ghiWm2: dhiWm2.map((diffuse, hour) => diffuse + (dniWm2[hour] as number) * (up[hour] as number)),
    dniWm2,
    dhiWm2,
    temperatureC: column(5),
    windSpeedMPerS: column(6),
    pressurePa: new Float64Array(8760).fill(Number.NaN),
  }
}
