import type { Pack } from '../kernel/index.ts'
import { anomalyEngine } from './anomaly/index.ts'
import { readRules } from './rules/index.ts'
import { AlarmsSchema } from './schema.ts'

/** What the alarms room offers the house. */
export const alarmsPack: Pack = {
  name: 'alarms',
  title: 'Alarms',
  assets: [],
  sections: [
    {
      name: 'alarms',
      title: 'Alarms',
      schema: AlarmsSchema,
      check: (_, site, points) => readRules(site, points).problems,
    },
  ],
  engines: [anomalyEngine],
}
