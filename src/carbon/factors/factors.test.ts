import { generateKeyPairSync } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { convert, multiply, parseDecimal, quantity } from '../quantity/index.ts'
import {
  createFactorBook,
  type FactorSetFile,
  factorBookWith,
  factorQuantity,
  findFactor,
  gwpOf,
  keyFingerprint,
  openSignedSet,
  pedigreeOf,
  readFactorSet,
  shippedSets,
  signFactorSet,
} from './index.ts'

const book = factorBookWith()
const grid = { kind: 'emission', subject: 'electricity', variant: 'average', boundary: 'direct', gas: 'CO2' } as const

const ownSet = (over: Partial<FactorSetFile> = {}, row: object = {}): FactorSetFile => ({
  ...{ id: 'our-park', version: '1', title: 'Supplier of our park' },
  documents: { letter: { title: 'Letter of the supplier', publisher: 'Grid company', year: 2026, licence: 'own' } },
  tables: [
    {
      ...{ document: 'letter', table: '1' },
      common: {
        kind: 'emission',
        subject: 'electricity',
        variant: 'supplier',
        gas: 'CO2',
        boundary: 'direct',
        unit: 'kg/kWh',
      },
      rows: [
        { id: 'mix-2025', value: '0.412', valid: { from: '2025-01-01', to: '2026-01-01' }, region: 'CN-JS', ...row },
      ],
    },
  ],
  ...over,
})

describe('the shipped factors', () => {
  it('all have a document, a table and a licence that may be shipped; none is share-alike', () => {
    const licences = ['facts', 'OGL-UK-3.0', 'CC-BY-4.0', 'public-domain']
    for (const { source, id } of shippedSets().flatMap(({ factors }) => factors)) {
      expect(licences, id).toContain(source.licence)
      expect(source.table.length, id).toBeGreaterThan(0)
      if (source.licence.startsWith('CC') || source.licence.startsWith('OGL'))
        expect(source.attribution, id).toBeTruthy()
    }
  })

  it.each([
    ['CH4', 'SAR', '21'],
    ['CH4', 'AR4', '25'],
    ['CH4', 'AR5', '28'],
    ['CH4', 'AR5-ccf', '34'],
    ['CH4', 'AR6', '27.9'],
    ['N2O', 'AR5', '265'],
    ['SF6', 'AR6', '25200'],
    ['HFC-134a', 'AR6', '1530'],
    ['R410A', 'AR4', '2087.5'],
    ['R410A', 'AR5', '1923.5'],
    ['R410A', 'AR6', '2255.5'],
    ['CO2', 'SAR', '1'],
  ] as const)('GWP100 of %s in %s is %s', (gas, set, expected) => {
    expect(gwpOf(book, gas, set).value.toFixed()).toBe(expected)
  })

  it('never take a GWP from another set, nor zero for one that is missing', () => {
    expect(() => gwpOf(book, 'NF3', 'SAR')).toThrow(/carbon.no-factor/)
    expect(() => gwpOf(book, 'CH5', 'AR6')).toThrow(/carbon.no-factor/)
  })

  it.each([
    ['anthracite', '2.625', '2.881'],
    ['lignite', '1.202', '2.960'],
    ['diesel', '3.186', '2.172'],
    ['gasoline', '3.070', '2.031'],
    ['natural-gas', '2.693', '1.644'],
    ['blast-furnace-gas', '0.642', null],
  ])(
    'IPCC 2006 Tables 1.2 and 1.4: %s gives %s t CO2 a tonne and %s a tonne of coal equivalent',
    (fuel, perTonne, perTce) => {
      const at = '2025-01-01'
      const heating = findFactor(book, { kind: 'heating-value', subject: fuel, at })
      const carbon = findFactor(book, { kind: 'emission', subject: fuel, gas: 'CO2', variant: 'ipcc-2006', at })
      const content = quantity(heating.factor.value, heating.factor.unit, { subject: fuel })
      const energy = multiply(quantity('1', 't', { subject: fuel }), content, 'TJ')
      const burnt = { ...energy, basis: { subject: fuel, heatingValue: 'LHV' } as const }
      expect(multiply(burnt, factorQuantity(carbon.factor), 't').amount.toFixed(3)).toBe(perTonne)
      const tce = convert(quantity('1', 'tce', burnt.basis), 'TJ')
      if (perTce !== null) expect(multiply(tce, factorQuantity(carbon.factor), 't').amount.toFixed(3)).toBe(perTce)
    },
  )

  it('do not give diesel the number of gasoline: 74,100 kg/TJ, and 44/12 of 20.2 tC/TJ, not 3', () => {
    expect(book.get('fuels/co2.diesel').value).toBe('74100')
    const carbon = parseDecimal('20.2').times(44).dividedBy(12).times(1000)
    expect(carbon.toFixed(0)).toBe('74067')
  })

  it('have the three values of a tonne of diesel under their names (3.096, 3.171 and by heating value)', () => {
    const perTonne = (variant: string) =>
      findFactor(book, { kind: 'emission', subject: 'diesel', gas: 'CO2', variant, region: 'CN', at: '2026-05-01' })
        .factor.value
    expect([perTonne('cn-guide'), perTonne('cn-2026')]).toEqual(['3.096', '3.171'])
    const guide = parseDecimal('42.652').times('20.2').times('0.98').times(44).dividedBy(12).dividedBy(1000)
    expect(guide.toFixed(3)).toBe('3.096')
  })

  it.each([
    ['CN', '2021-07-01', '0.5568'],
    ['CN', '2022-07-01', '0.5366'],
    ['CN', '2023-07-01', '0.5306'],
    ['CN-JS', '2023-07-01', '0.5827'],
    ['CN+east', '2022-07-01', '0.5617'],
  ])('electricity of %s on %s is %s kg CO2/kWh, to be verified', (region, at, expected) => {
    const { factor, warnings } = findFactor(book, { ...grid, region, at })
    expect(factor.value).toBe(expected)
    expect(warnings.join()).toContain('to be verified')
    expect(pedigreeOf(factor)).toMatchObject({ verify: expect.stringContaining('second-hand'), boundary: 'direct' })
  })

  it('use the printed 0.1229 kgce/kWh of GB/T 2589, of which the heat of a kWh is 0.12284', () => {
    expect(convert(quantity('1', 'kWh'), 'kgce').amount.toFixed(4)).toBe('0.1228')
    const printed = book.get('coal-equivalent/electricity.calorific')
    // The standard prints 0.1229; the ratio is 0.12284. The printed one is used.
    expect(printed.value).toBe('0.1229')
  })
})

describe('finding a factor', () => {
  it('goes no step that was not allowed', () => {
    expect(() => findFactor(book, { ...grid, region: 'CN-AH', at: '2023-07-01' })).toThrow(/in CN-AH of that day/)
    expect(() => findFactor(book, { ...grid, region: 'XX', at: '2023-07-01', fallback: ['earlier-year'] })).toThrow(
      /a missing factor is never zero/,
    )
  })

  it('tells the chain it went, place before time or time before place', () => {
    const question = {
      ...grid,
      region: 'CN-AH',
      at: '2023-07-01',
      fallback: ['earlier-year', 'grid-region', 'country'],
    } as const
    const byPlace = findFactor(book, question)
    expect(byPlace.factor.id).toBe('grid-cn/CN-AH.2022')
    expect(byPlace.warnings[0]).toContain('stands in for 2023-07-01')
    const byTime = findFactor(book, { ...question, prefer: 'time' })
    expect(byTime.factor.id).toBe('grid-cn/CN+east.2023')
    expect(byTime.chain.map(({ region, outcome }) => `${region} ${outcome}`)).toEqual(['CN-AH none', 'CN+east found'])
    expect(byTime).toMatchObject({ fellBack: true })
  })

  it('knows only what was published by a day', () => {
    const question = { ...grid, region: 'CN', at: '2023-07-01', fallback: ['earlier-year'] } as const
    expect(findFactor(book, { ...question, knownAt: '2025-06-30' }).factor.id).toBe('grid-cn/CN.2022')
    expect(findFactor(book, { ...question, knownAt: '2026-01-01' }).factor.id).toBe('grid-cn/CN.2023')
  })

  it('does not go back further than it may', () => {
    const question = { ...grid, region: 'CN', fallback: ['earlier-year'] } as const
    expect(findFactor(book, { ...question, at: '2026-07-01' }).factor.id).toBe('grid-cn/CN.2023')
    expect(() => findFactor(book, { ...question, at: '2027-07-01' })).toThrow(/carbon.no-factor/)
  })

  it('never chooses between average and fossil-only, or direct and lifecycle, by chance', () => {
    const { variant: _, ...anyVariant } = grid
    expect(() => findFactor(book, { ...anyVariant, region: 'CN', at: '2022-07-01' })).toThrow(/differ by their variant/)
    const { boundary: __, gas: ___, ...anyBoundary } = grid
    expect(() => findFactor(book, { ...anyBoundary, gas: 'CO2e', region: 'CN', at: '2022-07-01' })).toThrow(
      /carbon.no-factor/,
    )
    expect(() => findFactor(book, { ...anyBoundary, region: 'CN', at: '2024-07-01' })).toThrow(/differ by their gas/)
  })
})

describe('a set of factors', () => {
  it.each([
    ['a thousand-fold error', ownSet({}, { value: '412' }), /larger than any of electricity/],
    ['CO2e without a set of GWPs', ownSet({}, { gas: 'CO2e' }), /needs the set of GWPs/],
    ['a number with a comma', ownSet({}, { value: '0,412' }), /value/],
    ['a unit that is none', ownSet({}, { unit: 'kg/furlong' }), /carbon.bad-unit|This is no unit/],
    ['an end before its beginning', ownSet({}, { valid: { from: '2025-01-01', to: '2024-01-01' } }), /ends before/],
    ['a field nobody knows', ownSet({}, { vale: '1' }), /carbon.bad-factor-set/],
    ['a document that is not listed', ownSet({ documents: {} }), /document is not listed/],
    ['an order that names nothing', ownSet({ orders: [{ lower: 'a', upper: 'mix-2025', why: 'x' }] }), /not there/],
    [
      'no boundary',
      ownSet({
        tables: [
          { ...ownSet().tables[0]!, common: { kind: 'emission', subject: 'electricity', gas: 'CO2', unit: 'kg/kWh' } },
        ],
      }),
      /its boundary/,
    ],
  ])('is refused for %s', (_, set, message) => {
    expect(() => readFactorSet(set)).toThrow(message)
  })

  it('is refused where natural gas is above all fossil power (743 and 635 g/kWh, as one table of the field has it)', () => {
    const [table] = ownSet().tables
    const row = (id: string, value: string) => ({
      id,
      value,
      variant: id,
      unit: 'g/kWh',
      valid: { from: '2024-01-01' },
    })
    const set = ownSet({
      tables: [{ ...table!, rows: [row('natural-gas', '743'), row('fossil', '635')] }],
      orders: [{ lower: 'natural-gas', upper: 'fossil', why: 'Gas is the cleanest of fossil fuels' }],
    })
    expect(() => readFactorSet(set)).toThrow(/natural-gas is above fossil/)
  })

  it('is refused where two factors hold at the same time, or take the name of a shipped set', () => {
    const [table] = ownSet().tables
    const twice = { ...table!, rows: [table!.rows[0]!, { ...table!.rows[0]!, id: 'other', value: '0.5' }] }
    expect(() => readFactorSet(ownSet({ tables: [twice] }))).toThrow(/hold at the same time/)
    expect(() => factorBookWith([readFactorSet(ownSet({ id: 'grid-cn' }))])).toThrow(/Two sets/)
  })

  it('adds its factors under its own name', () => {
    const own = factorBookWith([readFactorSet(ownSet())])
    const found = findFactor(own, { ...grid, variant: 'supplier', region: 'CN-JS', at: '2025-07-01' })
    expect(found.factor.id).toBe('our-park/mix-2025')
    expect(found.warnings).toEqual([])
    expect(createFactorBook([]).of('emission', 'electricity')).toEqual([])
  })
})

describe('a signed set', () => {
  const { privateKey } = generateKeyPairSync('ed25519')
  const signed = signFactorSet(ownSet(), 'M. Rivera', privateKey)
  const trusted = new Set([keyFingerprint(signed.publicKey)])

  it('opens for those who trust its key', () => {
    expect(openSignedSet(JSON.parse(JSON.stringify(signed)), trusted).factors[0]?.value).toBe('0.412')
    expect(() => openSignedSet(signed, new Set())).toThrow(/Nobody here trusts the key of M. Rivera/)
  })

  it('law: no other content opens', () => {
    const text = JSON.stringify(signed)
    fc.assert(
      fc.property(fc.nat({ max: text.length - 1 }), fc.integer({ min: 33, max: 126 }), (at, code) => {
        const changed = text.slice(0, at) + String.fromCharCode(code) + text.slice(at + 1)
        let document: unknown
        try {
          document = JSON.parse(changed)
        } catch {
          return
        }
        if (JSON.stringify(document) === text) return
        expect(() => openSignedSet(document, trusted)).toThrow(/carbon\./)
      }),
      { numRuns: 60 },
    )
  })
})
