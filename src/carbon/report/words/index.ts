import type { Language } from '../../../report/index.ts'
import { type CarbonWords, en } from './en.ts'
import { es } from './es.ts'
import { zh } from './zh.ts'

export type { CarbonWords } from './en.ts'

const all: Readonly<Record<Language, CarbonWords>> = { en, zh, es }

export const carbonWords = (language: Language): CarbonWords => all[language]
