import { expect, it } from 'vitest'
import { shownCommands, unprinted } from '../../test/shown-commands.ts'
import type { AbatementOutput } from '../carbon/index.ts'
import { showCurve } from './show-abatement.ts'

const bar = (rank: number, title: string, tonnes: number, costPerTonne: number, alone: number) => ({
  ...{
    rank,
    id: title,
    title,
    sizes: [],
    avoidedTonnesPerYear: tonnes,
    costPerTonne,
    costPerYear: tonnes * costPerTonne,
  },
  ...{ investmentPerYear: 0, capex: 3_410_000, fromTonnes: 0, toTonnes: tonnes, emissionsAfterTonnes: 0 },
  ...{ belowCarbonPrice: true, alone: { avoidedTonnesPerYear: alone, costPerYear: 0, costPerTonne: null } },
})
const together = { avoidedTonnesPerYear: 638.7, costPerYear: -550_719, costPerTonne: -862, capex: 3_878_000 }
const curve: AbatementOutput = {
  ...{ site: 'small-works', year: 2026, currency: 'CNY', electricity: 'average', method: 'quick', order: 'once' },
  ...{ gridFactor: { kgPerKwh: null, source: 'x' }, carbonPricePerTonne: 80 },
  ...{ startTonnesPerYear: 1108.5, endTonnesPerYear: 469.8, synthetic: false },
  bars: [bar(1, 'Flat roof', 613.9, -832, 613.9), bar(2, 'Battery', 24.8, -1620, -10.3)],
  total: { ...together, aloneTonnesPerYear: 613.9 },
  left: [{ id: 'x', title: 'X', why: 'no-help', text: 'X avoids nothing on top of the others.', alone: null }],
  reasons: [],
}

it('draws a line a bar, as docs/guides/avoided.md shows it', () => {
  const [shown] = shownCommands('docs/guides/avoided.md').filter(({ command }) => command.includes('abatement-curve'))
  expect(unprinted(shown!.output, showCurve(curve).split('\n'))).toEqual([])
  const lines = showCurve(curve).split('\n')
  expect(lines[4]).toMatch(/1\. Flat roof +613\.9 +-832 .* █{24}$/)
  expect(lines[5]).toMatch(/2\. Battery +24\.8 +-1 620 +-10\.3 .* {2}█$/)
  expect(lines.at(-1)).toBe('  - X avoids nothing on top of the others.')
  expect(showCurve({ ...curve, bars: [] })).not.toContain('█')
})
