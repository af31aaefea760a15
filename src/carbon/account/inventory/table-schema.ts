import Type, { type Static } from 'typebox'
import { activityFields, closed, fromField, text, toField, unitField } from '../activity-schema.ts'

const column = (description: string) => Type.Optional(text(description))

/** Rows in a CSV file: what all have in common, and the columns in which they differ. */
export const TableRowSchema = Type.Object(
  {
    ...activityFields,
    unit: Type.Optional(unitField),
    from: Type.Optional(fromField),
    to: Type.Optional(toField),
    table: Type.Object(
      {
        file: text('CSV with a header line, beside the site'),
        amount: text('Column of the amounts'),
        id: column('Column of ids; absent: the line'),
        unit: column('Column of units'),
        from: column('Column of first days, 2025-03-01'),
        to: column('Column of first days after'),
        period: column('Column of months or years instead: 2025-03'),
        subject: column('Column of subjects'),
        region: column('Column of regions'),
      },
      closed,
    ),
  },
  closed,
)
export type TableRow = Static<typeof TableRowSchema>
