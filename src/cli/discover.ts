import { writeFile } from 'node:fs/promises'
import { loadVocabulary } from '../pack-entries.ts'
import type { CommandBody } from './command.ts'
import { discoverErrors } from './discover-errors.ts'
import { settleProposal } from './discover-settle.ts'
import { searches } from './discover-what.ts'
import { errors } from './errors.ts'
import { exitCode } from './exit-code.ts'

const whats = Object.keys(searches)

/** `mangrove discover WHAT ADDRESS`: who answers there, and a part of a site file that reads it. It only reads. */
export const discoverCommand: CommandBody = {
  description: `What is one of ${whats.join(', ')}.

  mangrove discover modbus 192.168.10.20
  mangrove discover sunspec 192.168.10.21:1502
  mangrove discover bacnet 192.168.10.255
  mangrove discover opcua opc.tcp://plc.local:4840
  mangrove discover mqtt mqtt://broker.local --seconds 60

Who answers is told on standard error, the proposal on standard output. What a device does not tell is a remark in it, never a
number.`,
  flags: [
    { flag: '--what', field: 'what', type: 'string', description: `One of ${whats.join(', ')}`, required: true },
    {
      flag: '--address',
      field: 'address',
      type: 'string',
      description: 'HOST, HOST:PORT or URL; of bacnet also a broadcast address',
      required: true,
    },
    {
      flag: '--seconds',
      field: 'seconds',
      type: 'number',
      description: 'How long to listen: bacnet (default 3), mqtt (default 30)',
      required: false,
      range: [0.1, 3600],
    },
    {
      flag: '--units',
      field: 'units',
      type: 'string',
      description: 'Units of Modbus to ask, as 1,2,10-20 (default those that devices come with)',
      required: false,
    },
    { flag: '--user', field: 'user', type: 'string', description: 'At an OPC UA server or a broker', required: false },
    {
      flag: '--password-variable',
      field: 'passwordVariable',
      type: 'string',
      description: 'Variable of the environment that holds the password: MANGROVE_…',
      required: false,
    },
    {
      flag: '--group',
      field: 'group',
      type: 'string',
      description: 'Group of Sparkplug to hear, where the broker lets hear no other',
      required: false,
    },
    {
      flag: '--rebirth',
      field: 'rebirth',
      type: 'boolean',
      description: 'Ask nodes of Sparkplug that are heard to tell their births again',
      required: false,
    },
    {
      flag: '--write',
      field: 'write',
      type: 'string',
      description: 'File for the proposal; one that is there is never written over',
      required: false,
    },
  ],
  async run(values, json, { terminal, signal }) {
    const search = searches[String(values.what)]
    if (!search) {
      throw errors.flagValue({
        ...{ detail: 'This cannot be looked for', found: values.what },
        expected: `one of ${whats.join(', ')}`,
      })
    }
    const passwordVariable = values.passwordVariable as string | undefined
    if (passwordVariable !== undefined && !/^MANGROVE_[A-Z0-9_]+$/.test(passwordVariable)) {
      throw errors.flagValue({
        ...{ detail: '--password-variable cannot be read', found: passwordVariable },
        expected: 'the name of a variable that begins with MANGROVE_',
      })
    }
    const { found, proposal } = await search({
      address: String(values.address),
      seconds: values.seconds as number | undefined,
      units: values.units === undefined ? undefined : readUnits(String(values.units)),
      user: values.user as string | undefined,
      passwordVariable,
      group: values.group as string | undefined,
      rebirth: values.rebirth === true,
      signal,
      found: (words) => terminal.error(words.replace(/\p{Cc}/gu, '\uFFFD')),
      progress: (fraction, words) => terminal.progress(fraction, words.replace(/\p{Cc}/gu, '\uFFFD')),
    })
    const settled = settleProposal(proposal, await loadVocabulary())
    const file = settled.yaml === '' ? undefined : (values.write as string | undefined)
    if (file !== undefined) await keep(file, settled.yaml)
    const { assets, points, gateways, yaml } = settled
    if (json) terminal.out(JSON.stringify({ found, proposal: { assets, points, gateways }, yaml, file: file ?? null }))
    else if (file !== undefined) terminal.error(`Written to ${file}`)
    else if (yaml !== '') terminal.out(yaml.trimEnd())
    if (found.length === 0) terminal.error('Nobody answers there')
    return found.length === 0 ? exitCode.noResult : exitCode.ok
  },
}

/** `1,2,10-20` */
function readUnits(text: string): readonly number[] {
  const units = text.split(',').flatMap((part) => {
    const [, from = '', to = from] = /^(\d{1,3})(?:-(\d{1,3}))?$/.exec(part.trim()) ?? []
    const [first, last] = [Number(from), Number(to)]
    if (from === '' || first > last || last > 255) return [Number.NaN]
    return Array.from({ length: last - first + 1 }, (_, index) => first + index)
  })
  if (units.some(Number.isNaN)) {
    throw errors.flagValue({ detail: '--units cannot be read', found: text, expected: 'as 1,2,10-20, from 0 to 255' })
  }
  return [...new Set(units)]
}

async function keep(file: string, text: string): Promise<void> {
  await writeFile(file, text, { flag: 'wx' }).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'EEXIST') throw cause
    throw discoverErrors.fileExists(
      { detail: 'Nothing was written', found: file, expected: 'a file that is not there' },
      { cause },
    )
  })
}
