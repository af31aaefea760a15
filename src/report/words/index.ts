import type { Language } from '../model/schema.ts'
import { en, type RenderingWords } from './en.ts'
import { es } from './es.ts'
import { zh } from './zh.ts'

const all: Readonly<Record<Language, RenderingWords>> = { en, zh, es }

/** What the renderings say themselves, in a language. */
export const renderingWords = (language: Language): RenderingWords => all[language]

/** Language tag of a document: script and region where readers of a page need to know. */
export const languageTag = (language: Language): string => (language === 'zh' ? 'zh-Hans' : language)

/** A moment as all three languages read it, without a zone that nobody named: `2026-07-06 00:00 UTC`. */
export const momentText = (ms: number): string => `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`
