import { describe, expect, it } from 'vitest'
import { type DataPort, fixedClock, runEngine, type SolverPort } from '../../kernel/index.ts'
import {
  amountsOf,
  checkDocument,
  languages,
  plainText,
  type ReportDocument,
  sumOf,
  textsOf,
} from '../../report/index.ts'
import { type AccountOutput, accountEngine } from '../account/index.ts'
import { totals, verdictOf } from '../verdict/verdict.fixture.ts'
import { amountWriter, numberAt, pointerPart } from './amounts.ts'
import { carbonReports } from './index.ts'
import { carbonWords } from './words/index.ts'

const run = {
  ...{ id: 'a'.repeat(64), engineVersion: '0.1.0', clockMs: Date.UTC(2026, 0, 5), outputSha256: 'b'.repeat(64) },
}
const write = (engine: string, output: unknown, language: string): ReportDocument =>
  checkDocument(carbonReports.find((report) => report.engine === engine)?.write(output, { ...run, engine }, language))

const rows = [
  { id: 'power', activity: 'electricity', amount: '84210.4', unit: 'kWh' },
  { id: 'diesel', activity: 'fuel', subject: 'diesel', amount: '1.2', unit: 't', use: 'road' },
  { id: 'leak', activity: 'refrigerant', subject: 'R410A', amount: '2', unit: 'kg' },
  { id: 'chips', activity: 'fuel', subject: 'wood', amount: '1', unit: 't' },
].map((row) => ({ from: '2023-01-01', to: '2023-02-01', ...row }))
const account = async (over: object = {}): Promise<AccountOutput> => {
  const input = {
    ...{ name: 'Harbour works', region: 'CN-JS', period: { from: '2023-01-01', to: '2024-01-01' }, activities: rows },
    ...over,
  }
  const ports = { data: {} as DataPort, solver: {} as SolverPort, clock: fixedClock(0) }
  return (await runEngine<AccountOutput>(accountEngine, input, ports)).output
}

const outputs = [
  ['carbon.account', await account({ views: ['iso-14064-1', 'gpc'] })],
  [
    'carbon.park-verdict',
    await verdictOf({ ...totals('250000', '55000'), assumeRelative: 0.03 }, { coal: 'calorific' }),
  ],
  [
    'carbon.park-verdict',
    await verdictOf({ ...totals('250000', '45000'), assumeRelative: 0.03 }, { coal: 'calorific' }),
  ],
] as const

describe.each(outputs)('the report of %s', (engine, output) => {
  it.each(languages)('has a way back for every number, to the last digit (%s)', (language) => {
    const amounts = amountsOf(write(engine, output, language))
    expect(amounts.length).toBeGreaterThan(20)
    for (const { value, from } of amounts) {
      const parts = from.map(({ pointer, times }) => ({
        value: numberAt(output, pointer) ?? `nothing at ${pointer}`,
        ...(times === undefined ? {} : { times }),
      }))
      expect(sumOf(parts), JSON.stringify(from)).toBe(sumOf([{ value }]))
    }
  })

  it('tells the same numbers in every language', () => {
    const [first, ...others] = languages.map((language) => amountsOf(write(engine, output, language)))
    for (const other of others) expect(other).toEqual(first)
  })

  it('tells every factor with its document, and marks what is to be verified', () => {
    const document = write(engine, output, 'en')
    const table = document.sections
      .flatMap(({ blocks }) => blocks)
      .find((block) => 'id' in block && block.id === 'factor-table')
    const told =
      table?.kind === 'table' ? table.rows.map(({ cells }) => cells.map((cell) => JSON.stringify(cell)).join(' ')) : []
    const factors = 'factors' in output ? output.factors : output.emissions.flatMap(({ factors: own }) => own)
    for (const { factor, document: source, verify } of factors as readonly Record<string, string>[]) {
      const row = told.find((text) => text.includes(`"${factor}`) || text.includes(`${factor} (`))
      expect(row, factor).toBeDefined()
      expect(row).toContain(JSON.stringify(source).slice(1, -1))
      if (verify !== undefined) expect(row).toContain('○ ')
    }
  })
})

describe('the report of an inventory', () => {
  it('has both sums of scope 2 side by side, biogenic carbon beside, and charts that add up', async () => {
    const output = await account()
    const document = write('carbon.account', output, 'en')
    const shown = document.highlights.map(({ amount }) => amount?.value)
    expect(shown.slice(0, 3)).toEqual(['8.395113116', '49.06940008', '51.33465984'])
    const figures = document.sections.flatMap(({ blocks }) => blocks).filter((block) => block.kind === 'figure')
    expect(figures.map(({ id }) => id)).toEqual(['scope-figure', 'gas-figure', 'energy-figure'])
    for (const { chart } of figures) {
      if (chart.kind !== 'stacked') continue
      for (const { total, parts } of chart.bars) {
        expect(sumOf(parts.flatMap((part) => (part === null ? [] : [{ value: part.value }])))).toBe(total.value)
      }
    }
    expect(JSON.stringify(document)).toContain('"1.7472"')
  })

  it('draws no gases where their weights do not give the sum', async () => {
    const output = await account()
    const [first, ...others] = output.totals
    const broken = { ...output, totals: [{ ...first!, massKgCo2e: '1' }, ...others] }
    const figures = write('carbon.account', broken, 'en').sections.flatMap(({ blocks }) => blocks)
    expect(figures.some((block) => 'id' in block && block.id === 'gas-figure')).toBe(false)
  })
})

describe('the report of a verdict', () => {
  it('says whether it passes, and has a dial with limit, gap and probability', () => {
    const document = write('carbon.park-verdict', outputs[1][1], 'en')
    expect(document.badge).toEqual({ tone: 'bad', text: 'Does not pass' })
    expect(write('carbon.park-verdict', outputs[2][1], 'zh').badge).toEqual({ tone: 'good', text: '达标' })
    const dial = document.sections[0]!.blocks.find((block) => block.kind === 'figure')
    expect(dial?.chart).toMatchObject({ kind: 'dial', amount: { value: '0.22' }, limit: { value: '0.2' }, tone: 'bad' })
    const [indicator, limit, gap, , , chance] = document.highlights
    expect([indicator, limit, gap].map((one) => one?.amount?.value)).toEqual(['0.22', '0.2', '5000'])
    expect(Number(chance?.amount?.value)).toBeLessThan(5)
  })
})

describe('the words', () => {
  const keysOf = (value: unknown, path = ''): readonly string[] =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.entries(value).flatMap(([key, inner]) => keysOf(inner, `${path}.${key}`))
      : [path]
  const english = new Set(keysOf(carbonWords('en')))
  const ofOneLanguage = /^\.(foreign|indicators)/

  it.each(languages)('are all there in %s', (language) => {
    const own = keysOf(carbonWords(language)).filter((key) => !ofOneLanguage.test(key))
    expect(own.toSorted()).toEqual([...english].filter((key) => !ofOneLanguage.test(key)).toSorted())
  })

  it('of a reason are there for every reason of a verdict, in Chinese and in Spanish', async () => {
    const reasons = outputs.flatMap(([, output]) => ('reasons' in output ? output.reasons : []))
    expect(reasons.length).toBeGreaterThan(5)
    for (const { code, values } of reasons) {
      // What only a sentence tells stays in the engine's words.
      if (code === 'verdict.factor-stands-in') continue
      for (const language of ['zh', 'es'] as const) {
        const told = carbonWords(language).reason(code, values, undefined)
        expect(told, code).toBeDefined()
        expect(plainText(told!)).not.toMatch(/undefined|NaN/)
      }
    }
  })

  it('leave no English sentence unmarked on a page of another language', () => {
    for (const [engine, output] of outputs) {
      const loose = textsOf(write(engine, output, 'zh')).filter((text): text is string => typeof text === 'string')
      expect(loose.filter((text) => /\b(the|and|of|is|not)\b/.test(text) && !text.includes('mangrove replay'))).toEqual(
        [],
      )
    }
  })
})

describe('the way to a number', () => {
  it('reads JSON Pointers (RFC 6901), and finds nothing where there is no number', () => {
    const output = { 'a/b': { 'm~n': ['1.50', 2, 'x', null] } }
    expect(numberAt(output, `/${pointerPart('a/b')}/${pointerPart('m~n')}/0`)).toBe('1.50')
    expect(numberAt(output, '/a~1b/m~0n/1')).toBe('2')
    for (const pointer of ['/a~1b/m~0n/2', '/a~1b/m~0n/3', '/a~1b', '/nothing/at/all', '/constructor/name', '']) {
      expect(numberAt(output, pointer), pointer).toBeUndefined()
    }
  })

  it('gives no sum where a part is missing', () => {
    const from = amountWriter({ a: '1', b: null })
    expect(from([{ pointer: '/a' }, { pointer: '/a', times: '0.5' }], { decimals: 1 })?.value).toBe('1.5')
    expect(from([{ pointer: '/a' }, { pointer: '/b' }], { decimals: 1 })).toBeNull()
    expect(from([], { decimals: 1 })).toBeNull()
  })
})
