import { existsSync, writeFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { parseInstant, type Site, seededRandom, systemClock } from '../kernel/index.ts'
import type { CommandBody, CommandContext } from './command.ts'
import { errors } from './errors.ts'
import { exitCode } from './exit-code.ts'
import { displayWidth, padEnd } from './layout.ts'
import { openData } from './open-data.ts'
import { type Endpoint, endpointsOf, siteWithEndpoints } from './simulate-endpoints.ts'
import { obey, readFaults } from './simulate-faults.ts'

const mostSpeed = 3600
const usual = { speed: 1, portBase: 15_020, seed: 1 } as const

/** `mangrove simulate SITE`: the devices of a site on loopback, until Ctrl-C. */
export const simulateCommand: CommandBody = {
  description:
    'Lines on standard input change faults while it runs: `fault substation silent`, `fault storage stuck,duplicate`, `clear substation`, `clear`.',
  flags: [
    { flag: '--site', field: 'site', type: 'string', description: 'Path of the site file', required: true },
    {
      ...{ flag: '--speed', field: 'speed', type: 'number', range: [1, mostSpeed] },
      ...{ description: 'Simulated seconds in a second', default: usual.speed, required: false },
    },
    {
      ...{ flag: '--at', field: 'at', type: 'string', required: false },
      description: 'When the simulation begins, ISO 8601, local to the site without offset (default now)',
    },
    {
      ...{ flag: '--for', field: 'for', type: 'number', range: [0.001, 8784], required: false },
      description: 'Simulated hours after which it ends (default: at Ctrl-C)',
    },
    {
      ...{ flag: '--port-base', field: 'portBase', type: 'integer', range: [1024, 65_000], default: usual.portBase },
      ...{ description: 'Port of the first device; the others follow it', required: false },
    },
    {
      ...{ flag: '--fault', field: 'fault', type: 'string', required: false },
      description: 'Faults from the beginning: substation=silent, storage=stuck+duplicate',
    },
    {
      flag: '--seed',
      field: 'seed',
      type: 'integer',
      description: 'Of clouds and flutter',
      default: usual.seed,
      required: false,
    },
    {
      ...{ flag: '--site-out', field: 'siteOut', type: 'string', required: false },
      description: 'Write the site file with these endpoints as addresses, for mangrove start FILE --no-live',
    },
  ],
  async run(values, json, context) {
    const opened = await openData(context.dataFolder)
    try {
      return await play(await opened.data.site(String(values.site)), values, { json, opened, context })
    } finally {
      await opened.close()
    }
  },
}

interface Play {
  readonly json: boolean
  readonly opened: Awaited<ReturnType<typeof openData>>
  readonly context: CommandContext
}

async function play(site: Site, values: Readonly<Record<string, unknown>>, parts: Play): Promise<number> {
  const { json, opened, context } = parts
  const { terminal, signal } = context
  const [{ simulateSite }, { fieldProtocols, gatewaysOf }] = await Promise.all([
    import('../server/index.ts'),
    import('../gateway/index.ts'),
  ])
  const faults = readFaults(
    values.fault,
    gatewaysOf(site).map(({ id }) => id),
  )
  if (typeof values.siteOut === 'string' && existsSync(values.siteOut)) {
    throw errors.flagValue({ detail: 'The file is there already', found: values.siteOut, expected: 'a new file' })
  }
  const simulation = await simulateSite(
    site,
    {
      packs: opened.packs,
      protocols: fieldProtocols,
      data: opened.data,
      random: seededRandom(Number(values.seed ?? usual.seed)),
    },
    {
      fromMs: values.at === undefined ? systemClock.now() : parseInstant(String(values.at), site.zone),
      speed: Number(values.speed ?? usual.speed),
      portBase: Number(values.portBase ?? usual.portBase),
      ...(values.for === undefined ? {} : { forMs: Number(values.for) * 3_600_000 }),
    },
  )
  for (const [gateway, own] of faults) simulation.devices.fault(gateway, own)
  const endpoints = endpointsOf(site, simulation.devices.settings)
  if (typeof values.siteOut === 'string') writeFileSync(values.siteOut, siteWithEndpoints(site, endpoints))
  terminal.out(json ? JSON.stringify({ site: site.id, endpoints }) : show(endpoints))
  const lines = createInterface({ input: process.stdin })
  lines.on('line', (line) => {
    const told = obey(line, simulation.devices)
    if (told !== undefined) terminal.error(told)
  })
  const stop = (): void => void simulation.stop()
  if (signal.aborted) stop()
  signal.addEventListener('abort', stop, { once: true })
  try {
    await simulation.ended
  } finally {
    lines.close()
    // A terminal that is still open keeps nobody.
    process.stdin.unref?.()
  }
  return exitCode.ok
}

const show = (endpoints: readonly Endpoint[]): string => {
  const header = { gateway: 'gateway', protocol: 'protocol', address: 'address', standsFor: 'stands for' }
  const widthOf = (field: keyof typeof header): number =>
    Math.max(...[header, ...endpoints].map((row) => displayWidth(row[field])))
  const lines = [header, ...endpoints].map(({ gateway, protocol, address, standsFor }) =>
    [
      padEnd(gateway, widthOf('gateway')),
      padEnd(protocol, widthOf('protocol')),
      padEnd(address, widthOf('address')),
      standsFor,
    ].join('  '),
  )
  return [...lines, 'Stop with Ctrl-C'].join('\n')
}
