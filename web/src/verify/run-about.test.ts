import { expect, it } from 'vitest'
import { runAbout } from './run-about.ts'

it('says what a run is about by its time and whose it is', () => {
  expect(runAbout({ year: 2025, organisation: 'Park company' }, 'en')).toBe('2025 · Park company')
  expect(runAbout({ period: { from: '2025-03-01', to: '2025-04-01' }, name: 'Park' }, 'en')).toBe('Mar 2025 · Park')
  expect(runAbout(undefined, 'en')).toBe('')
})
