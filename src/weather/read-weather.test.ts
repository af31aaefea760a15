import { describe, expect, it } from 'vitest'
import { MangroveError } from '../kernel/index.ts'
import { readWeather, type WeatherSource } from './read-weather.ts'

const place = { name: 'Test', location: { latitude: 31, longitude: 121, altitudeM: 5 }, zone: 'Asia/Shanghai' }
const monthly = {
  ghiKwhPerM2Day: Array(12).fill(3),
  temperatureC: Array(12).fill(15),
  windSpeedMPerS: Array(12).fill(3),
}
const problemsOf = (source: WeatherSource) =>
  readWeather(source, place, () => '').then(
    () => [],
    (error: MangroveError) => error.problems,
  )

describe('the weather of a site', () => {
  it('comes from one place: a file beside normals is refused', async () => {
    const problems = await problemsOf({ file: 'x.epw', synthetic: { seed: 1, monthly } })
    expect(problems).toMatchObject([{ code: 'weather.source-ambiguous', place: { path: 'weather' } }])
  })

  it('tells the field of the site file that holds a wrong normal', async () => {
    const wrong = { ...monthly, ghiKwhPerM2Day: monthly.ghiKwhPerM2Day.with(5, 13) }
    expect(await problemsOf({ synthetic: { seed: 1, monthly: wrong } })).toMatchObject([
      {
        place: { path: 'weather.synthetic.monthly.ghiKwhPerM2Day.5' },
        found: 13,
        expected: expect.stringMatching(/^at most \d+\.\d\d kWh/),
      },
    ])
  })

  it('is undefined where the site names none', async () => {
    expect(await readWeather({}, place, () => '')).toBeUndefined()
  })

  it('is refused when it is no weather file', async () => {
    await expect(readWeather({ file: 'x.epw' }, place, () => 'a,b\n1,2')).rejects.toBeInstanceOf(MangroveError)
  })
})
