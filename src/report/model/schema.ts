import Type, { type Static } from 'typebox'

/** Name of the form, and its version: a change that a reader would notice is a new one. */
export const formName = 'mangrove.report'
export const formVersion = 1

export const languages = ['en', 'zh', 'es'] as const
export type Language = (typeof languages)[number]

const closed = { additionalProperties: false } as const
const pick = <const Names extends readonly string[]>(names: Names, description: string) =>
  Type.Enum([...names] as Names[number][], { description })
const list = <T extends Type.TSchema>(item: T, description?: string) =>
  Type.Array(item, description === undefined ? {} : { description })

const AnchorSchema = Type.String({
  pattern: '^[a-z][a-z0-9-]{0,79}$',
  description: 'Name of a place of this document',
})

/** A piece of a sentence. */
const SpanSchema = Type.Object(
  {
    text: Type.String(),
    lang: Type.Optional(
      Type.String({
        pattern: '^[A-Za-z]{2,3}(-[A-Za-z0-9]+)*$',
        description: 'BCP 47, where it is not that of the document',
      }),
    ),
    to: Type.Optional(AnchorSchema),
  },
  closed,
)
export type Span = Static<typeof SpanSchema>

export const TextSchema = Type.Union([Type.String(), list(SpanSchema)], { description: 'A sentence, or its pieces' })
export type Text = Static<typeof TextSchema>

const DecimalText = Type.String({ pattern: '^-?\\d+(\\.\\d+)?(e[+-]?\\d+)?$', description: 'Exact decimal number' })

/** A number with the way to where it comes from. */
export const AmountSchema = Type.Object(
  {
    value: DecimalText,
    decimals: Type.Integer({ minimum: 0, maximum: 12, description: 'Shown to readers; the value itself is exact' }),
    unit: Type.Optional(Type.String({ description: 'Absent in a table: that of the column' })),
    from: list(
      Type.Object(
        {
          pointer: Type.String({ description: 'JSON Pointer (RFC 6901) into the output of the run' }),
          times: Type.Optional(DecimalText),
        },
        closed,
      ),
      'The value is the sum of these, each times its number: exactly',
    ),
    factors: Type.Optional(list(AnchorSchema, 'Rows of factors that it rests on')),
  },
  closed,
)
export type Amount = Static<typeof AmountSchema>

export const CellSchema = Type.Union([TextSchema, AmountSchema, Type.Null()], { description: 'Null: not known' })
export type Cell = Static<typeof CellSchema>

const tones = ['good', 'bad', 'open'] as const
export type Tone = (typeof tones)[number]

const ColumnSchema = Type.Object(
  {
    title: Type.String(),
    unit: Type.Optional(Type.String()),
    align: pick(['start', 'end'], 'Numbers end where their digits line up'),
  },
  closed,
)
export type Column = Static<typeof ColumnSchema>

const RowSchema = Type.Object(
  {
    id: Type.Optional(AnchorSchema),
    role: Type.Optional(pick(['total'], 'A sum of the rows above')),
    tone: Type.Optional(pick(tones, 'Told by a mark and words too, never by colour alone')),
    cells: list(CellSchema),
  },
  closed,
)
export type Row = Static<typeof RowSchema>

const TableSchema = Type.Object(
  {
    kind: Type.Literal('table'),
    id: AnchorSchema,
    title: Type.String(),
    columns: Type.Array(ColumnSchema, { minItems: 1, maxItems: 12 }),
    rows: list(RowSchema),
    note: Type.Optional(TextSchema),
  },
  closed,
)
export type Table = Static<typeof TableSchema>

const Drawn = Type.Union([AmountSchema, Type.Null()])
const BarsSchema = Type.Object(
  {
    kind: Type.Literal('bars'),
    unit: Type.String(),
    bars: list(
      Type.Object({ label: Type.String(), amount: AmountSchema, colour: Type.Optional(Type.Integer()) }, closed),
    ),
  },
  closed,
)
const StackedSchema = Type.Object(
  {
    kind: Type.Literal('stacked'),
    unit: Type.String(),
    series: list(Type.String(), 'Names, in the order of the parts'),
    bars: list(Type.Object({ label: Type.String(), total: AmountSchema, parts: list(Drawn) }, closed)),
  },
  closed,
)
const LineSchema = Type.Object(
  {
    kind: Type.Literal('line'),
    unit: Type.String(),
    places: list(Type.String(), 'Along the axis'),
    series: list(Type.Object({ label: Type.String(), amounts: list(Drawn) }, closed)),
  },
  closed,
)
const DialSchema = Type.Object(
  {
    kind: Type.Literal('dial'),
    unit: Type.String(),
    amount: AmountSchema,
    limit: AmountSchema,
    limitLabel: Type.String(),
    passes: pick(['below', 'above'], 'Side of the limit that meets it'),
    interval: Type.Optional(Type.Object({ low: AmountSchema, high: AmountSchema, label: Type.String() }, closed)),
    tone: pick(tones, 'What it says'),
    caption: Type.String(),
  },
  closed,
)
export const ChartSchema = Type.Union([BarsSchema, StackedSchema, LineSchema, DialSchema])
export type Chart = Static<typeof ChartSchema>
export type Bars = Static<typeof BarsSchema>
export type Stacked = Static<typeof StackedSchema>
export type Line = Static<typeof LineSchema>
export type Dial = Static<typeof DialSchema>

const FigureSchema = Type.Object(
  {
    kind: Type.Literal('figure'),
    id: AnchorSchema,
    title: Type.String(),
    description: Type.String({ minLength: 1, description: 'What it shows, for who does not see it' }),
    chart: ChartSchema,
  },
  closed,
)
export type Figure = Static<typeof FigureSchema>

const BlockSchema = Type.Union([
  Type.Object({ kind: Type.Literal('paragraph'), text: TextSchema }, closed),
  Type.Object({ kind: Type.Literal('list'), items: list(TextSchema) }, closed),
  Type.Object(
    { kind: Type.Literal('note'), tone: pick(tones, 'What it says'), title: Type.String(), text: TextSchema },
    closed,
  ),
  TableSchema,
  FigureSchema,
])
export type Block = Static<typeof BlockSchema>

const SectionSchema = Type.Object({ id: AnchorSchema, title: Type.String(), blocks: list(BlockSchema) }, closed)
export type Section = Static<typeof SectionSchema>

/** A report before it is drawn: what every rendering has in common, and the machine form itself. */
export const DocumentSchema = Type.Object(
  {
    schema: Type.Literal(formName),
    version: Type.Literal(formVersion),
    language: pick(languages, 'Of all text that does not say another'),
    overline: Type.String({ description: 'What it is: Greenhouse gas inventory' }),
    title: Type.String({ minLength: 1, description: 'Of whom' }),
    subtitle: Type.String({ description: 'Of when' }),
    badge: Type.Optional(Type.Object({ tone: pick(tones, 'What it says'), text: Type.String() }, closed)),
    run: Type.Object(
      {
        id: Type.String({ pattern: '^[0-9a-f]{64}$', description: 'Evidence' }),
        engine: Type.String(),
        engineVersion: Type.String(),
        clockMs: Type.Number({ description: 'The moment that the run took for now' }),
        outputSha256: Type.String({ pattern: '^[0-9a-f]{64}$' }),
      },
      closed,
    ),
    highlights: list(Type.Object({ label: Type.String(), amount: Drawn, note: Type.Optional(Type.String()) }, closed)),
    facts: list(Type.Object({ label: Type.String(), text: TextSchema }, closed)),
    sections: list(SectionSchema),
  },
  {
    ...closed,
    $id: `${formName}.v${formVersion}`,
    title: 'Report',
    description: 'A report of a run, each number with its way back',
  },
)
export type ReportDocument = Static<typeof DocumentSchema>
