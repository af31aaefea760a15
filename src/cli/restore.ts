import { backupLines } from './backup.ts'
import type { CommandBody } from './command.ts'
import { exitCode } from './exit-code.ts'
import { backupAt } from './open-kept.ts'

/** `mangrove restore FOLDER`: a backup into an empty data folder, or an empty database. */
export const restoreCommand: CommandBody = {
  description:
    'Restore a backup into an empty data folder (MANGROVE_DATA), or an empty PostgreSQL database (DATABASE_URL), whichever it was made of. Every hash is checked before anything is written.',
  flags: [{ flag: '--backup', field: 'backup', type: 'string', description: 'Folder of the backup', required: true }],
  async run(values, json, context) {
    const { terminal, signal, dataFolder } = context
    const { restoreBackup } = await import('../store/index.ts')
    const { systemClock } = await import('../kernel/index.ts')
    const backup = await backupAt(values.backup, context)
    const { files, ...about } = await restoreBackup(
      backup,
      { folder: dataFolder, databaseUrl: process.env.DATABASE_URL, clock: systemClock },
      { progress: terminal.progress, signal },
    )
    const into = process.env.DATABASE_URL ? 'the database' : dataFolder
    if (json) terminal.out(JSON.stringify({ backup, into, ...about }))
    else {
      terminal.out(`Restored ${backup} into ${into}`)
      for (const line of backupLines({ ...about, files })) terminal.out(line)
    }
    return exitCode.ok
  },
}
