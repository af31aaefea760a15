import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { en } from './en.ts'
import { es } from './es.ts'
import { zhHans } from './zh-hans.ts'

/** Words of pages, a folder each; those of alarms stand with the frame. */
const bundles = readdirSync(new URL('.', import.meta.url), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
const languages = { en, 'zh-hans': zhHans, es }
const wordsOf = async (tag: keyof typeof languages): Promise<Readonly<Record<string, string>>> =>
  Object.assign(
    { ...languages[tag] },
    ...(await Promise.all(
      bundles.map(async (name) => ((await import(`./${name}/${tag}.ts`)) as { readonly words: object }).words),
    )),
  )
const english = await wordsOf('en')
const others = [
  ['zh-Hans', await wordsOf('zh-hans')],
  ['es', await wordsOf('es')],
] as const

const placeholders = (text: string): readonly string[] => (text.match(/\{\{\w+\}\}/g) ?? []).toSorted()

describe.each(others)('words in %s', (_, words) => {
  it('has every key of English and no other', () => {
    expect(Object.keys(words).toSorted()).toEqual(Object.keys(english).toSorted())
  })

  it.each(Object.entries(english))('%s keeps its placeholders and is not empty', (key, text) => {
    const translated = words[key] ?? ''
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

  it.each(Object.keys(english))('%s is said somewhere', (key) => {
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
