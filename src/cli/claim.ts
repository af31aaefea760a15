import { extname } from 'node:path'
import type { CommandBody } from './command.ts'
import { fieldsOf, readText } from './input-file.ts'

/** A file larger than this is no claim. */
const mostBytes = 100_000

/**
 * `mangrove claim FILE|-`: a claim from a file or from standard input, checked by `carbon.check-claim`.
 *
 * @param engine its command, which gets what the file says besides the flags
 */
export const claimCommand = (engine: CommandBody): CommandBody => ({
  ...engine,
  flags: [
    {
      flag: '--file',
      field: 'file',
      type: 'string',
      description: 'Text, .yaml or .json; -: standard input',
      required: true,
    },
    ...engine.flags.filter(({ field }) => field === 'region' || field === 'year'),
  ],
  async run({ file, ...values }, json, context) {
    const path = String(file)
    const content = await readText(path, 'The claim', mostBytes)
    const structured = ['.yaml', '.yml', '.json'].includes(extname(path))
    return engine.run(
      { ...(structured ? fieldsOf(content, path, '`text`, or `stated`') : { text: content }), ...values },
      json,
      context,
    )
  },
})
