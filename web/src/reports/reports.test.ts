import { expect, it } from 'vitest'
import { nothingToReport, reportAbout, reportLanguage } from './report-choice.ts'

it('takes the language of the console where reports have it, else English', () => {
  expect(['zh-Hans', 'es', 'en', 'fr'].map(reportLanguage)).toEqual(['zh', 'es', 'en', 'en'])
})

it('names the engines whose evidence stands for itself', () => {
  const engine = (id: string, report: boolean) => ({ id, report, title: '', version: '1' })
  expect(nothingToReport([engine('b', false), engine('c', true), engine('a', false)])).toEqual(['a', 'b'])
})

it('says what a run is about by its time and whose it is', () => {
  expect(reportAbout({ year: 2025, organisation: 'Park company' }, 'en')).toBe('2025 · Park company')
  expect(reportAbout({ period: { from: '2025-03-01', to: '2025-04-01' }, name: 'Park' }, 'en')).toBe('Mar 2025 · Park')
  expect(reportAbout(undefined, 'en')).toBe('')
})
