import { describe, expect, it } from 'vitest'
import { en } from './en.ts'
import { es } from './es.ts'
import { zhHans } from './zh-hans.ts'

const placeholders = (text: string): readonly string[] => (text.match(/\{\{\w+\}\}/g) ?? []).toSorted()

describe.each([
  ['zh-Hans', zhHans],
  ['es', es],
] as const)('words in %s', (_, words) => {
  it('has every key of English and no other', () => {
    expect(Object.keys(words).toSorted()).toEqual(Object.keys(en).toSorted())
  })

  it.each(Object.entries(en))('%s keeps its placeholders and is not empty', (key, text) => {
    const translated = words[key as keyof typeof words]
    expect(placeholders(translated)).toEqual(placeholders(text))
    expect(translated.trim()).not.toBe('')
  })
})
