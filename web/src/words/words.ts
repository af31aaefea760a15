import i18next from 'i18next'
import { useMemo } from 'react'
import { initReactI18next, useTranslation } from 'react-i18next'
import { en, type WordKey, type Words } from './en.ts'
import { es } from './es.ts'
import { zhHans } from './zh-hans.ts'

export const languages = [
  { tag: 'en', short: 'EN', name: 'English', words: en as Words },
  { tag: 'zh-Hans', short: '中', name: '简体中文', words: zhHans },
  { tag: 'es', short: 'ES', name: 'Español', words: es },
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

/** Starts with the language that was chosen before, else with that of the browser. */
export async function startWords(): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: preferred(),
    fallbackLng: 'en',
    keySeparator: false,
    nsSeparator: false,
    interpolation: { escapeValue: false },
    resources: Object.fromEntries(languages.map(({ tag, words }) => [tag, { translation: words }])),
  })
  document.documentElement.lang = i18next.language
}

export async function chooseLanguage(tag: LanguageTag): Promise<void> {
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
