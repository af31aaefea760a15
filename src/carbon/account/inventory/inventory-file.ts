import Type, { type Static } from 'typebox'
import { closed, day, InstrumentSchema, pick, region, text } from '../activity-schema.ts'
import { GpcSettingsSchema, viewNames } from '../views/schema.ts'
import { approachNames, fallbackNames, gwpSetNames } from './inventory-fields.ts'

/** A file of the year; what its rows are is checked row by row. */
export const InventoryFileSchema = Type.Object(
  {
    organisation: Type.Optional(text('Who answers for the inventory, and for which boundary')),
    period: Type.Union(
      [
        Type.String({ pattern: '^\\d{4}(-\\d{2})?$' }),
        Type.Integer({ minimum: 1990, maximum: 2200 }),
        Type.Object({ from: day('First day'), to: day('First day after') }, closed),
      ],
      { description: 'What rows without a time are of: 2025, 2025-03, or { from, to }' },
    ),
    approach: Type.Optional(pick(approachNames, { description: 'How the boundary was drawn' })),
    region: Type.Optional(region),
    gwpSet: Type.Optional(pick(gwpSetNames, { description: 'Pinned for the whole inventory' })),
    fallback: Type.Optional(Type.Array(pick(fallbackNames, {}))),
    activities: Type.Array(Type.Record(Type.String(), Type.Unknown()), { minItems: 1 }),
    instruments: Type.Optional(Type.Array(InstrumentSchema)),
    factorFiles: Type.Optional(Type.Array(text('Own set of factors, JSON or YAML, beside the site'))),
    views: Type.Optional(Type.Array(pick(viewNames, {}))),
    gpc: Type.Optional(GpcSettingsSchema),
  },
  closed,
)
export type InventoryFile = Static<typeof InventoryFileSchema>
