import { type TwinFault, twinFaults } from '../gateway/index.ts'
import { didYouMean } from '../kernel/index.ts'
import { errors } from './errors.ts'

/** Whose faults a line of standard input changes. */
export interface FaultyDevices {
  readonly gateways: readonly string[]
  fault(gateway: string, faults: readonly TwinFault[]): void
}

const isFault = (word: string): word is TwinFault => (twinFaults as readonly string[]).includes(word)
const known = `one of ${twinFaults.join(', ')}`

/**
 * Reads `substation=silent,storage=stuck+duplicate`.
 *
 * @throws `cli.flag-value`
 */
export function readFaults(text: unknown, gateways: readonly string[]): ReadonlyMap<string, readonly TwinFault[]> {
  const read = new Map<string, readonly TwinFault[]>()
  if (typeof text !== 'string') return read
  for (const part of text.split(',').map((one) => one.trim())) {
    const [gateway = '', words = ''] = part.split('=')
    const faults = words.split('+')
    const wrong = faults.find((word) => !isFault(word))
    if (!gateways.includes(gateway)) {
      const detail = `The site has no gateway "${gateway}"${didYouMean(gateway, gateways)}`
      throw errors.flagValue({ detail, found: part, expected: gateways.join(', ') || 'a site with gateways' })
    }
    if (wrong !== undefined) {
      const detail = `There is no fault "${wrong}"${didYouMean(wrong, twinFaults)}`
      throw errors.flagValue({ detail, found: part, expected: known })
    }
    read.set(gateway, faults.filter(isFault))
  }
  return read
}

/** Does what a line says. @returns what to tell who wrote it; undefined for an empty line */
export function obey(line: string, devices: FaultyDevices): string | undefined {
  const [verb = '', gateway, words = ''] = line.trim().split(/\s+/)
  if (verb === '') return undefined
  const all = devices.gateways.join(', ')
  if (verb === 'clear') {
    if (gateway !== undefined && !devices.gateways.includes(gateway)) return `There is no device ${gateway}: ${all}`
    for (const id of gateway === undefined ? devices.gateways : [gateway]) devices.fault(id, [])
    return `${gateway ?? 'every device'} is sound`
  }
  if (verb !== 'fault') return `"${verb}" is not known: fault GATEWAY FAULT,…, or clear [GATEWAY]`
  if (gateway === undefined || !devices.gateways.includes(gateway)) return `There is no device ${gateway ?? ''}: ${all}`
  const faults = words.split(',')
  if (!faults.every(isFault)) return `There is no such fault: ${known}`
  devices.fault(gateway, faults)
  return `${gateway} is ${faults.join(', ')}`
}
