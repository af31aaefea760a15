import Type, { type Static } from 'typebox'

/** A place by its coordinates; the name, the UN/LOCODE and the IATA code are for readers and for exchange. */
export const PlaceSchema = Type.Object(
  {
    latitude: Type.Number({ minimum: -90, maximum: 90, description: 'Degrees north, WGS 84' }),
    longitude: Type.Number({ minimum: -180, maximum: 180, description: 'Degrees east, WGS 84' }),
    name: Type.Optional(Type.String({ minLength: 1, maxLength: 120, description: 'City or terminal' })),
    country: Type.Optional(Type.String({ pattern: '^[A-Z]{2}$', description: 'ISO 3166-1' })),
    locode: Type.Optional(Type.String({ pattern: '^[A-Z]{2}[A-Z2-9]{3}$', description: 'UN/LOCODE, such as CNSHA' })),
    iata: Type.Optional(Type.String({ pattern: '^[A-Z]{3}$', description: 'Airport' })),
  },
  { additionalProperties: false },
)
export type Place = Static<typeof PlaceSchema>
