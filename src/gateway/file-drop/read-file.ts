import { createReadStream } from 'node:fs'
import { extname } from 'node:path'
import { gatewayErrors } from '../errors.ts'
import type { FileContext, FileRow } from './file-rows.ts'
import { readCsvFile } from './read-csv.ts'
import { readGreenButton } from './read-green-button.ts'
import { readNdjsonFile } from './read-ndjson.ts'
import type { DropFormat, FileDropSettings } from './settings.ts'

const formats: Readonly<Record<string, DropFormat>> = {
  ...{ '.csv': 'csv', '.txt': 'csv', '.tsv': 'csv', '.ndjson': 'ndjson', '.jsonl': 'ndjson', '.xml': 'green-button' },
}

/**
 * Reads a file by its format.
 *
 * @throws `gateway.bad-body`, and what the disk says
 */
export function readDroppedFile(
  path: string,
  settings: FileDropSettings,
  context: FileContext,
): AsyncIterable<FileRow> {
  const format = settings.format ?? formats[extname(path).toLowerCase()]
  const encoding = format === 'csv' ? (settings.csv?.encoding ?? 'utf-8') : 'utf-8'
  const open = (): AsyncIterable<string> => decoded(createReadStream(path, { highWaterMark: 64 * 1024 }), encoding)
  if (format === 'csv') return readCsvFile(open(), settings.csv ?? {}, context)
  if (format === 'ndjson') return readNdjsonFile(open(), context)
  if (format === 'green-button') return readGreenButton(open, context)
  throw gatewayErrors.badBody({
    ...{ detail: 'The name of the file tells no format', found: extname(path) },
    expected: `a format in the settings, or ${Object.keys(formats).join(' ')}`,
  })
}

async function* decoded(chunks: AsyncIterable<Uint8Array>, encoding: string): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding, { fatal: true })
  const decode = (bytes?: Uint8Array): string => {
    try {
      return bytes ? decoder.decode(bytes, { stream: true }) : decoder.decode()
    } catch (cause) {
      throw gatewayErrors.badBody({ detail: 'The file is written in another encoding', expected: encoding }, { cause })
    }
  }
  for await (const bytes of chunks) yield decode(bytes)
  yield decode()
}
