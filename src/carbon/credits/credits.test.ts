import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MangroveError } from '../../kernel/index.ts'
import { type Block, type CreditBook, type CreditEvent, cadTrustExport, createCreditBook } from './index.ts'

const sha = 'a'.repeat(64)
const project: CreditEvent = {
  ...{ type: 'project', project: 'MGR-1', title: 'Mangrove of the bay', country: 'CN' },
  ...{ programme: 'CCER', methodology: 'CCER-14-002-V01' },
}
const block = (start: number | bigint, end: number | bigint): Block => ({
  ...{ project: 'MGR-1', vintage: 2025, start: String(start), end: String(end) },
})
const verify = (quantity: number): CreditEvent => ({
  ...{ type: 'verify', project: 'MGR-1', vintage: 2025, quantity: String(quantity), report: sha },
})
const authorise: CreditEvent = {
  ...{ type: 'authorise', project: 'MGR-1', use: 'international-mitigation', letter: sha },
  ndc: { document: sha, metric: 't CO2e', target: 'peak before 2030' },
}

/** A book with events in it. */
function bookOf(...events: readonly CreditEvent[]): CreditBook {
  const book = createCreditBook()
  const first: CreditEvent[] = [project, { type: 'validate', project: 'MGR-1', report: sha }, verify(1000)]
  ;[...first, ...events].forEach((event, index) => {
    book.take(event, `e${index}`)
  })
  return book
}
const issue = (start: number, end: number, to = 'owner'): CreditEvent => ({
  type: 'issue',
  block: block(start, end),
  to,
})
const tally = ({ start, end, holder, status }: { start: bigint; end: bigint; holder: string; status: string }) =>
  `${start}-${end} ${holder} ${status}`

describe('credits', () => {
  it('are issued, split, transferred, retired and cancelled by their serials', () => {
    const book = bookOf(
      issue(1, 600),
      issue(601, 1000),
      { type: 'transfer', block: block(101, 200), from: 'owner', to: 'buyer' },
      { type: 'retire', block: block(151, 200), from: 'buyer', beneficiary: 'A plant', use: 'voluntary' },
      { type: 'cancel', block: block(1, 1), from: 'owner', reason: 'Buffer' },
      { type: 'transfer', block: block(101, 150), from: 'buyer', to: 'owner' },
    )
    expect(book.runs('MGR-1', 2025).map(tally)).toEqual([
      '1-1 owner cancelled',
      '2-150 owner active',
      '151-200 buyer retired',
      '201-1000 owner active',
    ])
    expect(book.totals('MGR-1', 2025)).toEqual({
      ...{ verified: 1000n, issued: 1000n, active: 949n, offered: 0n, retired: 50n, cancelled: 1n },
    })
    expect(book.pick('owner', 'MGR-1', 2025, 200n)).toEqual([block(2, 150), block(201, 251)])
  })

  it('have serials beyond what a JavaScript number holds', () => {
    const book = createCreditBook()
    const many = '9007199254740993'
    const events: CreditEvent[] = [project, { type: 'validate', project: 'MGR-1', report: sha }]
    events.push({ type: 'verify', project: 'MGR-1', vintage: 2025, quantity: many, report: sha })
    events.push({ type: 'issue', block: { ...block(1, 1), end: many }, to: 'owner' })
    events.push({ type: 'transfer', block: { ...block(1, 1), start: many, end: many }, from: 'owner', to: 'buyer' })
    events.forEach((event, k) => {
      book.take(event, `e${k}`)
    })
    expect(book.runs('MGR-1', 2025).map(tally)).toEqual([
      '1-9007199254740992 owner active',
      `${many}-${many} buyer active`,
    ])
  })

  it.each<[string, CreditEvent, string]>([
    ['serials that were issued', issue(1, 10), 'serials-taken'],
    ['serials with a hole before them', issue(700, 710), 'serials-taken'],
    ['more than was verified', issue(601, 1001), 'not-authorised'],
    ['credits of another', { type: 'transfer', block: block(1, 10), from: 'buyer', to: 'owner' }, 'not-held'],
    [
      'credits that are not there',
      { type: 'retire', block: block(590, 601), from: 'owner', beneficiary: 'x', use: 'voluntary' },
      'not-held',
    ],
    ['a project twice', project, 'bad-event'],
    ['an unknown project', { type: 'validate', project: 'X', report: sha }, 'unknown-project'],
    ['money that is not there', { type: 'withdraw', account: 'owner', currency: 'CNY', amountMinor: '1' }, 'no-funds'],
    ['an order of another', { type: 'withdraw-order', order: 'e9', account: 'owner' }, 'unknown-order'],
    ['an adjustment that is not due', { type: 'adjust', block: block(1, 10), year: 2026, report: sha }, 'bad-event'],
  ])('refuse %s', (_, event, code) => {
    expect(() => bookOf(issue(1, 600)).take(event, 'late')).toThrow(`carbon.${code}`)
  })

  it('skip no approval: a project that was not validated is not verified', () => {
    const book = createCreditBook()
    book.take(project, 'e0')
    expect(() => book.take(verify(10), 'e1')).toThrow(/validated before/)
  })

  it('leave the country only with a letter and an NDC, and count nowhere before the adjustment', () => {
    const abroad: CreditEvent = {
      type: 'transfer-abroad',
      block: block(1, 100),
      from: 'owner',
      to: 'airline',
      party: 'SG',
    }
    const retire: CreditEvent = {
      ...{ type: 'retire', block: block(1, 100), from: 'airline', beneficiary: 'SG', use: 'international-mitigation' },
    }
    expect(() => bookOf(issue(1, 600), abroad)).toThrow(/has authorised no use of MGR-1 abroad, and no NDC is known/)
    expect(() => bookOf(issue(1, 600), authorise, { ...abroad, party: 'CN' })).toThrow(/carbon.not-authorised/)
    expect(() => bookOf(issue(1, 600), authorise, abroad, retire)).toThrow(/adjustment due/)
    expect(() => bookOf(issue(1, 600), authorise, abroad, { ...retire, use: 'voluntary' } as CreditEvent)).toThrow(
      /adjustment due/,
    )
    const adjust: CreditEvent = { type: 'adjust', block: block(1, 100), year: 2026, report: sha }
    expect(() => bookOf(issue(1, 600), authorise, abroad, adjust, { ...retire, use: 'corsia' } as CreditEvent)).toThrow(
      /no authorisation/,
    )
    const done = bookOf(issue(1, 600), authorise, abroad, adjust, retire)
    expect(done.totals('MGR-1', 2025).retired).toBe(100n)
    // At home credits count towards the own target without any of this.
    bookOf(issue(1, 600), { type: 'retire', block: block(1, 9), from: 'owner', beneficiary: 'CN', use: 'ndc' })
  })

  it('are exported in the shape of CAD Trust', () => {
    const [exported] = cadTrustExport(
      bookOf(issue(1, 600), { type: 'cancel', block: block(1, 10), from: 'owner', reason: 'x' }),
    )
    expect(exported).toMatchObject({ projectId: 'MGR-1', program: 'CCER', projectStatus: 'Validated' })
    expect(
      exported?.units.map(({ unitBlockStart, unitBlockEnd, unitCount, unitStatus }) => [
        unitBlockStart,
        unitBlockEnd,
        unitCount,
        unitStatus,
      ]),
    ).toEqual([
      ['1', '10', '10', 'Cancelled'],
      ['11', '600', '590', 'Held'],
    ])
  })
})

describe('the order book', () => {
  const fund = (account: string, amountMinor: string): CreditEvent => ({
    type: 'deposit',
    account,
    currency: 'CNY',
    amountMinor,
  })
  const offer = (from: number, to: number, priceMinor: string): CreditEvent => ({
    ...{ type: 'offer', block: block(from, to), account: 'owner', currency: 'CNY', priceMinor },
  })
  const bid = (account: string, quantity: string, priceMinor: string): CreditEvent => ({
    ...{ type: 'bid', project: 'MGR-1', vintage: 2025, quantity, account, currency: 'CNY', priceMinor },
  })

  it('matches the better price first, then the one that came first, at the price that was there', () => {
    const book = bookOf(
      ...[issue(1, 600), fund('buyer', '100000')],
      ...[offer(1, 10, '8000'), offer(11, 20, '7500'), offer(21, 30, '7500')],
      bid('buyer', '12', '7900'),
    )
    const trades = book.market.trades().map(({ offer: id, quantity, priceMinor }) => [id, quantity, priceMinor])
    // Events e0 to e2 stand before; the offers are e5 to e7.
    expect(trades).toEqual([
      ['e6', 10n, 7500n],
      ['e7', 2n, 7500n],
    ])
    expect(book.purses.balance('buyer', 'CNY')).toBe(100000n - 12n * 7500n)
    expect(book.purses.balance('owner', 'CNY')).toBe(12n * 7500n)
    expect(book.runs('MGR-1', 2025).map(tally)).toEqual([
      ...['1-10 owner offered', '11-22 buyer active', '23-30 owner offered', '31-600 owner active'],
    ])
    expect(book.market.orders('MGR-1', 2025, 'CNY', 'offer').map(({ quantity }) => quantity)).toEqual([8n, 10n])
  })

  it('sets money aside for a bid, gives it back, and sells nobody his own', () => {
    const book = bookOf(issue(1, 600), fund('buyer', '1000'), bid('buyer', '10', '100'))
    expect(book.purses.balance('buyer', 'CNY')).toBe(0n)
    expect(() => book.take(bid('buyer', '1', '1'), 'more')).toThrow(/carbon.no-funds/)
    book.take({ type: 'withdraw-order', order: 'e5', account: 'buyer' }, 'back')
    expect(book.purses.balance('buyer', 'CNY')).toBe(1000n)
    book.take(fund('owner', '1000'), 'f')
    book.take(offer(1, 5, '10'), 'o')
    book.take(bid('owner', '5', '20'), 'b')
    expect(book.market.trades()).toEqual([])
    book.take({ type: 'withdraw-order', order: 'o', account: 'owner' }, 'w')
    expect(book.totals('MGR-1', 2025)).toMatchObject({ active: 600n, offered: 0n })
  })
})

describe('the law of conservation', () => {
  const account = fc.constantFrom('a', 'b', 'c')
  const serial = fc.integer({ min: 1, max: 60 })
  const length = fc.integer({ min: 0, max: 20 })
  const cut = fc.tuple(serial, length).map(([start, more]) => block(start, start + more))
  const price = fc.integer({ min: 1, max: 9 }).map(String)
  const event: fc.Arbitrary<CreditEvent | 'issue'> = fc.oneof(
    fc.constant('issue' as const),
    fc.record({ type: fc.constant('transfer' as const), block: cut, from: account, to: account }),
    fc.record({
      type: fc.constant('retire' as const),
      block: cut,
      from: account,
      beneficiary: fc.constant('x'),
      use: fc.constantFrom('voluntary' as const, 'ndc' as const, 'corsia' as const),
    }),
    fc.record({ type: fc.constant('cancel' as const), block: cut, from: account, reason: fc.constant('x') }),
    fc.record({
      type: fc.constant('transfer-abroad' as const),
      block: cut,
      from: account,
      to: account,
      party: fc.constantFrom('SG', 'CN'),
    }),
    fc.constant(authorise),
    fc.record({ type: fc.constant('adjust' as const), block: cut, year: fc.constant(2026), report: fc.constant(sha) }),
    fc.record({
      type: fc.constant('offer' as const),
      block: cut,
      account,
      currency: fc.constant('CNY'),
      priceMinor: price,
    }),
    fc.record({
      ...{ type: fc.constant('bid' as const), project: fc.constant('MGR-1'), vintage: fc.constant(2025) },
      ...{ quantity: serial.map(String), account, currency: fc.constant('CNY'), priceMinor: price },
    }),
    fc.record({
      type: fc.constant('withdraw-order' as const),
      order: fc.nat({ max: 40 }).map((k) => `n${k}`),
      account,
    }),
    fc.record({ type: fc.constant('withdraw' as const), account, currency: fc.constant('CNY'), amountMinor: price }),
  )
  const stateOf = (book: CreditBook) => [
    [...book.runs('MGR-1', 2025)],
    ['a', 'b', 'c'].map((one) => book.purses.balance(one, 'CNY')),
    (['offer', 'bid'] as const).map((side) => [...book.market.orders('MGR-1', 2025, 'CNY', side)]),
  ]

  it('holds after every event, and what is refused changes nothing', () => {
    fc.assert(
      fc.property(
        fc.array(event, { minLength: 10, maxLength: 40 }),
        fc.array(account, { minLength: 6, maxLength: 6 }),
        (events, holders) => {
          const fund = ['a', 'b', 'c'].map(
            (one): CreditEvent => ({ type: 'deposit', account: one, currency: 'CNY', amountMinor: '300' }),
          )
          const book = bookOf(...fund)
          let [issued, paidOut] = [0n, 0n]
          const next = [...holders]
          events.forEach((drawn, step) => {
            const taken: CreditEvent =
              drawn === 'issue'
                ? { type: 'issue', block: block(issued + 1n, issued + 10n), to: next.pop() ?? 'a' }
                : drawn
            const before = stateOf(book)
            try {
              book.take(taken, `n${step}`)
              if (taken.type === 'issue') issued += 10n
              if (taken.type === 'withdraw') paidOut += BigInt(taken.amountMinor)
            } catch (error) {
              if (!(error instanceof MangroveError)) throw error
              expect(stateOf(book)).toEqual(before)
            }
            // Every serial is in one run, and in one only.
            let last = 0n
            for (const { start, end } of book.runs('MGR-1', 2025)) {
              expect(start).toBe(last + 1n)
              last = end
            }
            expect(last).toBe(issued)
            const { active, offered, retired, cancelled } = book.totals('MGR-1', 2025)
            expect(active + offered + retired + cancelled).toBe(issued)
            const orders = (side: 'offer' | 'bid') => book.market.orders('MGR-1', 2025, 'CNY', side)
            expect(orders('offer').reduce((sum, { quantity }) => sum + quantity, 0n)).toBe(offered)
            const aside = orders('bid').reduce((sum, { quantity, priceMinor }) => sum + quantity * priceMinor, 0n)
            expect(book.purses.total('CNY') + aside + paidOut).toBe(900n)
          })
        },
      ),
      { numRuns: 60 },
    )
  })
})
