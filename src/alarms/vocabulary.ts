import type { Vocabulary } from '../kernel/index.ts'
import { readRules } from './rules/index.ts'
import { AlarmsSchema } from './schema.ts'

/** What a site file says of alarms. */
export const alarmsVocabulary: Vocabulary = {
  assets: [],
  sections: [
    {
      name: 'alarms',
      title: 'Alarms',
      schema: AlarmsSchema,
      check: (_, site, points) => readRules(site, points).problems,
    },
  ],
}
