import Type from 'typebox'

/** Fields that several schemas of the room have. */
export const closed = { additionalProperties: false } as const
export const id = (description: string) => Type.String({ minLength: 1, maxLength: 120, description })
export const text = (description: string) => Type.String({ minLength: 1, maxLength: 500, description })
export const day = (description: string) => Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', description })
export const region = (description: string) =>
  Type.String({ pattern: '^[A-Z]{2}([+-][A-Za-z0-9]{1,20})?$', description: `${description}: ISO 3166-1 or 3166-2` })
/** A decimal of 0 or more as text, so that every digit counts. */
export const amount = (description: string) =>
  Type.String({ pattern: '^\\d{1,20}(\\.\\d{1,20})?$', description: `${description}; decimal text` })
export const one = <const Names extends readonly string[]>(names: Names, description: string) =>
  Type.Enum([...names] as Names[number][], { description })

/** The set of GWPs that a whole result is by; one of some words, as a flag of the command line can be. */
export const gwpSetField = (description: string) =>
  Type.Union(
    [
      Type.Literal('SAR'),
      Type.Literal('AR4'),
      Type.Literal('AR5'),
      Type.Literal('AR5-ccf'),
      Type.Literal('AR6'),
      Type.Literal('unstated'),
    ],
    { default: 'AR6', description },
  )

/** Half of a 95 % interval over its value. */
export const relativeField = (of: string) =>
  Type.Number({
    minimum: 0,
    maximum: 10,
    description: `Half of the 95 % interval over the value of ${of}: 0.05 is ±5 %`,
  })
