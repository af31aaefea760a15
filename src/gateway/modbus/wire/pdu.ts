/**
 * Requests and answers without their frame (Modbus Application Protocol V1.1b3). Addresses count from 0, as on the wire;
 * words are sent high byte first.
 */

export const modbusTables = ['holding', 'input', 'coil', 'discrete'] as const
export type ModbusTable = (typeof modbusTables)[number]

export const functionCode = {
  readCoils: 1,
  readDiscrete: 2,
  readHolding: 3,
  readInput: 4,
  writeCoil: 5,
  writeRegister: 6,
  writeCoils: 15,
  writeRegisters: 16,
  encapsulated: 43,
} as const

/** MODBUS Encapsulated Interface of the device identification (6.21). */
export const identificationInterface = 14

/** What one request may ask for (6.1 to 6.4, 6.11, 6.12). */
export const mostRegistersRead = 125
export const mostBitsRead = 2000
export const mostRegistersWritten = 123
export const mostPduBytes = 253

const readFunction: Readonly<Record<ModbusTable, number>> = {
  coil: functionCode.readCoils,
  discrete: functionCode.readDiscrete,
  holding: functionCode.readHolding,
  input: functionCode.readInput,
}

/** Tables of single bits. */
export const isBitTable = (table: ModbusTable): boolean => table === 'coil' || table === 'discrete'

export function readRequest(table: ModbusTable, address: number, count: number): Buffer {
  const pdu = Buffer.allocUnsafe(5)
  pdu[0] = readFunction[table]
  pdu.writeUInt16BE(address, 1)
  pdu.writeUInt16BE(count, 3)
  return pdu
}

/** One register by function 6, in one request. */
export function writeRegisterRequest(address: number, word: number): Buffer {
  const pdu = Buffer.allocUnsafe(5)
  pdu[0] = functionCode.writeRegister
  pdu.writeUInt16BE(address, 1)
  pdu.writeUInt16BE(word, 3)
  return pdu
}

/** Registers that follow each other by function 16, in one request: a value of 32 bits is never half there. */
export function writeRegistersRequest(address: number, words: Uint16Array): Buffer {
  const pdu = Buffer.allocUnsafe(6 + 2 * words.length)
  pdu[0] = functionCode.writeRegisters
  pdu.writeUInt16BE(address, 1)
  pdu.writeUInt16BE(words.length, 3)
  pdu[5] = 2 * words.length
  for (const [index, word] of words.entries()) pdu.writeUInt16BE(word, 6 + 2 * index)
  return pdu
}

export function writeCoilRequest(address: number, on: boolean): Buffer {
  const pdu = Buffer.allocUnsafe(5)
  pdu[0] = functionCode.writeCoil
  pdu.writeUInt16BE(address, 1)
  pdu.writeUInt16BE(on ? 0xff00 : 0, 3)
  return pdu
}

/** One coil by function 15, for devices that know no other. */
export function writeCoilsRequest(address: number, on: boolean): Buffer {
  const pdu = Buffer.from([functionCode.writeCoils, 0, 0, 0, 1, 1, on ? 1 : 0])
  pdu.writeUInt16BE(address, 1)
  return pdu
}

/** Asks for objects of the device identification; code 1 is the basic stream: maker, product, revision. */
export const identificationRequest = (firstObject = 0, code = 1): Buffer =>
  Buffer.from([functionCode.encapsulated, identificationInterface, code, firstObject])

/**
 * Words of an answer to {@link readRequest}; bits come as words 0 and 1. Undefined where the answer is not as long as it says or
 * as was asked for.
 */
export function readWords(answer: Buffer, table: ModbusTable, count: number): Uint16Array | undefined {
  const bytes = isBitTable(table) ? Math.ceil(count / 8) : 2 * count
  if (answer.length !== 2 + bytes || answer[0] !== readFunction[table] || answer[1] !== bytes) return undefined
  const words = new Uint16Array(count)
  if (isBitTable(table)) {
    for (let bit = 0; bit < count; bit += 1) words[bit] = (answer[2 + (bit >> 3)]! >> (bit & 7)) & 1
  } else {
    for (let word = 0; word < count; word += 1) words[word] = (answer[2 + 2 * word]! << 8) | answer[3 + 2 * word]!
  }
  return words
}

/** Whether a device said that it wrote what it was asked to: it echoes function, address, and value or count. */
export const isWritten = (request: Buffer, answer: Buffer): boolean =>
  answer.length === 5 && answer.equals(request.subarray(0, 5))

/** Objects of a device identification by their id: 0 maker, 1 product code, 2 revision, 4 product name, 5 model. */
export interface Identification {
  readonly objects: ReadonlyMap<number, string>
  /** Id of the object to ask for next; undefined: that was all. */
  readonly next: number | undefined
}

export function readIdentification(answer: Buffer): Identification | undefined {
  if (answer.length < 7 || answer[0] !== functionCode.encapsulated || answer[1] !== identificationInterface)
    return undefined
  const objects = new Map<number, string>()
  let at = 7
  for (let count = answer[6]!; count > 0; count -= 1) {
    const length = answer[at + 1]
    if (length === undefined || at + 2 + length > answer.length) return undefined
    objects.set(answer[at]!, printable(answer.subarray(at + 2, at + 2 + length)))
    at += 2 + length
  }
  return { objects, next: answer[4] === 0xff ? answer[5] : undefined }
}

/** Text of a device, which may hold anything: without zeros at its end and control characters. */
export const printable = (bytes: Uint8Array): string =>
  Buffer.from(bytes)
    .toString('latin1')
    .replace(/\0.*$/s, '')
    .replace(/[^\x20-\x7e\xa0-\xff]/g, '')
    .trim()

/** What an exception code means, in words (Modbus Application Protocol V1.1b3, 7). */
export const exceptionWords: Readonly<Record<number, string>> = {
  1: 'illegal function: the device does not know this kind of request',
  2: 'illegal data address: the device has no such register, or not so many from there',
  3: 'illegal data value: the device does not take this value or number of registers',
  4: 'device failure: the device could not do it',
  5: 'acknowledge: the device is at it and needs longer',
  6: 'device busy: the device has no time now',
  7: 'negative acknowledge: the device cannot do it',
  8: 'memory parity error: the device found its memory damaged',
  10: 'gateway path unavailable: the gateway has no way to the device',
  11: 'gateway target failed to respond: the device behind the gateway is silent',
}

export const exception = {
  illegalFunction: 1,
  illegalAddress: 2,
  illegalValue: 3,
  deviceFailure: 4,
  acknowledge: 5,
  busy: 6,
  gatewayPath: 10,
  gatewayTarget: 11,
} as const
