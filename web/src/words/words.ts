import i18next from 'i18next'
import { useMemo } from 'react'
import { initReactI18next, useTranslation } from 'react-i18next'
import { en, type WordKey, type Words } from './en.ts'

/** English comes with the console, for it stands in where a word is missing; the others when they are chosen. */
export const languages = [
  { tag: 'en', short: 'EN', name: 'English', load: async (): Promise<Words> => en },
  { tag: 'zh-Hans', short: '中', name: '简体中文', load: () => import('./zh-hans.ts').then(({ zhHans }) => zhHans) },
  { tag: 'es', short: 'ES', name: 'Español', load: () => import('./es.ts').then(({ es }) => es) },
] as const

export type LanguageTag = (typeof languages)[number]['tag']

const storageKey = 'mangrove.language'

function preferred(): LanguageTag {
  const wanted = [localStorage.getItem(storageKey), ...navigator.languages].filter((tag) => tag !== null)
  for (const tag of wanted) {
    const found = languages.find((language) => tag === language.tag || tag.split('-')[0] === language.tag.split('-')[0])
    if (found) return found.tag
  }
  return 'en'
}

/** Brings the words of a language. Without a connection those that are there are said. */
async function bring(tag: LanguageTag): Promise<LanguageTag> {
  try {
    const words = await languages.find((language) => language.tag === tag)?.load()
    i18next.addResourceBundle(tag, 'translation', words)
    return tag
  } catch {
    return 'en'
  }
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
      knows: (key): key is WordKey => Object.hasOwn(en, key),
      language: language as LanguageTag,
    }),
    [t, language],
  )
}
