import type { Pack } from '../kernel/index.ts'
import { readCommands } from './rules/read-rules.ts'
import { CommandsSchema } from './schema.ts'

/** What the commands room offers the house. */
export const commandsPack: Pack = {
  name: 'commands',
  title: 'Commands',
  assets: [],
  engines: [],
  sections: [
    {
      name: 'commands',
      title: 'Commands',
      schema: CommandsSchema,
      check: (_, site, points) => readCommands(site, points).problems,
    },
  ],
}
