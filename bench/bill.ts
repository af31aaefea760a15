// A year of quarter-hours through a tariff: prices and windows, then the twelve bills. Prints figures, asserts nothing.
import { testData, testSite } from '../src/energy/park.fixture.ts'
import { statements } from '../src/energy/tariff/statement.ts'
import { tariffOnGrid } from '../src/energy/tariff/tariff-on-grid.ts'
import { figure, percentile, report } from './report.ts'

const runs = 25
const grid = { startMs: Date.UTC(2024, 11, 31, 16), stepMs: 900_000, count: 35_040 }
const tariff = {
  import: {
    timeOfUse: {
      periods: [
        { name: 'sharp', pricePerKwh: 1.32, from: '14:00', to: '15:00', months: [7, 8] },
        { name: 'sharp', pricePerKwh: 1.32, from: '18:00', to: '20:00', months: [1, 12] },
        { name: 'peak', pricePerKwh: 1.1, from: '15:00', to: '22:00' },
        { name: 'valley', pricePerKwh: 0.28, from: '10:00', to: '14:00', weekdays: [6, 7] },
        { name: 'valley', pricePerKwh: 0.28, from: '00:00', to: '06:00' },
        { name: 'flat', pricePerKwh: 0.66 },
      ],
    },
    tiers: [{ name: 'steps', per: 'year', blocks: [{ upToKwh: 1e6, pricePerKwh: 0.01 }, { pricePerKwh: 0.02 }] }],
  },
  export: { feePerKwh: 0.39 },
  demand: [
    { name: 'demand', pricePerKwMonth: 40, contract: { demandKw: 1200 } },
    {
      name: 'evening',
      pricePerKwMonth: 5,
      from: '17:00',
      to: '21:00',
      lookBack: { months: 11, share: 0.8 },
      since: '2025-01',
    },
  ],
  surcharges: [{ name: 'funds', pricePerKwh: 0.03 }],
  taxes: [{ name: 'VAT', share: 0.13 }],
  powerFactor: { standard: 0.9 },
  fixed: [{ name: 'meter', price: 2, per: 'day' }],
  carbonIntensity: 0.58,
  rounding: 0.01,
}
const site = testSite({ assets: { grid: { kind: 'grid', importLimitKw: 4000 } }, tariff, grid, zone: 'Asia/Shanghai' })
const importKw = Float64Array.from({ length: grid.count }, (_, k) => 800 + 400 * Math.sin(k / 15) + ((k * 7919) % 97))
const meter = { grid, importKw, exportKw: new Float64Array(grid.count), reactiveKvar: importKw.map((kw) => 0.4 * kw) }

const reading: number[] = []
const printing: number[] = []
let total = 0
for (let k = 0; k < runs; k += 1) {
  const begin = performance.now()
  const onGrid = await tariffOnGrid(site, grid, testData, { soFar: false })
  const read = performance.now()
  const bills = statements(onGrid, meter, { currency: 'CNY' })
  const printed = performance.now()
  reading.push(read - begin)
  printing.push(printed - read)
  total = bills.reduce((sum, bill) => sum + bill.total, 0)
}
const note = `35,040 steps, 12 bills, ${total.toFixed(2)} CNY; median of ${runs} after the first`
report('bill', [
  figure('tariff on a year of quarter-hours', { value: percentile(reading.slice(1), 0.5), goal: 50 }),
  figure('twelve bills from it', { value: percentile(printing.slice(1), 0.5), goal: 50, note }),
  figure('both, the first time', { value: reading[0]! + printing[0]!, goal: 200 }),
])
