import type { ModbusLink } from '../wire/link.ts'
import { exception, exceptionWords, readRequest, readWords } from '../wire/pdu.ts'
import type { Job } from './poll-turns.ts'
import type { Unit } from './unit.ts'

/** What became of one turn, and what follows from it. */
export type Outcome =
  | { readonly kind: 'words'; readonly words: Uint16Array }
  /** Try again soon: it has no time now. */
  | { readonly kind: 'busy'; readonly why: string }
  /** The unit does not answer, or nothing that can be understood. */
  | { readonly kind: 'silent'; readonly why: string }
  /** It has no such registers, or not so many in one request. */
  | { readonly kind: 'no-such'; readonly why: string }
  /** It cannot do it now. */
  | { readonly kind: 'refused'; readonly why: string }
  | { readonly kind: 'closed' }

/** Asks a unit for what a job wants. */
export async function readTurn(link: ModbusLink, unit: Unit, job: Job, timeoutMs: number): Promise<Outcome> {
  const { table, address, count } = job.group
  const answer = await link.request(unit.device.unitId, readRequest(table, address, count), timeoutMs)
  switch (answer.kind) {
    case 'answer': {
      const words = readWords(answer.pdu, table, count)
      return words
        ? { kind: 'words', words }
        : { kind: 'silent', why: 'the answer has another length than was asked for' }
    }
    case 'exception':
      return refusal(answer.code)
    case 'timeout':
      return { kind: 'silent', why: `no answer within ${timeoutMs} ms` }
    case 'malformed':
      return { kind: 'silent', why: 'what came is no answer to what was asked' }
    case 'closed':
      return answer
  }
}

/** The words for an exception code. */
export const wordsOf = (code: number): string =>
  exceptionWords[code] ?? `exception ${code}, which the standard does not know`

function refusal(code: number): Outcome {
  const why = wordsOf(code)
  switch (code) {
    case exception.busy:
    case exception.acknowledge:
      return { kind: 'busy', why }
    case exception.gatewayPath:
    case exception.gatewayTarget:
      return { kind: 'silent', why }
    case exception.illegalAddress:
    case exception.illegalValue:
      return { kind: 'no-such', why }
    default:
      return { kind: 'refused', why }
  }
}
