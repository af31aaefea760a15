import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, extname } from 'node:path'
import { packEntries } from '../pack-entries.ts'
import { type Language, languages, type ReportFormat, reportFormats, reportOfRun } from '../report/index.ts'
import type { CommandBody } from './command.ts'
import { errors } from './errors.ts'
import { exitCode } from './exit-code.ts'
import type { FlagSpec } from './flags.ts'
import { formatBytes, withKept } from './open-kept.ts'

const languageFlag: FlagSpec = {
  ...{ flag: '--lang', field: 'lang', type: 'string', default: 'en', required: false },
  description: 'Language of the report: en, zh or es',
}

function oneOf<Name extends string>(flag: string, given: unknown, names: readonly Name[]): Name {
  const found = names.find((name) => name === given)
  if (found === undefined) {
    throw errors.flagValue({ detail: `${flag} cannot be read`, found: given, expected: `one of ${names.join(', ')}` })
  }
  return found
}

/** The format that a file is to have: the one that was said, else that of its name, else PDF. */
function formatOf(said: unknown, file: string | undefined): ReportFormat {
  if (said !== undefined) return oneOf('--format', said, reportFormats)
  const named = file === undefined ? '' : extname(file).slice(1).toLowerCase()
  return reportFormats.find((format) => format === named) ?? 'pdf'
}

async function save(file: string, bytes: Buffer): Promise<void> {
  // One folder, not a whole path: a slip in a name makes no tree of folders.
  const written = mkdir(dirname(file))
    .catch(() => undefined)
    .then(() => writeFile(file, bytes))
  await written.catch((error: unknown) => {
    throw errors.unwritableFile(
      { detail: 'The report cannot be written there', found: file, expected: 'a file that may be written' },
      { cause: error },
    )
  })
}

/** `mangrove report RUN`: the report of a kept run as a file; beside a running server too. */
export const reportCommand: CommandBody = {
  description:
    'Writes the report of a kept run, from its evidence alone: a page (HTML), a tagged PDF, a workbook (XLSX), or JSON. There are reports of carbon.account and carbon.park-verdict.',
  flags: [
    { flag: '--id', field: 'id', type: 'string', description: 'Evidence of the run', required: true },
    {
      ...{ flag: '--format', field: 'format', type: 'string', required: false },
      description: 'html, pdf, xlsx or json; default: by the name of the file, else pdf',
    },
    languageFlag,
    {
      ...{ flag: '--output', field: 'output', type: 'string', required: false },
      description: 'File to write; default: a name in the current folder',
    },
  ],
  async run({ id, format: said, lang = 'en', output }, json, context) {
    const language: Language = oneOf('--lang', lang, languages)
    const format = formatOf(said, output === undefined ? undefined : String(output))
    const file = output === undefined ? `report-${String(id).slice(0, 12)}-${language}.${format}` : String(output)
    const bytes = await withKept(context, ({ evidence }) =>
      reportOfRun(String(id), { packs: packEntries, evidence }, { format, language }),
    )
    await save(file, bytes)
    if (json) context.terminal.out(JSON.stringify({ file, format, language, bytes: bytes.length }))
    else context.terminal.out(`Report written to ${file} (${formatBytes(bytes.length)})`)
    return exitCode.ok
  },
}

/**
 * A command of an engine that can write the report of its run too: `--report FILE`.
 *
 * @param engine its command, which gets its own flags alone
 */
export const withReport = (engine: CommandBody): CommandBody => ({
  ...engine,
  flags: [
    ...engine.flags,
    {
      ...{ flag: '--report', field: 'report', type: 'string', required: false },
      description: 'Also write a report: a file named .pdf, .html, .xlsx or .json',
    },
    languageFlag,
  ],
  async run({ report, lang = 'en', ...values }, json, context) {
    const language = oneOf('--lang', lang, languages)
    if (report === undefined) return engine.run(values, json, context)
    const file = String(report)
    return engine.run(values, json, {
      ...context,
      async kept({ id }, evidence) {
        const choice = { format: formatOf(undefined, file), language }
        const bytes = await reportOfRun(id, { packs: packEntries, evidence }, choice)
        await save(file, bytes)
        if (!json) context.terminal.out(`Report written to ${file} (${formatBytes(bytes.length)})`)
      },
    })
  },
})
