import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Pack } from '../kernel/index.ts'
import type { Command } from './command.ts'
import { exitCode } from './errors.ts'

const inClone = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url))
const examplePark = inClone('examples/liyang-park/site.yaml')

/** `mangrove start`: the server with a park that lives in simulated real time, until Ctrl-C. */
export const startCommand = (packs: readonly Pack[]): Command => ({
  words: ['start'],
  title: 'Serve the console and the API; the park lives in simulated real time',
  flags: [
    {
      flag: '--site',
      field: 'site',
      type: 'string',
      description: 'Path of the site file (default: the example park)',
      required: false,
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
  ],
  positional: ['site'],
  async run(values, json, { terminal, signal, dataFolder }) {
    terminal.progress(0.1, 'starting')
    // Loaded here, so that other commands do not wait for the server's code.
    const [{ startServer }, { createSolverPool }] = await Promise.all([
      import('../server/index.ts'),
      import('../solve/index.ts'),
    ])
    const solver = createSolverPool()
    const webRoot = inClone('web/dist')
    try {
      const running = await startServer({
        packs,
        solver,
        dataFolder,
        sites: [{ file: typeof values.site === 'string' ? values.site : examplePark, live: values.live !== false }],
        ...(typeof values.port === 'number' ? { port: values.port } : {}),
        ...(typeof values.host === 'string' ? { host: values.host } : {}),
        ...(existsSync(webRoot) ? { webRoot } : {}),
      })
      const stop = (): void => void running.stop()
      if (signal.aborted) stop()
      signal.addEventListener('abort', stop, { once: true })
      if (json) terminal.out(JSON.stringify({ url: running.url, docs: `${running.url}/api/docs` }))
      else terminal.out(`Mangrove runs at ${running.url}\nAPI: ${running.url}/api/docs   Stop with Ctrl-C`)
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
})
