import { expect, it } from 'vitest'
import { nothingToReport, reportLanguage } from './report-choice.ts'

it('takes the language of the console where reports have it, else English', () => {
  expect(['zh-Hans', 'es', 'en', 'fr'].map(reportLanguage)).toEqual(['zh', 'es', 'en', 'en'])
})

it('names the engines whose evidence stands for itself', () => {
  const engine = (id: string, report: boolean) => ({ id, report, title: '', version: '1' })
  expect(nothingToReport([engine('b', false), engine('c', true), engine('a', false)])).toEqual(['a', 'b'])
})
