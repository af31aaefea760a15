import i18next from 'i18next'
import { useMemo } from 'react'
import { initReactI18next, useTranslation } from 'react-i18next'
import type { Bundle, PageWordKey } from './bundles.ts'
import { en, type FrameWordKey, type Words } from './en.ts'

/** English comes with the console, for it stands in where a word is missing; the others when they are chosen. */
export const languages = [
  { tag: 'en', short: 'EN', name: 'English', load: async (): Promise<Words> => en },
  { tag: 'zh-Hans', short: '中', name: '简体中文', load: () => import('./zh-hans.ts').then(({ zhHans }) => zhHans) },
  { tag: 'es', short: 'ES', name: 'Español', load: () => import('./es.ts').then(({ es }) => es) },
] as const

export type LanguageTag = (typeof languages)[number]['tag']
export type WordKey = FrameWordKey | PageWordKey

const storageKey = 'mangrove.language'
/** Of which pages words were asked for: another language brings theirs too. */
const bundles = new Set<Bundle>()

function preferred(): LanguageTag {
  const wanted = [localStorage.getItem(storageKey), ...navigator.languages].filter((tag) => tag !== null)
  for (const tag of wanted) {
    const found = languages.find((language) => tag === language.tag || tag.split('-')[0] === language.tag.split('-')[0])
    if (found) return found.tag
  }
  return 'en'
}

async function bringBundle(bundle: Bundle, tag: LanguageTag): Promise<void> {
  const { words } = (await import(`./${bundle}/${tag.toLowerCase()}.ts`)) as { readonly words: object }
  i18next.addResourceBundle(tag, 'translation', words, true, true)
}

/** Brings the words of a language. Without a connection those that are there are said. */
async function bring(tag: LanguageTag): Promise<LanguageTag> {
  try {
    const words = await languages.find((language) => language.tag === tag)?.load()
    i18next.addResourceBundle(tag, 'translation', words, true, true)
    await Promise.all([...bundles].map((bundle) => bringBundle(bundle, tag)))
    return tag
  } catch {
    return 'en'
  }
}

/** Brings the words of pages, in the language that is shown, before the page is. */
export async function bringWords(...asked: readonly Bundle[]): Promise<void> {
  const missing = asked.filter((bundle) => !bundles.has(bundle))
  const tag = i18next.language as LanguageTag
  await Promise.all(missing.map((bundle) => bringBundle(bundle, tag)))
  for (const bundle of missing) bundles.add(bundle)
}

/** Starts with the language that was chosen before, else with that of the browser. */
export async function startWords(): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: 'en',
    fallbackLng: 'en',
    keySeparator: false,
    nsSeparator: false,
    interpolation: { escapeValue: false },
    resources: { en: { translation: en } },
  })
  const tag = preferred()
  if (tag !== 'en') await i18next.changeLanguage(await bring(tag))
  document.documentElement.lang = i18next.language
}

export async function chooseLanguage(tag: LanguageTag): Promise<void> {
  const brought = await bring(tag)
  if (brought !== tag) return
  localStorage.setItem(storageKey, tag)
  document.documentElement.lang = tag
  await i18next.changeLanguage(tag)
}

export type Say = (key: WordKey, values?: Readonly<Record<string, string | number>>) => string

export interface UsedWords {
  readonly say: Say
  /** Whether there is a sentence of this key; codes of the server may be newer than the console. */
  readonly knows: (key: string) => key is WordKey
  readonly language: LanguageTag
}

export function useWords(): UsedWords {
  const { t, i18n } = useTranslation()
  const { language } = i18n
  // The same object until the language changes, so that what is made from words is not made anew at every render.
  return useMemo(
    () => ({
      say: (key, values = {}) => t(key, values),
      knows: (key): key is WordKey => i18n.exists(key),
      language: language as LanguageTag,
    }),
    [t, i18n, language],
  )
}
