import Type, { type Static } from 'typebox'
import { closed, gpcCode, pick, text } from '../activity-schema.ts'

export const viewNames = ['ghg-protocol', 'iso-14064-1', 'gpc'] as const
export type ViewName = (typeof viewNames)[number]

export const notationKeys = ['NO', 'NE', 'IE', 'C'] as const

/** What a city inventory says beside its rows. */
export const GpcSettingsSchema = Type.Object(
  {
    stationary: Type.Optional(
      Type.String({
        pattern: '^I\\.[1-6]$',
        description: 'Sub-sector of rows of stationary energy that say no code: I.3 of a factory',
      }),
    ),
    notation: Type.Optional(
      Type.Record(
        gpcCode,
        Type.Object(
          { key: pick(notationKeys, { description: 'NO, NE, IE or C' }), why: text('Why, or where it is included') },
          closed,
        ),
        { description: 'Notation keys by code; NE where nothing is said' },
      ),
    ),
  },
  closed,
)
export type GpcSettings = Static<typeof GpcSettingsSchema>

const decimal = Type.String({ description: 'kg CO2e, exact decimal text' })

/** Rows of one kind in one place of an inventory. */
export const LineSchema = Type.Object({
  id: Type.String({ description: 'Of the first row' }),
  rows: Type.Integer(),
  activity: Type.String(),
  subject: Type.Optional(Type.String()),
  scope: Type.Integer(),
  category: Type.Optional(Type.String()),
  method: Type.Optional(Type.String()),
  amount: Type.Optional(Type.String({ description: 'Of all its rows, in `unit`; exact decimal text' })),
  unit: Type.Optional(Type.String()),
  from: Type.Optional(Type.String({ description: 'First day of the first row' })),
  to: Type.Optional(Type.String({ description: 'First day after it' })),
  meter: Type.Optional(Type.String({ description: 'Point that the amount was read from' })),
  file: Type.Optional(Type.String({ description: 'File in which the first row stands' })),
  line: Type.Optional(Type.Integer({ description: 'Line of that file' })),
  relative: Type.Optional(Type.Number({ description: 'Half of the 95 % interval over the amount, of the first row' })),
  score: Type.Optional(Type.Number({ description: 'Data quality of the first row, 1 is best' })),
  massKgCo2e: decimal,
  biogenicKgCo2: Type.Optional(Type.String()),
  factors: Type.Array(Type.String()),
})
export type PublishedLine = Static<typeof LineSchema>

/** A place of a standard, with what the inventory has for it. */
export const ViewEntrySchema = Type.Object({
  code: Type.String(),
  title: Type.String(),
  scope: Type.Optional(Type.Integer()),
  massKgCo2e: Type.Union([decimal, Type.Null()], { description: 'null: not told, and then `notation` says why' }),
  biogenicKgCo2: Type.Optional(Type.String({ description: 'Memo item' })),
  rows: Type.Integer(),
  lines: Type.Array(Type.String(), { description: 'Ids of the lines in it' }),
  notation: Type.Optional(pick(notationKeys, { description: 'Of a city inventory' })),
  why: Type.Optional(Type.String()),
  totals: Type.Array(Type.String(), { description: 'Totals that it is part of' }),
})
export type ViewEntry = Static<typeof ViewEntrySchema>

export const ViewSchema = Type.Object({
  view: pick(viewNames, { description: 'Which standard' }),
  source: Type.String({ description: 'Document that the order comes from' }),
  entries: Type.Array(ViewEntrySchema),
  totals: Type.Array(Type.Object({ code: Type.String(), title: Type.String(), massKgCo2e: decimal })),
  unplaced: Type.Array(
    Type.Object({
      id: Type.String(),
      rows: Type.Integer(),
      scope: Type.Integer(),
      massKgCo2e: decimal,
      why: Type.String(),
    }),
    { description: 'Lines that have no place in it, and why' },
  ),
  notes: Type.Array(Type.String()),
})
export type View = Static<typeof ViewSchema>
