import { expect, it } from 'vitest'
import { shortName } from './short-name.ts'

it('leaves a name that fits, and cuts others between letters, also such of two halves', () => {
  expect(shortName('Factory roofs')).toBe('Factory roofs')
  expect(shortName('🏭🏭🏭', 3)).toBe('🏭🏭🏭')
  expect(shortName('🏭🏭🏭🏭', 3)).toBe('🏭🏭…')
  expect(shortName('W'.repeat(10_000))).toHaveLength(80)
})
