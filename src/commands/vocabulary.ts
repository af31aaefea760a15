import type { Vocabulary } from '../kernel/index.ts'
import { readCommands } from './rules/read-rules.ts'
import { CommandsSchema } from './schema.ts'

/** What a site file says of commands. */
export const commandsVocabulary: Vocabulary = {
  assets: [],
  sections: [
    {
      name: 'commands',
      title: 'Commands',
      schema: CommandsSchema,
      check: (_, site, points) => readCommands(site, points).problems,
    },
  ],
}
