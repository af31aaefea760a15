import { readFile } from 'node:fs/promises'
import { extname } from 'node:path'
import { text as textOf } from 'node:stream/consumers'
import { parse } from 'yaml'
import type { Command } from './command.ts'
import { errors } from './errors.ts'

/** A file larger than this is no claim. */
const mostBytes = 100_000

/**
 * `mangrove claim FILE|-`: a claim from a file or from standard input, checked by `carbon.check-claim`.
 *
 * @param engine its command, which gets what the file says besides the flags
 */
export const claimCommand = (engine: Command): Command => ({
  ...engine,
  words: ['claim'],
  title: 'Check a published claim: a file of sentences, or of numbers as YAML; - reads standard input',
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
  positional: ['file'],
  async run({ file, ...values }, json, context) {
    const path = String(file)
    const content = path === '-' ? await textOf(process.stdin) : await readFile(path, 'utf8').catch(unreadable(path))
    if (content.length > mostBytes) {
      throw errors.unreadableFile({
        detail: 'This is too long for a claim',
        found: `${content.length} characters`,
        expected: `at most ${mostBytes}`,
      })
    }
    const structured = ['.yaml', '.yml', '.json'].includes(extname(path))
    return engine.run({ ...(structured ? fieldsOf(content, path) : { text: content }), ...values }, json, context)
  },
})

const unreadable =
  (path: string) =>
  (error: unknown): never => {
    throw errors.unreadableFile(
      { detail: 'The claim cannot be read', found: path, expected: 'a file, or - for standard input' },
      { cause: error },
    )
  }

function fieldsOf(content: string, path: string): Readonly<Record<string, unknown>> {
  let read: unknown
  try {
    read = parse(content)
  } catch (error) {
    throw errors.unreadableFile(
      { detail: `This is no YAML: ${(error as Error).message.split('\n')[0]}`, place: { file: path } },
      { cause: error },
    )
  }
  if (typeof read === 'object' && read !== null && !Array.isArray(read)) return { ...read }
  throw errors.unreadableFile({
    detail: 'The file has no fields',
    place: { file: path },
    expected: '`text`, or `stated`',
  })
}
