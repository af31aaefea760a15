import { readPeriod } from '../carbon/index.ts'
import type { CommandBody } from './command.ts'

/** Flags of the engine that a person types; the others are for programs. */
const typed = new Set(['site', 'activitiesFile', 'region', 'gwpSet'])

/**
 * `mangrove account SITE --period 2025`: the inventory of a year, a month or a span, by `carbon.account`.
 *
 * @param engine its command, which gets the period as days and the views as a list
 */
export const accountCommand = (engine: CommandBody): CommandBody => ({
  ...engine,
  flags: [
    ...engine.flags
      .filter(({ field }) => typed.has(field))
      .map((flag) => (flag.field === 'site' ? { ...flag, required: true } : flag)),
    {
      flag: '--period',
      field: 'period',
      type: 'string',
      description: 'A year (2025), a month (2025-03), or first and last day (2025-04-01/2025-06-30)',
      required: true,
    },
    {
      flag: '--views',
      field: 'views',
      type: 'string',
      description: 'ghg-protocol, iso-14064-1, gpc, parted by commas; those of the file unless said',
      required: false,
    },
  ],
  async run({ period, views, ...values }, json, context) {
    const names = views === undefined ? undefined : String(views).split(',')
    return engine.run(
      {
        ...values,
        period: readPeriod(String(period)),
        ...(names ? { views: names.map((name) => name.trim()).filter((name) => name !== '') } : {}),
      },
      json,
      context,
    )
  },
})
