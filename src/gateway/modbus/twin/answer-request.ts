import type { Device } from '../devices/resolve-device.ts'
import {
  exception,
  functionCode,
  identificationInterface,
  isBitTable,
  type ModbusTable,
  mostBitsRead,
  mostRegistersRead,
  mostRegistersWritten,
} from '../wire/pdu.ts'
import type { TwinUnit } from './twin-unit.ts'

const tableOf: Readonly<Record<number, ModbusTable>> = {
  [functionCode.readCoils]: 'coil',
  [functionCode.readDiscrete]: 'discrete',
  [functionCode.readHolding]: 'holding',
  [functionCode.readInput]: 'input',
}

/** The answer of a unit to a request, whatever it may hold; refusals are answers too. */
export function answerRequest(unit: TwinUnit | undefined, pdu: Buffer): Buffer {
  const code = pdu[0]!
  const refuse = (why: number): Buffer => Buffer.from([code | 0x80, why])
  if (!unit) return refuse(exception.gatewayTarget)
  const table = tableOf[code]
  if (table) return answerRead(unit, pdu, table) ?? refuse(exception.illegalValue)
  switch (code) {
    case functionCode.writeCoil:
    case functionCode.writeRegister:
      return answerWriteOne(unit, pdu) ?? refuse(exception.illegalValue)
    case functionCode.writeCoils:
    case functionCode.writeRegisters:
      return answerWriteMany(unit, pdu) ?? refuse(exception.illegalValue)
    case functionCode.encapsulated:
      return answerIdentification(unit.device, pdu) ?? refuse(exception.illegalFunction)
    default:
      return refuse(exception.illegalFunction)
  }
}

function answerRead(unit: TwinUnit, pdu: Buffer, table: ModbusTable): Buffer | undefined {
  if (pdu.length !== 5) return undefined
  const [address, count] = [pdu.readUInt16BE(1), pdu.readUInt16BE(3)]
  if (count < 1 || count > (isBitTable(table) ? mostBitsRead : mostRegistersRead)) return undefined
  const limit = isBitTable(table) ? mostBitsRead : unit.device.limits.maxRegisters
  if (count > limit) return undefined
  if (address + count > 65_536) return Buffer.from([pdu[0]! | 0x80, exception.illegalAddress])
  const read = unit.read(table, address, count)
  if ('exception' in read) return Buffer.from([pdu[0]! | 0x80, read.exception])
  const bytes = isBitTable(table) ? Math.ceil(count / 8) : 2 * count
  const answer = Buffer.alloc(2 + bytes)
  answer[0] = pdu[0]!
  answer[1] = bytes
  for (const [index, word] of read.words.entries()) {
    if (isBitTable(table)) answer[2 + (index >> 3)]! |= (word & 1) << (index & 7)
    else answer.writeUInt16BE(word, 2 + 2 * index)
  }
  return answer
}

function answerWriteOne(unit: TwinUnit, pdu: Buffer): Buffer | undefined {
  if (pdu.length !== 5) return undefined
  const word = pdu.readUInt16BE(3)
  const isCoil = pdu[0] === functionCode.writeCoil
  if (isCoil && word !== 0 && word !== 0xff00) return undefined
  const refused = unit.write(isCoil ? 'coil' : 'holding', pdu.readUInt16BE(1), Uint16Array.of(word))
  return refused === undefined ? pdu : Buffer.from([pdu[0]! | 0x80, refused])
}

function answerWriteMany(unit: TwinUnit, pdu: Buffer): Buffer | undefined {
  if (pdu.length < 7) return undefined
  const isCoil = pdu[0] === functionCode.writeCoils
  const [address, count, bytes] = [pdu.readUInt16BE(1), pdu.readUInt16BE(3), pdu[5]!]
  const wanted = isCoil ? Math.ceil(count / 8) : 2 * count
  if (count < 1 || (!isCoil && count > mostRegistersWritten) || bytes !== wanted || pdu.length !== 6 + bytes)
    return undefined
  const words = Uint16Array.from({ length: count }, (_, index) =>
    isCoil ? (pdu[6 + (index >> 3)]! >> (index & 7)) & 1 : pdu.readUInt16BE(6 + 2 * index),
  )
  const refused = unit.write(isCoil ? 'coil' : 'holding', address, words)
  return refused === undefined ? pdu.subarray(0, 5) : Buffer.from([pdu[0]! | 0x80, refused])
}

/** Maker, product and revision, where the template says by what the device is known. */
function answerIdentification({ template }: Device, pdu: Buffer): Buffer | undefined {
  const { maker, products } = template?.fingerprint ?? {}
  if (pdu.length !== 4 || pdu[1] !== identificationInterface || maker === undefined) return undefined
  const objects = [maker, products?.[0] ?? 'Twin', '1'].flatMap((text, id) => [
    Buffer.from([id, text.length]),
    Buffer.from(text, 'latin1'),
  ])
  return Buffer.concat([Buffer.from([functionCode.encapsulated, identificationInterface, 1, 1, 0, 0, 3]), ...objects])
}
