import { type Language, plainText, type ReportDocument, type Text } from '../../report/index.ts'
import type { VerdictOutput } from '../verdict/index.ts'
import { amountWriter, decimalsFor, printed } from './amounts.ts'
import { factorRows, type ToldFactor } from './factor-rows.ts'
import {
  engineSentences,
  paragraphs,
  pedigreeSection,
  type ReportRun,
  reportOf,
  sectionOf,
  toldAmount,
} from './report-of.ts'
import { dialFigures, partsFigure } from './verdict-figures.ts'
import { foreign, type VerdictPage } from './verdict-page.ts'
import { emissionTable, energyTable, guidingTable, readingTable, verifyTable } from './verdict-tables.ts'
import { carbonWords } from './words/index.ts'

const factorsOf = ({ emissions, energy }: VerdictOutput): readonly ToldFactor[] =>
  Object.entries({ emissions, energy }).flatMap(([list, rows]) =>
    rows.flatMap(({ factors }, row) =>
      factors.map((factor, place) => ({ ...factor, pointer: `/${list}/${row}/factors/${place}/value` })),
    ),
  )

const tones = { passes: 'good', fails: 'bad', 'not-decided': 'open' } as const

/** A verdict on a park as a document for readers: `carbon.park-verdict`. */
export function verdictReport(output: VerdictOutput, run: ReportRun, language: Language): ReportDocument {
  const words = carbonWords(language)
  const { facts, sections } = words
  const { emissionsUnit, energyUnit } = output.indicator
  const factors = factorRows(factorsOf(output))
  const largest = Math.max(0, ...output.readings.map(({ emissions }) => Math.abs(Number(emissions ?? 0))))
  const page: VerdictPage = {
    ...{
      output,
      words,
      language,
      write: amountWriter(output),
      decimals: decimalsFor(largest),
      anchorsOf: factors.anchorsOf,
    },
    ...{ emissionsUnit: printed(emissionsUnit), energyUnit, ratioUnit: `${printed(emissionsUnit)}/${energyUnit}` },
  }
  const { scheme } = output
  const counting = output.readings.filter(({ asked }) => asked)
  return reportOf({
    language,
    overline: words.parkVerdict,
    title: output.name,
    subtitle: words.year(output.year),
    badge: { tone: tones[output.verdict], text: words.verdicts[output.verdict] },
    run,
    highlights: highlightsOf(page),
    facts: [
      { label: facts.organisation, text: output.organisation },
      { label: facts.scheme, text: [{ text: `${scheme.title} (${scheme.id}, ${scheme.version})`, ...foreign(words) }] },
      { label: facts.document, text: [{ text: scheme.document, ...foreign(words) }] },
      { label: facts.readings, text: words.count(counting.length) },
      { label: facts.run, text: run.id },
      { label: facts.outputHash, text: run.outputSha256 },
    ],
    sections: [
      ...sectionOf('result', sections.result, [{ kind: 'list', items: reasonsOf(page) }, ...dialFigures(page)]),
      ...sectionOf('readings', sections.readings, [readingTable(page)]),
      ...sectionOf('emissions', sections.emissions, [...partsFigure(page), ...emissionTable(page)]),
      ...sectionOf('energy', sections.energy, energyTable(page)),
      ...sectionOf('guiding', sections.guiding, guidingTable(page)),
      ...sectionOf('missing', sections.toKnow, engineSentences(output.missing, words)),
      ...sectionOf('verify', sections.verify, verifyTable(page)),
      ...sectionOf('factors', sections.factors, factors.blocks(words)),
      ...sectionOf('method', sections.method, paragraphs(words.verdictMethod)),
      ...pedigreeSection(words, run),
    ],
  })
}

/** The main numbers of the first reading that counts; the table has those of all. */
function highlightsOf({
  output,
  words,
  write,
  decimals,
  language,
  ...units
}: VerdictPage): ReportDocument['highlights'] {
  const place = Math.max(
    0,
    output.readings.findIndex(({ asked }) => asked),
  )
  const reading = output.readings[place]
  if (!reading) return []
  const { columns } = words
  const at = (field: string, shown: number, unit: string, times = '1') =>
    write(`/readings/${place}/${field}`, { decimals: shown, unit, times })
  const note = words.reading(reading.greenPower, reading.coal, true)
  const lacking = reading.gap?.energy == null ? null : at('gap/energy', decimals, units.energyUnit)
  const isAbove = reading.gap !== null && Number(reading.gap.emissions) > 0
  return [
    { label: columns.indicator, amount: at('indicator', 4, units.ratioUnit), note },
    {
      label: columns.limit,
      amount: at('limit', 2, units.ratioUnit),
      ...(reading.limit === null ? { note: words.unlimited } : {}),
    },
    {
      label: columns.gap,
      amount: at('gap/emissions', decimals, units.emissionsUnit),
      ...(isAbove && lacking ? { note: words.gapNote(toldAmount(lacking, language)) } : {}),
    },
    { label: columns.emissions, amount: at('emissions', decimals, units.emissionsUnit) },
    { label: columns.energy, amount: at('energy', decimals, units.energyUnit) },
    { label: columns.chance, amount: reading.chance === null ? null : at('chance/analytic', 1, '%', '100') },
  ]
}

/** Reasons in the language of the page, or in the engine's where there are no words for one. */
function reasonsOf({ output, words }: VerdictPage): Text[] {
  const told = output.reasons.map(({ code, text, values }): Text => {
    const guiding = output.guiding.find(({ id }) => id === values.indicator)
    return words.reason(code, values, guiding) ?? [{ text, ...foreign(words) }]
  })
  // What two readings have in common is told once.
  return [...new Map(told.map((text) => [plainText(text), text])).values()]
}
