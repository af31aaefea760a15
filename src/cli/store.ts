import { formatProblem } from '../kernel/index.ts'
import type { StoreStatus } from '../store/index.ts'
import type { CommandBody, CommandContext } from './command.ts'
import { exitCode } from './exit-code.ts'
import { formatNumber, padEnd } from './layout.ts'
import { backupAt, backupsFolder, formatBytes, withKept } from './open-kept.ts'

/** `mangrove store …`: what a store holds, and whether it is what it was. */
export const storeCommands = {
  status: {
    flags: [],
    run: (_, json, context) =>
      withKept(context, async ({ backups }) => {
        const { listBackups } = await import('../store/index.ts')
        const folder = backupsFolder(context.dataFolder)
        const status = await backups.status()
        const last = (await listBackups(folder))[0]
        const lastBackup = last ? { name: last.name, created: last.manifest.created } : null
        if (json) context.terminal.out(JSON.stringify({ ...status, lastBackup }))
        else for (const line of statusLines(status, lastBackup, folder)) context.terminal.out(line)
        return exitCode.ok
      }),
  },
  verify: {
    flags: [
      {
        flag: '--backup',
        field: 'backup',
        type: 'string',
        description: 'Folder of a backup to check instead',
        required: false,
      },
    ],
    run: (values, json, context) =>
      values.backup === undefined ? verifyKept(json, context) : verifyFolder(values.backup, json, context),
  },
  mend: {
    flags: [{ flag: '--backup', field: 'backup', type: 'string', description: 'Folder of the backup', required: true }],
    run: (values, json, context) =>
      withKept(context, async ({ backups }) => {
        const { terminal, signal } = context
        const { files, evidence, left } = await backups.mend(await backupAt(values.backup, context), {
          progress: terminal.progress,
          signal,
        })
        const open = left.files.length + left.evidence.length
        if (json) terminal.out(JSON.stringify({ files, evidence, left }))
        else {
          for (const { file, site, month } of files) terminal.out(`Mended sealed/${file} (${site}, ${month})`)
          for (const { kind, id } of evidence) terminal.out(`Mended evidence/${kind}/${id}`)
          if (files.length + evidence.length + open === 0) terminal.out('Nothing is damaged')
          for (const { file, site, month } of left.files)
            terminal.error(`Not in the backup: sealed/${file} (${site}, ${month})`)
          for (const { kind, id } of left.evidence) terminal.error(`Not in the backup: evidence/${kind}/${id}`)
        }
        return open === 0 ? exitCode.ok : exitCode.noResult
      }),
  },
  seal: {
    flags: [],
    run: (_, json, context) =>
      withKept(context, async ({ upkeep }) => {
        context.terminal.progress(0, 'sealing')
        const sealed = await upkeep.seal()
        if (json) context.terminal.out(JSON.stringify({ sealed }))
        else if (sealed.length === 0) context.terminal.out('No month is due: a month is sealed ten days after its end')
        else for (const { site, month } of sealed) context.terminal.out(`Sealed ${month} of ${site}`)
        return exitCode.ok
      }),
  },
} satisfies Readonly<Record<string, CommandBody>>

const verifyKept = (json: boolean, context: CommandContext): Promise<number> =>
  withKept(context, async ({ backups }) => {
    const { terminal, signal } = context
    const found = await backups.verify({ progress: terminal.progress, signal })
    const whole = found.damagedFiles.length + found.damagedEvidence.length === 0
    if (json) terminal.out(JSON.stringify({ whole, ...found }))
    else {
      for (const { file, site, month } of found.damagedFiles)
        terminal.error(`Damaged: sealed/${file} (${site}, ${month})`)
      for (const { kind, id, there } of found.damagedEvidence) {
        terminal.error(`${there ? 'Damaged' : 'Missing'}: evidence/${kind}/${id}`)
      }
      terminal.out(
        whole
          ? `Whole: ${found.sealedFiles} sealed files, ${found.runs} runs and ${found.blobs} pieces of evidence, every table`
          : 'What is damaged can be taken from a backup: mangrove store mend BACKUP',
      )
      if (found.contentSha256 !== undefined) terminal.out(`  Content ${found.contentSha256}`)
    }
    return whole ? exitCode.ok : exitCode.noResult
  })

async function verifyFolder(given: unknown, json: boolean, context: CommandContext): Promise<number> {
  const { terminal, signal } = context
  const backup = await backupAt(given, context)
  const { verifyBackup } = await import('../store/index.ts')
  const { manifest, problems } = await verifyBackup(backup, { progress: terminal.progress, signal })
  if (json) terminal.out(JSON.stringify({ whole: problems.length === 0, problems, files: manifest.files.length }))
  else {
    for (const problem of problems) terminal.error(formatProblem(problem))
    if (problems.length === 0)
      terminal.out(`Whole: ${manifest.files.length} files of ${manifest.created}, every byte as written`)
  }
  return problems.length === 0 ? exitCode.ok : exitCode.badInput
}

function statusLines(
  { engine, counts, databaseBytes, sealed, evidence }: StoreStatus,
  lastBackup: { readonly name: string; readonly created: string } | null,
  folder: string,
): readonly string[] {
  const lines: readonly (readonly [string, string])[] = [
    ['Engine', `${engine === 'duckdb' ? 'DuckDB' : 'PostgreSQL'}, ${formatBytes(databaseBytes)}`],
    ['Points', formatNumber(counts.points)],
    ['Values', `${formatNumber(counts.rows)} not sealed, ${formatNumber(sealed.rows)} sealed`],
    [
      'Sealed',
      sealed.months === 0
        ? 'no month'
        : `${sealed.months} months, ${sealed.first} to ${sealed.last}, ${formatBytes(sealed.bytes)} in ${sealed.files} files`,
    ],
    ['Documents', `${formatNumber(counts.documents)} versions`],
    ['Records', `${formatNumber(counts.records)}, journal ${formatNumber(counts.journal)} lines`],
    [
      'Evidence',
      `${formatNumber(evidence.runs)} runs, ${formatNumber(evidence.blobs)} pieces, ${formatBytes(evidence.bytes)}`,
    ],
    ['Last backup', lastBackup ? `${lastBackup.created} (${lastBackup.name})` : `none in ${folder}`],
  ]
  return lines.map(([name, value]) => `${padEnd(name, 12)} ${value}`)
}
