import { describe, expect, it } from 'vitest'
import { formatProblem } from './errors.ts'
import { kernelErrors } from './kernel-errors.ts'

describe('a problem in words', () => {
  it('tells place, detail, value and expectation', () => {
    const problem = kernelErrors.outOfRange.problem({
      detail: 'The value is out of range',
      place: { file: 'site.yaml', line: 12, path: 'assets.roof.capacityKwp' },
      found: -3,
      expected: '0 kW or more',
    })
    expect(formatProblem(problem)).toBe(
      'site.yaml:12 assets.roof.capacityKwp: The value is out of range (found -3, expected 0 kW or more) [kernel.out-of-range]',
    )
  })

  it('lets no control character of a file reach the terminal', () => {
    const text = formatProblem(kernelErrors.badSeries.problem({ detail: 'No table', found: 'a\u001b[2Jb\nc\u0000' }))
    expect(text).not.toMatch(/\p{Cc}/u)
    expect(text).toContain('[2Jb')
  })
})
