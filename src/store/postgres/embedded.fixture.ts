import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { chmod, chown, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { promisify } from 'node:util'
import pg from 'pg'
import { embeddedBinaries, serverUser } from './embedded-binaries.fixture.ts'

/** A real PostgreSQL server for tests, in a temporary folder. */
export interface EmbeddedServer {
  /** Of the database `postgres`, with a password in it. */
  readonly url: string
  /** At once, without a checkpoint, as a crash of the server does; connections break. */
  stop(): Promise<void>
  /** Starts it again on the same data and port. */
  start(): Promise<void>
  /** Stops it and removes what it wrote. */
  end(): Promise<void>
}

const password = 'mangrove-test'

/**
 * Waits for the end of its input, which comes when this process ends in whatever way; then the server ends, and its
 * folder is removed unless the input said `keep`. No test leaves a server behind.
 */
const guard = `server=$1; folder=$2; shift 2
"$server" "$@" &
word=$(cat)
kill -QUIT $! 2>/dev/null
wait
[ "$word" = keep ] || rm -rf "$folder"`

/**
 * Starts a server of its own.
 *
 * @param options fsync false: faster, and nothing of it survives a power cut; a killed server loses nothing either way
 * @throws where this machine cannot run one
 */
export async function startEmbeddedServer({ fsync = false } = {}): Promise<EmbeddedServer> {
  if (process.platform === 'win32') throw new Error('the test server needs a shell')
  const user = serverUser()
  const native = await embeddedBinaries(user)
  const bin = (name: string): string => join(native, 'bin', name)
  const folder = await mkdtemp(join(tmpdir(), 'mangrove-postgres-'))
  const asUser = { ...user, cwd: folder, env: { PATH: process.env.PATH ?? '', LC_ALL: 'C', TZ: 'UTC' } }
  const port = await freePort()
  const url = `postgres://postgres:${password}@127.0.0.1:${port}/postgres`
  const settings = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    max_connections: 80,
    fsync: fsync ? 'on' : 'off',
  }
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  let running: ChildProcess | undefined

  const start = async (): Promise<void> => {
    const child = spawn('sh', ['-c', guard, 'sh', bin('postgres'), folder, '-D', join(folder, 'data'), ...flags], {
      ...asUser,
      // A group of its own: Ctrl-C is for the tests, whose end closes its input.
      detached: true,
      stdio: ['pipe', 'ignore', 'pipe'],
    })
    let log = ''
    child.stderr?.on('data', (text) => {
      log = (log + String(text)).slice(-4000)
    })
    for (const handle of [child, child.stdin, child.stderr]) (handle as { unref?(): void } | null)?.unref?.()
    running = child
    await answer(url, () => log)
  }
  const stop = async (word: 'keep' | 'remove'): Promise<void> => {
    const child = running
    running = undefined
    if (!child) return
    const gone = new Promise((resolve) => child.once('exit', resolve))
    child.ref()
    child.stdin?.end(word)
    await gone
  }
  const end = async (): Promise<void> => {
    await stop('remove')
    await rm(folder, { recursive: true, force: true })
  }

  try {
    await initialise(bin('initdb'), folder, asUser)
    await start()
  } catch (error) {
    await end()
    throw error
  }
  return { url, start, stop: () => stop('keep'), end }
}

interface RunAs {
  readonly uid?: number
  readonly gid?: number
}

async function initialise(initdb: string, folder: string, asUser: RunAs): Promise<void> {
  const secret = join(folder, 'password')
  await writeFile(secret, password)
  const { uid, gid } = asUser
  if (uid !== undefined && gid !== undefined) for (const path of [folder, secret]) await chown(path, uid, gid)
  await chmod(folder, 0o700)
  // A password is asked for as anywhere, but made quickly.
  const flags = ['-A', 'scram-sha-256', '-c', 'scram_iterations=1', '-E', 'UTF8', '--no-sync', `--pwfile=${secret}`]
  await promisify(execFile)(initdb, ['-D', join(folder, 'data'), '-U', 'postgres', ...flags], asUser)
}

/** Waits until the server answers. */
async function answer(url: string, log: () => string): Promise<void> {
  const patienceMs = 30_000
  for (const started = performance.now(); ; await wait(30)) {
    const client = new pg.Client({ connectionString: url })
    client.on('error', () => undefined)
    try {
      await client.connect()
      return
    } catch (error) {
      const late = performance.now() - started > patienceMs
      if (late || log().includes('could not bind')) {
        throw new Error(`the test server does not answer:\n${log()}`, { cause: error })
      }
    } finally {
      await client.end().catch(() => undefined)
    }
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number }
      probe.close(() => resolve(port))
    })
  })
}

let shared: Promise<EmbeddedServer | undefined> | undefined

/**
 * The one server that all test files of a process share, which ends with the process. Undefined where it cannot be
 * started, which it says on the error output.
 */
export function sharedServer(): Promise<EmbeddedServer | undefined> {
  shared ??= startEmbeddedServer()
    .catch(() => startEmbeddedServer())
    .catch((error: unknown) => {
      process.stderr.write(`PostgreSQL is not tested: no test server can be started here: ${String(error)}\n`)
      return undefined
    })
  return shared
}
