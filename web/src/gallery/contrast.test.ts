import { expect, it } from 'vitest'
import { contrastOf } from './contrast.ts'

it('is 21 between black and white, 1 of a colour with itself, and the same both ways', () => {
  expect(contrastOf('#000000', '#ffffff')).toBeCloseTo(21, 10)
  expect(contrastOf('#3a7f55', '#3a7f55')).toBe(1)
  // The grey that WCAG tools name as the lightest one for text on white: #767676, 4.54.
  expect(contrastOf('#767676', '#ffffff')).toBeCloseTo(4.54, 2)
  expect(contrastOf('#ffffff', '#767676')).toBeCloseTo(4.54, 2)
})
