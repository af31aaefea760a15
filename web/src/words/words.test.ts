import { readdirSync, readFileSync } from 'node:fs'
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

describe('keys', () => {
  const folder = new URL('..', import.meta.url)
  const code = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name) && !name.startsWith('words/'))
    .map((name) => readFileSync(new URL(name, folder), 'utf8'))
    .join('\n')
  /** What stands before the first placeholder of a key made at run time: `kind.${family}` gives `kind.`. */
  const made = [...code.matchAll(/`([\w.]+\.)\$\{/g)].map(([, prefix = '']) => prefix)

  it.each(Object.keys(en))('%s is said somewhere', (key) => {
    expect(
      code.includes(`'${key}'`) || code.includes(`"${key}"`) || made.some((prefix) => key.startsWith(prefix)),
    ).toBe(true)
  })
})

describe('sentences of plans', () => {
  const engines = new URL('../../../src/energy/', import.meta.url)
  const code = readdirSync(engines, { recursive: true, encoding: 'utf8' })
    // What a plan can say: its own files and the components; forecasts and bills have words of their own.
    .filter((name) => /^(components\/)?[\w-]+\.ts$/.test(name) && !/\.(test|fixture)\.ts$/.test(name))
    .map((name) => readFileSync(new URL(name, engines), 'utf8'))
    .join('\n')
  const codes = (pattern: RegExp): readonly string[] =>
    [...new Set([...code.matchAll(pattern)].flatMap((match) => match[0].match(/'[a-z-]+\.[a-z-]+'/g) ?? []))].map(
      (text) => text.slice(1, -1),
    )

  it.each(codes(/\bcode: [^\n]*/g).filter((found) => !found.startsWith('kernel.')))(
    'the reason %s is said in every language',
    (found) => {
      expect(en).toHaveProperty([`reason.${found}`])
    },
  )

  it.each(codes(/\breasonCode: [^\n]*/g))('the relaxation %s is said in every language', (found) => {
    expect(en).toHaveProperty([`relaxed.${found}`])
  })
})
