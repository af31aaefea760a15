import { gatewayErrors } from '../../errors.ts'
import type { FieldWrite } from '../../field-protocol.ts'
import type { Register } from '../registers/register.ts'
import { readValue, scaleFactorOf, writeValue } from '../registers/register-value.ts'
import type { ModbusLink } from '../wire/link.ts'
import {
  isWritten,
  readRequest,
  readWords,
  writeCoilRequest,
  writeCoilsRequest,
  writeRegisterRequest,
  writeRegistersRequest,
} from '../wire/pdu.ts'
import { wordsOf } from './read-turn.ts'

export interface WriteParts {
  readonly link: ModbusLink
  readonly unitId: number
  readonly timeoutMs: number
  nowMs(): number
}

/**
 * Writes a setpoint in the unit of its point and reads it back. A value of several registers goes in one request, so that the
 * device never sees half of it.
 *
 * @throws `gateway.write-refused` with the device's words; `gateway.no-link` when it is not known whether it was written
 */
export async function writeSetpoint(register: Register, value: number, parts: WriteParts): Promise<FieldWrite> {
  const power = await readPower(register, parts)
  const words = writeValue(register, value, power)
  if (!words) {
    throw gatewayErrors.writeRefused({
      detail: `The register of ${register.ref} cannot hold the value`,
      found: value,
      expected: `a value that ${register.type} can hold, in ${register.unit}`,
    })
  }
  const request = requestOf(register, words)
  const answer = await parts.link.request(parts.unitId, request, parts.timeoutMs)
  if (answer.kind === 'exception') {
    throw gatewayErrors.writeRefused({
      detail: `${register.ref} was not written; ${wordsOf(answer.code)}`,
      found: value,
    })
  }
  if (answer.kind !== 'answer' || !isWritten(request, answer.pdu)) {
    throw gatewayErrors.noLink({
      detail: `Whether ${register.ref} was written is not known: the device did not say so`,
      found: answer.kind,
    })
  }
  const acknowledgedMs = parts.nowMs()
  return {
    ref: register.ref,
    written: readValue(register, words, 0, power).value,
    readBack: register.isWriteOnly ? undefined : await readBack(register, power, parts),
    acknowledgedMs,
  }
}

function requestOf({ table, address, write }: Register, words: Uint16Array): Buffer {
  const [first = 0] = words
  if (table === 'coil')
    return write === 'single' ? writeCoilRequest(address, first !== 0) : writeCoilsRequest(address, first !== 0)
  return write === 'single' ? writeRegisterRequest(address, first) : writeRegistersRequest(address, words)
}

async function readPower(register: Register, parts: WriteParts): Promise<number> {
  if (register.scaleFactorAt === undefined) return 0
  const [word] = (await read(register, register.scaleFactorAt, 1, parts)) ?? []
  const power = word === undefined ? undefined : scaleFactorOf(word)
  if (power !== undefined) return power
  throw gatewayErrors.writeRefused({
    detail: `The device does not say the scale of ${register.ref}, so nothing was written`,
    found: word,
    expected: 'a scale factor from -10 to 10',
  })
}

/** What the device says it holds; undefined where it does not say. */
async function readBack(register: Register, power: number, parts: WriteParts): Promise<number | undefined> {
  const words = await read(register, register.address, register.words, parts)
  const value = words && readValue(register, words, 0, power).value
  return value === undefined || Number.isNaN(value) ? undefined : value
}

async function read(
  { table }: Register,
  address: number,
  count: number,
  { link, unitId, timeoutMs }: WriteParts,
): Promise<Uint16Array | undefined> {
  const answer = await link.request(unitId, readRequest(table, address, count), timeoutMs)
  return answer.kind === 'answer' ? readWords(answer.pdu, table, count) : undefined
}
