import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto'
import { carbonErrors } from '../errors.ts'

/** Who signs the checkpoints of a log. */
export interface LogSigner {
  /** Name of the key: no spaces, no plus. */
  readonly name: string
  /** `<name>+<key id>+<key>`, as verifiers take it (C2SP signed-note). */
  readonly verifierKey: string
  sign(text: string): Buffer
}

/** A signed statement of how long a log is and which root it has. */
export interface Checkpoint {
  readonly origin: string
  readonly size: number
  readonly root: Buffer
  /** When it was signed. */
  readonly time: string
}

/** Ed25519, by the signed-note format. */
const algorithm = 1
const spkiPrefix = Buffer.from('302a300506032b6570032100', 'hex')

/** Makes a key for a log, as text to be kept. */
export const newLogKey = (): string =>
  generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64')

export function createLogSigner(name: string, key: string): LogSigner {
  if (!/^[^\s+]{1,200}$/.test(name)) {
    throw carbonErrors.badSignature({ detail: 'This is no name of a key', found: name, expected: 'no spaces, no plus' })
  }
  const privateKey = createPrivateKey({ key: Buffer.from(key, 'base64'), type: 'pkcs8', format: 'der' })
  const raw = createPublicKey(privateKey).export({ type: 'spki', format: 'der' }).subarray(spkiPrefix.length)
  const typed = Buffer.concat([Buffer.from([algorithm]), raw])
  return {
    name,
    verifierKey: `${name}+${keyIdOf(name, typed).toString('hex')}+${typed.toString('base64')}`,
    sign: (text) => sign(null, Buffer.from(text), privateKey),
  }
}

const keyIdOf = (name: string, typedKey: Uint8Array): Buffer =>
  createHash('sha256').update(`${name}\n`).update(typedKey).digest().subarray(0, 4)

interface VerifierKey {
  readonly name: string
  readonly id: Buffer
  readonly key: KeyObject
}

function readVerifierKey(text: string): VerifierKey {
  const [, name, idHex, base64] = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]{44})$/.exec(text) ?? []
  const typed = Buffer.from(base64 ?? '', 'base64')
  const id = Buffer.from(idHex ?? '', 'hex')
  if (name === undefined || typed.length !== 33 || typed[0] !== algorithm || !keyIdOf(name, typed).equals(id)) {
    throw carbonErrors.badSignature({
      detail: 'This is no verifier key',
      found: text,
      expected: '<name>+<key id>+<key> as of mangrove ledger verify --json',
    })
  }
  const der = Buffer.concat([spkiPrefix, typed.subarray(1)])
  return { name, id, key: createPublicKey({ key: der, type: 'spki', format: 'der' }) }
}

/**
 * Signs a checkpoint: the text form of C2SP tlog-checkpoint (origin, size, root in base64, the time as an extension line) with a
 * signature line of C2SP signed-note. Witnesses may add theirs below.
 */
export function signCheckpoint({ origin, size, root, time }: Checkpoint, signer: LogSigner): string {
  const text = `${origin}\n${size}\n${root.toString('base64')}\ntime ${time}\n`
  const [, idHex = ''] = signer.verifierKey.slice(signer.name.length).split('+')
  const signature = Buffer.concat([Buffer.from(idHex, 'hex'), signer.sign(text)]).toString('base64')
  return `${text}\n\u2014 ${signer.name} ${signature}\n`
}

const form =
  /^([^\n]+)\n(0|[1-9]\d{0,15})\n([A-Za-z0-9+/]{43}=)\ntime ([^\n]+)\n\n((?:\u2014 [^\s+]+ [A-Za-z0-9+/]+=*\n)+)$/

/**
 * Reads a checkpoint that was signed by a key. Signatures of others are passed by.
 *
 * @throws `carbon.bad-signature`
 */
export function openCheckpoint(note: string, verifierKey: string): Checkpoint {
  const { name, id, key } = readVerifierKey(verifierKey)
  const [, origin, size, root, time, lines] = form.exec(note) ?? []
  if (origin === undefined || lines === undefined) {
    throw carbonErrors.badSignature({ detail: 'This is no signed checkpoint', found: note.slice(0, 80) })
  }
  const text = Buffer.from(note.slice(0, note.length - lines.length - 1))
  for (const line of lines.split('\n').slice(0, -1)) {
    const [, own, base64 = ''] = line.split(' ')
    const bytes = Buffer.from(base64, 'base64')
    if (own !== name || !bytes.subarray(0, 4).equals(id) || bytes.toString('base64') !== base64) continue
    if (!verify(null, text, key, bytes.subarray(4))) break
    return { origin, size: Number(size), root: Buffer.from(root!, 'base64'), time: time! }
  }
  throw carbonErrors.badSignature({
    detail: 'The checkpoint is not signed by this key, or was changed',
    found: lines.trim(),
    expected: `a signature of ${name}`,
  })
}
