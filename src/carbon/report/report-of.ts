import {
  type Block,
  formatAmount,
  formName,
  formVersion,
  type Language,
  type ReportDocument,
  type Section,
} from '../../report/index.ts'
import type { CarbonWords } from './words/index.ts'

/** The run that a report is of. */
export type ReportRun = ReportDocument['run']

/** What a report says of itself, but for its form. */
export type ReportBody = Omit<ReportDocument, 'schema' | 'version'>

export const reportOf = (body: ReportBody): ReportDocument => ({ schema: formName, version: formVersion, ...body })

/** A section, unless nothing is in it. */
export const sectionOf = (id: string, title: string, blocks: readonly Block[]): readonly Section[] =>
  blocks.length === 0 ? [] : [{ id, title, blocks: [...blocks] }]

export const paragraphs = (texts: readonly string[]): readonly Block[] =>
  texts.map((text) => ({ kind: 'paragraph', text }))

/** Sentences of an engine, in the language in which it writes. */
export const engineSentences = (texts: readonly string[], words: CarbonWords): readonly Block[] =>
  texts.length === 0
    ? []
    : [
        { kind: 'paragraph', text: words.readByEngine },
        {
          kind: 'list',
          items: texts.map((text) => (words.foreign === undefined ? text : [{ text, lang: words.foreign }])),
        },
      ]

/** How to get from a page to its numbers. */
export const pedigreeSection = (words: CarbonWords, run: ReportRun): readonly Section[] =>
  sectionOf('pedigree', words.sections.pedigree, paragraphs(words.pedigree(run.id)))

/** A number with its unit in a sentence. */
export const toldAmount = (
  amount: { readonly value: string; readonly decimals: number; readonly unit?: string } | null,
  language: Language,
): string =>
  amount === null ? '–' : `${formatAmount(amount, language)}${amount.unit === undefined ? '' : ` ${amount.unit}`}`
