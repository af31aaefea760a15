/** What sentences tell, by the name of the point that it is, with its unit. */
export const quantities = {
  latitudeDeg: 'deg',
  longitudeDeg: 'deg',
  altitudeM: 'm',
  speedKmH: 'km/h',
  /** Over ground, from true north. */
  courseDeg: 'deg',
  /** Of the bow, from true north. */
  headingDeg: 'deg',
  satellites: '1',
  hdop: '1',
  /** As it is felt on board, from the bow clockwise. */
  windAngleDeg: 'deg',
  windSpeedMPerS: 'm/s',
  /** As it would be felt at rest, from the bow clockwise. */
  trueWindAngleDeg: 'deg',
  trueWindSpeedMPerS: 'm/s',
  /** Of the water below the transducer. */
  depthM: 'm',
} as const

export type Quantity = keyof typeof quantities
export const quantityNames = Object.keys(quantities) as readonly Quantity[]
