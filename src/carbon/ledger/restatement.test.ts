import { expect, it } from 'vitest'
import { restatementOf } from './restatement.ts'

it.each([
  ['a change of 5 %', '100000', '105000', true, '0.05', 'significant'],
  ['a change of 4.999 %', '100000', '95001', false, '-0.04999', 'below-threshold'],
  ['a year of which nothing was told', '0', '5', true, null, 'nothing-reported'],
] as const)('tells a base year anew for %s', (_, reportedKg, correctedKg, restate, change, why) => {
  expect(restatementOf({ reportedKg, correctedKg, reasons: ['wrong-factor'] })).toEqual({ restate, change, why })
})

it('does not for reasons that the policy leaves out, unless there is another', () => {
  const year = { reportedKg: '100', correctedKg: '120' }
  expect(restatementOf({ ...year, reasons: ['late-data'] })).toMatchObject({ restate: false, why: 'reason-excluded' })
  expect(restatementOf({ ...year, reasons: ['late-data', 'new-method'] })).toMatchObject({ restate: true })
})
