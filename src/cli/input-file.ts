import { readFile } from 'node:fs/promises'
import { text as textOf } from 'node:stream/consumers'
import { parse } from 'yaml'
import { errors } from './errors.ts'

/**
 * Reads a file, or standard input where it is `-`.
 *
 * @param what for messages: `The claim`
 * @throws `cli.unreadable-file`
 */
export async function readText(path: string, what: string, mostBytes: number): Promise<string> {
  const content =
    path === '-' ? await textOf(process.stdin) : await readFile(path, 'utf8').catch(unreadable(path, what))
  if (content.length <= mostBytes) return content
  throw errors.unreadableFile({
    detail: `${what} is too long`,
    ...{ place: { file: path }, found: `${content.length} characters`, expected: `at most ${mostBytes}` },
  })
}

const unreadable =
  (path: string, what: string) =>
  (error: unknown): never => {
    throw errors.unreadableFile(
      { detail: `${what} cannot be read`, found: path, expected: 'a file, or - for standard input' },
      { cause: error },
    )
  }

/**
 * Fields of a text in YAML or JSON.
 *
 * @throws `cli.unreadable-file`
 */
export function fieldsOf(content: string, path: string, expected: string): Readonly<Record<string, unknown>> {
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
  throw errors.unreadableFile({ detail: 'The file has no fields', place: { file: path }, expected })
}
