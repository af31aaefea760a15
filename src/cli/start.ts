import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { CommandBody } from './command.ts'
import { errors } from './errors.ts'
import { exitCode } from './exit-code.ts'

const inClone = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url))
const examplePark = inClone('examples/liyang-park/site.yaml')

/** `mangrove start`: the server with a park that lives in simulated real time, until Ctrl-C. */
export const startCommand: CommandBody = {
  flags: [
    {
      flag: '--site',
      field: 'site',
      type: 'string',
      description: 'Paths of site files, one or more (default: the example park)',
      required: false,
      many: true,
    },
    {
      flag: '--port',
      field: 'port',
      type: 'integer',
      range: [0, 65_535],
      description: '0 = any free port (default 7420)',
      required: false,
    },
    {
      flag: '--host',
      field: 'host',
      type: 'string',
      description: 'Address to listen on; only this machine by default',
      default: '127.0.0.1',
      required: false,
    },
    {
      flag: '--live',
      field: 'live',
      type: 'boolean',
      description: 'Simulate the park; --no-live serves stored values only',
      default: true,
      required: false,
    },
    {
      flag: '--url',
      field: 'url',
      type: 'string',
      description: 'Address as browsers know it, behind a proxy that speaks TLS: https://park.example',
      required: false,
    },
    {
      flag: '--provider',
      field: 'provider',
      type: 'string',
      description: 'JSON file of an OpenID Connect provider that signs people in',
      required: false,
    },
    {
      flag: '--open',
      field: 'open',
      type: 'boolean',
      description: 'No accounts: whoever reaches it may do everything; on this machine only',
      default: false,
      required: false,
    },
  ],
  async run(values, json, { terminal, signal, dataFolder }) {
    terminal.progress(0.1, 'starting')
    // Loaded here, so that other commands do not wait for the server's code.
    const [
      { startServer, readProvider, isLoopback, readNotificationSettings },
      { createSolverPool },
      { readMqttConnection, readBrokerSettings },
      { packs },
    ] = await Promise.all([
      import('../server/index.ts'),
      import('../solve/index.ts'),
      import('../gateway/index.ts'),
      import('../packs.ts'),
    ])
    const publicUrl = typeof values.url === 'string' ? readUrl(values.url) : undefined
    const provider =
      typeof values.provider === 'string' ? readProvider(readText(values.provider), values.provider) : undefined
    const mqtt = readMqttConnection(process.env, readText)
    const mqttBroker = readBrokerSettings(process.env, readText)
    const solver = createSolverPool()
    const webRoot = inClone('web/dist')
    try {
      const running = await startServer({
        packs,
        solver,
        dataFolder,
        databaseUrl: process.env.DATABASE_URL || undefined,
        ...(mqtt ? { mqtt } : {}),
        ...(mqttBroker ? { mqttBroker } : {}),
        notifications: readNotificationSettings(process.env, readText),
        sealedFolder: process.env.MANGROVE_SEALED || undefined,
        sites: filesOf(values.site).map((file) => ({ file, live: values.live !== false })),
        ...(typeof values.port === 'number' ? { port: values.port } : {}),
        ...(typeof values.host === 'string' ? { host: values.host } : {}),
        ...(existsSync(webRoot) ? { webRoot } : {}),
        ...(publicUrl === undefined
          ? {}
          : { allowedHosts: [new URL(publicUrl).host], trustedProxies: 'loopback,linklocal,uniquelocal' }),
        ...(values.open === true
          ? {}
          : { accounts: { ...(publicUrl === undefined ? {} : { publicUrl }), ...(provider ? { provider } : {}) } }),
      })
      const { firstUser, signInUrl } = running
      const stop = (): void => void running.stop()
      if (signal.aborted) stop()
      signal.addEventListener('abort', stop, { once: true })
      const docs = `${running.url}/api/docs`
      const first = firstUser && { name: firstUser.user.name, password: firstUser.password }
      if (json) terminal.out(JSON.stringify({ url: running.url, docs, signIn: signInUrl, firstUser: first }))
      else {
        terminal.out(`Mangrove runs at ${running.url}`)
        if (signInUrl !== undefined) terminal.out(`Open it, once and within an hour: ${signInUrl}`)
        if (first) {
          terminal.out(`First user: ${first.name}   Password, told only now: ${first.password}`)
          terminal.out('  It opens the door to a password of your own, for three days.')
        }
        terminal.out(`API: ${docs}   Stop with Ctrl-C`)
      }
      if (!isLoopback(String(values.host ?? '127.0.0.1')) && !publicUrl?.startsWith('https:')) {
        terminal.error(
          `WARNING: others reach ${String(values.host)} and what they send is not encrypted, passwords and tokens among it. Put a proxy that speaks TLS before it and say so: --url https://… (docs/guides/access.md)`,
        )
      }
      running.alive.then(
        () => !json && !signal.aborted && terminal.out('The park is alive: history filled, first plan published.'),
        (error: unknown) => terminal.error(`The park could not be brought to life: ${String(error)}`),
      )
      await running.stopped
      return exitCode.ok
    } finally {
      await solver.close()
    }
  },
}

const filesOf = (given: unknown): readonly string[] => (Array.isArray(given) ? given.map(String) : [examplePark])

function readUrl(text: string): string {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text
  throw errors.flagValue({
    detail: '--url is no address',
    found: text,
    expected: 'the address as browsers know it: https://park.example',
  })
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw errors.flagValue(
      {
        detail: 'The file cannot be read',
        found: file,
        expected: 'a file that can be read; docs/guides/ shows what stands in it',
      },
      { cause },
    )
  }
}
