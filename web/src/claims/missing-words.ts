import type { WordKey } from '../words/words.ts'

/** Words for what the engine says would let more be checked; it has no codes for them. */
export const missingWords: Readonly<Record<string, WordKey>> = {
  'the activity behind the emissions: kilowatt-hours, tonnes of coal, tonne-kilometres': 'claims.missing.activity',
  'the capacity or the area that gives the energy': 'claims.missing.capacity',
  'the distance of the freight, and how much of it shifted': 'claims.missing.distance',
  'emissions and energy of the same time': 'claims.missing.time',
  'the factor, with its year, place and boundary': 'claims.missing.factor',
}
