import { join } from 'node:path'
import type { CommandBody } from './command.ts'
import { errors } from './errors.ts'
import { exitCode } from './exit-code.ts'
import { formatNumber } from './layout.ts'
import { backupsFolder, formatBytes, withKept } from './open-kept.ts'

/** What people want to know of a backup in one line each. */
export function backupLines({ counts, files, created, contentSha256 }: BackupAbout): readonly string[] {
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0)
  const told = (['points', 'rows', 'sealed', 'documents', 'records', 'journal', 'runs'] as const).map(
    (name) => `${formatNumber(counts[name] ?? 0)} ${words[name]}`,
  )
  return [
    `  As of ${created}: ${formatBytes(bytes)} in ${files.length} files, each with its SHA-256`,
    `  ${told.join(', ')}`,
    ...(contentSha256 === undefined ? [] : [`  Content ${contentSha256}`]),
  ]
}

export interface BackupAbout {
  readonly counts: Readonly<Record<string, number>>
  readonly files: readonly { readonly bytes: number }[]
  readonly created: string
  readonly contentSha256?: string
}

const words = {
  points: 'points',
  rows: 'values',
  sealed: 'sealed files',
  documents: 'versions of documents',
  records: 'records',
  journal: 'lines of journal',
  runs: 'runs',
} as const

/** `mangrove backup FOLDER`: everything the data folder holds, as one moment sees it. */
export const backupCommand: CommandBody = {
  description:
    'Back up the data folder, or the database, into a folder that is made. While a server runs on the data folder it makes the backup itself: POST /api/v1/backups.',
  flags: [
    {
      flag: '--folder',
      field: 'folder',
      type: 'string',
      description: 'Folder to make (default: one named by the time, below MANGROVE_BACKUPS)',
      required: false,
    },
    {
      flag: '--name',
      field: 'name',
      type: 'string',
      description: 'Name of the folder below MANGROVE_BACKUPS, or `backups` in the data folder',
      required: false,
    },
    {
      flag: '--hash',
      field: 'hash',
      type: 'boolean',
      description: 'Also tell the hash of the content, which a restore is held against; reads everything once more',
      default: false,
      required: false,
    },
  ],
  run: (values, json, context) =>
    withKept(context, async ({ backups }) => {
      const { terminal, signal } = context
      const folder = await folderOf(values, context.dataFolder)
      const { files, ...about } = await backups.write(folder, {
        hash: values.hash === true,
        progress: terminal.progress,
        signal,
      })
      if (json) terminal.out(JSON.stringify({ folder, ...about, files }))
      else {
        terminal.out(`Backed up into ${folder}`)
        for (const line of backupLines({ ...about, files })) terminal.out(line)
        terminal.out('  Try it: mangrove store verify --backup FOLDER')
      }
      return exitCode.ok
    }),
}

async function folderOf({ folder, name }: Readonly<Record<string, unknown>>, dataFolder: string): Promise<string> {
  if (folder !== undefined) return String(folder)
  const { backupNamePattern, nameOfMoment } = await import('../store/index.ts')
  if (name === undefined) return join(backupsFolder(dataFolder), nameOfMoment(Date.now()))
  if (new RegExp(backupNamePattern).test(String(name))) return join(backupsFolder(dataFolder), String(name))
  throw errors.flagValue({
    detail: '--name is no name of a backup; --folder takes a path',
    found: name,
    expected: 'letters, digits, - and _',
  })
}
