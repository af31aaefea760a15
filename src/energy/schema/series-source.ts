import Type from 'typebox'
import type { SeriesSource } from '../../kernel/index.ts'

/** A {@link SeriesSource} as an engine's input has it: checked in shape here, in meaning when it is read. */
export const sourceOf = (unit: string, description: string) =>
  Type.Unsafe<SeriesSource>(
    Type.Union(
      [
        Type.Number(),
        Type.Array(Type.Number(), { minItems: 1 }),
        Type.Object({
          values: Type.Array(Type.Union([Type.Number(), Type.Null()]), { minItems: 1 }),
          start: Type.String(),
          step: Type.String(),
          unit: Type.Optional(Type.String()),
        }),
        Type.Object({ observation: Type.String({ pattern: '^[^.\\s]+\\.[^.\\s]+$' }) }),
        Type.Object({
          file: Type.String({ minLength: 1 }),
          column: Type.String({ minLength: 1 }),
          unit: Type.String({ minLength: 1 }),
          per: Type.Optional(Type.Union([Type.Literal('rate'), Type.Literal('step')])),
          time: Type.Object({
            column: Type.String({ minLength: 1 }),
            format: Type.Optional(Type.String({ minLength: 1 })),
            zone: Type.Optional(Type.String()),
            label: Type.Optional(Type.Union([Type.Literal('start'), Type.Literal('end')])),
          }),
          step: Type.Optional(Type.String()),
          scale: Type.Optional(Type.Number()),
          align: Type.Optional(Type.Union([Type.Literal('none'), Type.Literal('calendar'), Type.Literal('weekday')])),
        }),
      ],
      {
        description: `${description} (${unit}): a number, a daily profile, values, an observation or a column of a file`,
      },
    ),
  )
