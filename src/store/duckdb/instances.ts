import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { explainFailure, explainOpening, isDamage, isFatal } from './explain-error.ts'

/** One opened file with the connections that stay. */
export interface Instance {
  readonly writer: DuckDBConnection
  readonly keeper: DuckDBConnection
  readonly reader: DuckDBConnection
  /** Lends a connection of its own. */
  lend<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T>
  /** @throws after the connections that were lent came back, or did not for five seconds */
  end(): Promise<void>
  connect(): Promise<DuckDBConnection>
  giveBack(connection: DuckDBConnection): void
}

/** One file, opened anew whenever DuckDB broke: one instance at a time. */
export interface Instances {
  /** @throws as `work` does, and what opening throws */
  use<T>(work: (instance: Instance) => Promise<T>): Promise<T>
  stream<T>(work: (connection: DuckDBConnection) => AsyncIterable<T>): AsyncIterable<T>
  close(): Promise<void>
}

export function createInstances(file: string, temporaryFolder: string): Instances {
  let current: Promise<Instance> | undefined
  /** The last one that broke, as long as it is being closed. */
  let ending: Promise<void> = Promise.resolve()
  /** A block was not as it was written: whoever mends the file gets it as it was found. */
  let damaged = false

  const get = (): Promise<Instance> => {
    if (!current) {
      const opened = ending.then(() => openInstance(file, temporaryFolder))
      current = opened
      opened.catch(() => {
        if (current === opened) current = undefined
      })
    }
    return current
  }
  /** The first to meet a fatal error puts the instance away; closing waits for the others, who meet it as well. */
  const noticed = (error: unknown, broken: Promise<Instance>, instance: Instance): unknown => {
    damaged ||= isDamage(error)
    if (isFatal(error) && current === broken) {
      current = undefined
      ending = instance.end()
    }
    return explainFailure(error)
  }

  return {
    async use(work) {
      const mine = get()
      const instance = await mine
      try {
        return await work(instance)
      } catch (error) {
        throw noticed(error, mine, instance)
      }
    },
    async *stream(work) {
      for (let attempt = 1; ; attempt += 1) {
        const mine = get()
        const instance = await mine
        let begun = false
        let connection: DuckDBConnection | undefined
        try {
          connection = await instance.connect()
          for await (const chunk of work(connection)) {
            begun = true
            yield chunk
          }
          return
        } catch (error) {
          const told = noticed(error, mine, instance)
          if (begun || attempt > 1 || !isFatal(error)) throw told
        } finally {
          if (connection) instance.giveBack(connection)
        }
      }
    },
    async close() {
      const instance = await current?.catch(() => undefined)
      await ending
      if (!instance) return
      if (!damaged) await instance.writer.run('CHECKPOINT').catch(() => undefined)
      await instance.end()
    },
  }
}

/** A reader that stands still does not hold up the others for longer than this. */
const patienceMs = 5000

async function openInstance(file: string, temporaryFolder: string): Promise<Instance> {
  // Loaded on first use: commands that need no observations start without the native library.
  const { DuckDBInstance } = await import('@duckdb/node-api')
  const options = {
    threads: '2',
    memory_limit: '512MB',
    temp_directory: temporaryFolder,
    // A commit that has to put the log into the file first takes a tenth of a second; upkeep does it before it comes to that.
    checkpoint_threshold: '256MB',
  }
  const instance = await DuckDBInstance.create(file, options).catch((cause: unknown) => {
    throw explainOpening(file, cause)
  })
  return onInstance(instance)
}

async function onInstance(instance: DuckDBInstance): Promise<Instance> {
  const writer = await instance.connect()
  const keeper = await instance.connect()
  const reader = await instance.connect()
  // An instance that broke leaves the file as it is; one that is closed in peace has made its checkpoint before.
  await writer.run('PRAGMA disable_checkpoint_on_shutdown')
  const lent = new Set<DuckDBConnection>()
  let allBack = (): void => undefined

  const connect = async (): Promise<DuckDBConnection> => {
    const connection = await instance.connect()
    lent.add(connection)
    return connection
  }
  const giveBack = (connection: DuckDBConnection): void => {
    if (!lent.delete(connection)) return
    connection.closeSync()
    if (lent.size === 0) allBack()
  }

  return {
    writer,
    keeper,
    reader,
    connect,
    giveBack,
    async lend(work) {
      const connection = await connect()
      try {
        return await work(connection)
      } finally {
        giveBack(connection)
      }
    },
    async end() {
      if (lent.size > 0) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, patienceMs)
          allBack = () => {
            clearTimeout(timer)
            resolve()
          }
        })
      }
      for (const connection of [...lent, reader, keeper, writer]) connection.closeSync()
      lent.clear()
      instance.closeSync()
    },
  }
}
