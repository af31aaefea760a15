import { expect, it } from 'vitest'
import { daysText, periodText } from './periods.ts'

it('says a whole year, a whole month and days with the last one in', () => {
  expect(daysText('2025-01-01', '2026-01-01', 'en')).toBe('2025')
  expect(daysText('2025-02-01', '2025-03-01', 'en')).toBe('Feb 2025')
  expect(daysText('2025-03-01', '2025-03-16', 'en')).toMatch(/^Mar 1\s–\s15, 2025$/)
  expect(daysText('2025-04-01', '2025-07-01', 'es')).toMatch(/1 abr\s*[–-]\s*30 jun 2025/)
})

it('counts days by the clock of the zone, and names times where they are no midnight', () => {
  const [from, to] = [Date.parse('2022-12-31T16:00:00Z'), Date.parse('2023-01-31T16:00:00Z')]
  expect(periodText(from, to, 'Asia/Shanghai', 'en')).toBe('Jan 2023')
  expect(periodText(from, to, 'UTC', 'en')).toMatch(/Dec 31, 2022, 16:00\s–\sJan 31, 2023, 16:00/)
})
