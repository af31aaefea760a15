import { crc16 } from './crc16.ts'
import { functionCode, identificationInterface, mostPduBytes } from './pdu.ts'

/** One frame from the wire. */
export interface Frame {
  /** Number of the transaction; undefined where the framing has none. */
  readonly transaction: number | undefined
  readonly unitId: number
  readonly pdu: Buffer
}

/** Cuts a stream of bytes into frames. */
export interface Framer {
  /** The frames that the bytes complete; `broken` where what follows cannot be told apart any more. */
  push(bytes: Buffer): { readonly frames: readonly Frame[]; readonly broken: boolean }
  /** Forgets what has come of a frame. */
  reset(): void
}

/** How requests and answers are packed. */
export interface Framing {
  readonly name: 'tcp' | 'rtu'
  encode(transaction: number, unitId: number, pdu: Buffer): Buffer
  /** Reads answers on the side of the client, requests on the side of the device. */
  framer(reads: 'answers' | 'requests'): Framer
}

const headBytes = 7

/** MBAP header (Modbus Messaging on TCP/IP V1.0b, 3.1.3): transaction, protocol 0, length, unit. */
export const tcpFraming: Framing = {
  name: 'tcp',
  encode(transaction, unitId, pdu) {
    const frame = Buffer.allocUnsafe(headBytes + pdu.length)
    frame.writeUInt16BE(transaction, 0)
    frame.writeUInt16BE(0, 2)
    frame.writeUInt16BE(pdu.length + 1, 4)
    frame[6] = unitId
    pdu.copy(frame, headBytes)
    return frame
  },
  framer() {
    let waiting: Buffer = Buffer.alloc(0)
    return {
      push(bytes) {
        waiting = waiting.length === 0 ? bytes : Buffer.concat([waiting, bytes])
        const frames: Frame[] = []
        while (waiting.length >= headBytes) {
          const length = waiting.readUInt16BE(4)
          if (waiting.readUInt16BE(2) !== 0 || length < 2 || length > mostPduBytes + 1) {
            waiting = Buffer.alloc(0)
            return { frames, broken: true }
          }
          if (waiting.length < headBytes - 1 + length) break
          frames.push({
            transaction: waiting.readUInt16BE(0),
            unitId: waiting[6]!,
            pdu: waiting.subarray(headBytes, headBytes - 1 + length),
          })
          waiting = waiting.subarray(headBytes - 1 + length)
        }
        return { frames, broken: false }
      },
      reset() {
        waiting = Buffer.alloc(0)
      },
    }
  },
}

/** RTU frames (unit, PDU, CRC), here over a stream: where one ends is told by its function, for no silence survives a network. */
export const rtuFraming: Framing = {
  name: 'rtu',
  encode(_transaction, unitId, pdu) {
    const frame = Buffer.allocUnsafe(pdu.length + 3)
    frame[0] = unitId
    pdu.copy(frame, 1)
    frame.writeUInt16LE(crc16(frame, pdu.length + 1), pdu.length + 1)
    return frame
  },
  framer(reads) {
    const lengthOf = reads === 'answers' ? answerLength : requestLength
    let waiting: Buffer = Buffer.alloc(0)
    return {
      push(bytes) {
        waiting = waiting.length === 0 ? bytes : Buffer.concat([waiting, bytes])
        const frames: Frame[] = []
        for (;;) {
          const length = lengthOf(waiting)
          if (length === undefined) return { frames, broken: false }
          if (length > 0 && waiting.length < length) return { frames, broken: false }
          if (length === 0 || crc16(waiting, length - 2) !== waiting.readUInt16LE(length - 2)) {
            waiting = Buffer.alloc(0)
            return { frames, broken: true }
          }
          frames.push({ transaction: undefined, unitId: waiting[0]!, pdu: waiting.subarray(1, length - 2) })
          waiting = waiting.subarray(length)
        }
      },
      reset() {
        waiting = Buffer.alloc(0)
      },
    }
  },
}

/** Bytes of the whole frame; undefined: not enough has come to say; 0: that is none. */
function answerLength(bytes: Buffer): number | undefined {
  const [, code, third] = bytes
  if (code === undefined) return undefined
  if (code & 0x80) return 5
  switch (code) {
    case functionCode.readCoils:
    case functionCode.readDiscrete:
    case functionCode.readHolding:
    case functionCode.readInput:
      return third === undefined ? undefined : third > 250 ? 0 : 5 + third
    case functionCode.writeCoil:
    case functionCode.writeRegister:
    case functionCode.writeCoils:
    case functionCode.writeRegisters:
      return 8
    case functionCode.encapsulated:
      return identificationLength(bytes)
    default:
      return 0
  }
}

function identificationLength(bytes: Buffer): number | undefined {
  if (bytes.length > 2 && bytes[2] !== identificationInterface) return 0
  const count = bytes[7]
  if (count === undefined) return undefined
  let at = 8
  for (let object = 0; object < count; object += 1) {
    const length = bytes[at + 1]
    if (length === undefined) return at > 256 ? 0 : undefined
    at += 2 + length
  }
  return at + 2 > 256 ? 0 : at + 2
}

function requestLength(bytes: Buffer): number | undefined {
  const code = bytes[1]
  if (code === undefined) return undefined
  if (code >= functionCode.readCoils && code <= functionCode.writeRegister) return 8
  if (code === functionCode.encapsulated) return 7
  if (code !== functionCode.writeCoils && code !== functionCode.writeRegisters) return 0
  const count = bytes[6]
  return count === undefined ? undefined : count > 246 ? 0 : 9 + count
}
