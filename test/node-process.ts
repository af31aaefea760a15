// A node in a process of its own, on a database and a broker that it shares with others.
import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export interface NodeSettings {
  readonly folder: string
  readonly site: string
  readonly databaseUrl?: string
  readonly mqttUrl?: string
}

export interface NodeProcess {
  readonly url: string
  readonly process: ChildProcess
  log(): string
  /** Settles with the exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals | null>
}

/** Starts a node and waits until it listens. */
export async function startNode(settings: NodeSettings): Promise<NodeProcess> {
  const child = fork(fileURLToPath(import.meta.url), [JSON.stringify(settings)], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    execArgv: [],
  })
  let log = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      log += chunk.toString()
    })
  }
  const ended = new Promise<number | NodeJS.Signals | null>((resolve) => {
    child.once('exit', (code, signal) => resolve(signal ?? code))
  })
  const url = await new Promise<string>((resolve, reject) => {
    child.once('message', (message) => resolve(String(message)))
    void ended.then((code) => reject(new Error(`the node ended with ${code}: ${log}`)))
  })
  return { url, process: child, ended, log: () => log }
}

async function serve({ folder, site, databaseUrl, mqttUrl }: NodeSettings): Promise<void> {
  const [{ packEntries }, { loadPack }, { createSolverPool }, { startServer }, { readMqttConnection }] =
    await Promise.all([
      import('./node-packs.ts'),
      import('../src/kernel/index.ts'),
      import('../src/solve/index.ts'),
      import('../src/server/index.ts'),
      import('../src/gateway/index.ts'),
    ])
  const packs = await Promise.all(packEntries.map(loadPack))
  const solver = createSolverPool({ size: 1 })
  const mqtt = mqttUrl
    ? readMqttConnection({ MANGROVE_MQTT_URL: mqttUrl, MANGROVE_MQTT_IN_FLIGHT: '50' }, () => '')
    : undefined
  const running = await startServer({
    ...{ packs, solver, dataFolder: folder, databaseUrl, port: 0, handleSignals: true, sites: [{ file: site }] },
    packsModule: new URL('./node-packs.ts', import.meta.url).href,
    threads: { size: 2 },
    ...(mqtt ? { mqtt } : {}),
  })
  process.send?.(running.url)
  await running.stopped
  await solver.close()
  process.disconnect()
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  // Whoever started it is gone: so is it.
  process.on('disconnect', () => setTimeout(() => process.exit(), 5000).unref())
  await serve(JSON.parse(process.argv[2] ?? '{}'))
}
