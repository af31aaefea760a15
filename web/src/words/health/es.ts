import type { WordsLike } from '../words-like.ts'
import type { words as english } from './en.ts'

export const words: WordsLike<typeof english> = {}
