import Type, { type Static, type TSchema } from 'typebox'
import { checkValue, MangroveError, validatorOf } from '../../kernel/index.ts'
import { CreditEventSchema } from '../credits/index.ts'
import { carbonErrors } from '../errors.ts'
import { entryJson } from './entry-json.ts'

const closed = { additionalProperties: false } as const
const text = (description: string, maxLength = 300) => Type.String({ minLength: 1, maxLength, description })
const ms = (description: string) => Type.Integer({ minimum: -8.64e15, maximum: 8.64e15, description })
const decimal = (description: string) =>
  Type.String({ pattern: '^-?\\d{1,32}(\\.\\d{1,30})?$', description: `${description}; decimal text` })
const sha256 = Type.String({ pattern: '^[0-9a-f]{64}$' })

const ClaimSchema = Type.Object(
  {
    key: text('The physical quantity, not who claims it: energy/<site>/<meter>, certificate/<registry>/<serial>'),
    fromMs: ms('Beginning'),
    toMs: ms('End, exclusive'),
    share: Type.String({ pattern: '^(0\\.\\d{1,12}|1)$', description: 'Above 0, at most 1' }),
  },
  closed,
)

const PedigreeSchema = Type.Object(
  {
    factor: text('<set>/<id>'),
    subject: text('What it is a factor of; of a GWP: the gas'),
    setSha256: sha256,
    value: decimal('As printed'),
    unit: text('Of the value'),
    gas: Type.Optional(text('Of an emission factor')),
    gwpSet: Type.Optional(text('Of CO2e or of a GWP')),
    boundary: Type.Optional(text('direct, lifecycle, WTT, TTW, WTW')),
    heatingValue: Type.Optional(text('LHV or HHV')),
    document: text('Where the value stands', 600),
    table: text('Table of the document'),
    documentSha256: Type.Optional(sha256),
    validFrom: text('First day'),
    validTo: Type.Optional(text('First day no longer')),
    licence: text('Of the document'),
    attribution: Type.Optional(text('As the licence asks')),
    verify: Type.Optional(text('Second-hand: why')),
  },
  closed,
)

/** Why an entry is taken back, or a closed period changed. */
export const correctionReasons = [
  ...(['wrong-amount', 'wrong-unit', 'wrong-factor', 'wrong-period', 'wrong-boundary'] as const),
  ...(['duplicate', 'late-data', 'new-method', 'structural-change', 'audit-finding'] as const),
] as const
export type CorrectionReason = (typeof correctionReasons)[number]
const reason = Type.Enum([...correctionReasons] as CorrectionReason[])
const RestatesSchema = Type.Object({ reason, note: text('For whoever reads the log', 1000) }, closed)

/** Books that are never netted against each other. */
export const books = ['inventory', 'avoided', 'removals'] as const

const bodies = {
  emission: Type.Object(
    {
      book: Type.Enum([...books] as (typeof books)[number][]),
      scope: Type.Optional(Type.Integer({ minimum: 1, maximum: 3 })),
      category: Type.Optional(text('Of scope 3: 1 to 15; of scope 1: combustion, process, fugitive')),
      method: Type.Optional(Type.Enum(['location', 'market'] as ('location' | 'market')[])),
      asset: Type.Optional(text('What emitted')),
      fromMs: ms('Beginning of the activity'),
      toMs: ms('End, exclusive'),
      activity: Type.Object(
        { amount: decimal('What was used or moved'), unit: text('Of the amount'), subject: text('Of what') },
        closed,
      ),
      factors: Type.Array(PedigreeSchema, {
        minItems: 1,
        maxItems: 8,
        description: 'Whose product with the activity is the amount',
      }),
      amountKg: decimal('Mass, as the product rounds to its digits'),
      gas: text('CO2, CO2e …', 20),
      gwpSet: Type.Optional(text('Of CO2e', 20)),
      boundary: text('direct, lifecycle …', 20),
      relative: Type.Optional(Type.Number({ minimum: 0, description: 'Half of the 95 % interval over the amount' })),
      score: Type.Optional(Type.Number({ minimum: 1, maximum: 5, description: 'Data quality' })),
      evidence: Type.Optional(text('Run or document it came from')),
      claims: Type.Optional(Type.Array(ClaimSchema, { maxItems: 100 })),
      restates: Type.Optional(RestatesSchema),
      note: Type.Optional(text('For readers', 1000)),
    },
    closed,
  ),
  claim: Type.Object(
    {
      holder: text('Who claims'),
      instrument: text('GEC, I-REC, PPA, CCER, self-use'),
      claims: Type.Array(ClaimSchema, { minItems: 1, maxItems: 100 }),
      evidence: Type.Optional(text('Certificate or contract')),
    },
    closed,
  ),
  reversal: Type.Object(
    {
      reverses: text('Id of the entry that is taken back'),
      reason,
      note: text('For whoever reads the log', 1000),
      restates: Type.Optional(RestatesSchema),
    },
    closed,
  ),
  close: Type.Object(
    { fromMs: ms('Beginning'), toMs: ms('End, exclusive'), note: text('What was reported', 1000) },
    closed,
  ),
  credit: Type.Object(
    {
      event: CreditEventSchema,
      claims: Type.Optional(
        Type.Array(ClaimSchema, { maxItems: 100, description: 'Of a verification: what was monitored' }),
      ),
    },
    closed,
  ),
} satisfies Readonly<Record<string, TSchema>>

export type EntryKind = keyof typeof bodies
export type EntryBody<Kind extends EntryKind = EntryKind> = {
  readonly [K in EntryKind]: Static<(typeof bodies)[K]>
}[Kind]

/** What somebody wants to have written. */
export type EntryDraft = {
  readonly [Kind in EntryKind]: {
    /** Id of the operation: sent again, with the same content, it is written once. */
    readonly id: string
    readonly by: string
    readonly kind: Kind
    readonly body: EntryBody<Kind>
  }
}[EntryKind]

/** A line of the ledger: what was wanted, and when it was written. */
export type Entry = EntryDraft & { readonly atMs: number }

const DraftSchema = Type.Object(
  {
    id: Type.String({ pattern: '^[\\x21-\\x7e]{1,120}$', description: 'Id of the operation' }),
    by: text('Who writes it'),
    kind: Type.Enum(Object.keys(bodies) as EntryKind[]),
    body: Type.Unknown(),
  },
  closed,
)

/** @throws `carbon.bad-entry` with every problem found */
export function checkDraft(draft: EntryDraft): void {
  if (validatorOf(DraftSchema).Check(draft) && validatorOf(bodies[draft.kind]).Check(draft.body)) return
  const problems = checkValue(DraftSchema, draft).problems
  const more = problems.length > 0 ? [] : checkValue(bodies[draft.kind], draft.body, { root: 'body' }).problems
  throw new MangroveError([...problems, ...more].map((one) => carbonErrors.badEntry.problem(one)))
}

/** The bytes that are hashed, kept and exported: canonical JSON (RFC 8785). */
export const entryText = ({ atMs, by, id, kind, body }: Entry): string => entryJson({ atMs, by, id, kind, body })

/** @throws `carbon.bad-entry` for what is no canonical line */
export function readEntry(line: string, number: number): Entry {
  try {
    const entry = JSON.parse(line) as Entry
    if (entryText(entry) === line) return entry
  } catch {
    // Told below.
  }
  throw carbonErrors.badEntry({ detail: `Entry ${number} is no line of a ledger`, found: line.slice(0, 80) })
}
