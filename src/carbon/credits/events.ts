import Type, { type Static } from 'typebox'

const closed = { additionalProperties: false } as const
const name = (description: string) =>
  Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._-]*$', maxLength: 80, description })
const text = (description: string) => Type.String({ minLength: 1, maxLength: 500, pattern: '\\S', description })
/** A whole number above 0 as text: it may be beyond what a JSON number holds. */
const count = (description: string) => Type.String({ pattern: '^[1-9]\\d{0,30}$', description })
const sha256 = (description: string) => Type.String({ pattern: '^[0-9a-f]{64}$', description })
const country = (description: string) => Type.String({ pattern: '^[A-Z]{2}$', description })
const currency = Type.String({ pattern: '^[A-Z]{3}$', description: 'ISO 4217' })
const vintage = Type.Integer({ minimum: 1990, maximum: 2200, description: 'Year in which the reduction happened' })

/** Serial numbers of one project and vintage, both ends within. A credit is one tonne of CO2e. */
export const BlockSchema = Type.Object(
  { project: name('Id of the project'), vintage, start: count('First serial'), end: count('Last serial') },
  closed,
)
export type Block = Static<typeof BlockSchema>

/** What retired credits are used for; the first three count towards a target of a party or an airline and need an adjustment. */
export const retirementUses = ['ndc', 'international-mitigation', 'corsia', 'voluntary', 'compliance'] as const

const event = <const Name extends string, Fields extends Record<string, Type.TSchema>>(type: Name, fields: Fields) =>
  Type.Object({ type: Type.Literal(type), ...fields }, closed)

/** Everything that can happen to credits. What they are at any time is a fold of these, in the order of the ledger. */
export const CreditEventSchema = Type.Union([
  event('project', {
    ...{ project: name('Its id'), title: text('Its name'), country: country('Host party, ISO 3166-1') },
    ...{ programme: text('Under whose rules'), methodology: text('By which method') },
  }),
  event('validate', { project: name('Its id'), report: sha256('Of the report of validation') }),
  event('verify', {
    ...{ project: name('Its id'), vintage, quantity: count('Tonnes that the report confirms') },
    report: sha256('Of the report of verification'),
  }),
  event('issue', { block: BlockSchema, to: name('Account') }),
  event('transfer', { block: BlockSchema, from: name('Account'), to: name('Account') }),
  event('authorise', {
    ...{ project: name('Its id'), use: Type.Enum([...retirementUses] as (typeof retirementUses)[number][]) },
    letter: sha256('Of the letter of authorisation'),
    ndc: Type.Object(
      { document: sha256('Of the NDC'), metric: text('What it counts'), target: text('What it aims at') },
      closed,
    ),
  }),
  event('transfer-abroad', {
    ...{ block: BlockSchema, from: name('Account'), to: name('Account'), party: country('Acquiring party') },
  }),
  event('adjust', { block: BlockSchema, year: vintage, report: sha256('Of the report that states the adjustment') }),
  event('retire', {
    ...{ block: BlockSchema, from: name('Account'), beneficiary: text('For whom') },
    use: Type.Enum([...retirementUses] as (typeof retirementUses)[number][]),
  }),
  event('cancel', { block: BlockSchema, from: name('Account'), reason: text('Why') }),
  event('deposit', { account: name('Account'), currency, amountMinor: count('In the smallest coin') }),
  event('withdraw', { account: name('Account'), currency, amountMinor: count('In the smallest coin') }),
  event('offer', {
    ...{
      block: BlockSchema,
      account: name('Account'),
      currency,
      priceMinor: count('Of a credit, in the smallest coin'),
    },
  }),
  event('bid', {
    ...{ project: name('Id of the project'), vintage, quantity: count('Credits'), account: name('Account'), currency },
    priceMinor: count('Of a credit at most, in the smallest coin'),
  }),
  event('withdraw-order', { order: text('Id of the entry that placed it'), account: name('Account') }),
])
export type CreditEvent = Static<typeof CreditEventSchema>
export type EventOf<Type extends CreditEvent['type']> = Extract<CreditEvent, { type: Type }>

export const quantityOf = ({ start, end }: Pick<Block, 'start' | 'end'>): bigint => BigInt(end) - BigInt(start) + 1n
