import { readFile } from 'node:fs/promises'
import { monthOfHour } from '../../../src/weather/index.ts'
import type { Peer } from '../peer.ts'
import { runPvwatts } from './chain.ts'
import { readPvwattsExport } from './read-export.ts'

/** Hourly exports of NREL's PVWatts. */
export const pvwatts: Peer = {
  name: 'pvwatts',
  takes: 'FILE',
  async run(path) {
    const input = readPvwattsExport(path, await readFile(path, 'latin1'))
    const months = monthlyKwh(runPvwatts(input).acW)
    const expected = monthlyKwh(input.acW)
    const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
    return {
      acKwh: sum(months),
      expectedAcKwh: sum(expected),
      monthlyRelativeError: months.map((kwh, month) => relativeError(kwh, expected[month] ?? 0)),
    }
  },
}

function monthlyKwh(powerW: Float64Array): number[] {
  const months = new Array<number>(12).fill(0)
  for (const [hour, power] of powerW.entries()) months[monthOfHour(hour)]! += power / 1000
  return months
}

/** Signed; two nothings agree, something against nothing is out of all proportion and `null` in JSON. */
const relativeError = (value: number, expected: number): number =>
  value === expected ? 0 : expected === 0 ? Number.POSITIVE_INFINITY : value / expected - 1
