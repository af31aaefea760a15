// Verifies an exported ledger offline, with Node alone (18 or newer):
//
//   node verify-ledger.mjs ledger.ndjson [verifier key]
//
// It reads the file once, hashes every line between the first and the last as a leaf of a Merkle tree (RFC 9162, section 2.1),
// and checks the Ed25519 signature of the checkpoint in the last line (C2SP tlog-checkpoint). Without a verifier key it takes that
// of the file: then it shows that the file is whole, not who signed it. It shares no code with what wrote the file.
import { createHash, createPublicKey, verify } from 'node:crypto'
import { createReadStream } from 'node:fs'

const [file, expectedKey] = process.argv.slice(2)
if (!file) fail('Usage: node verify-ledger.mjs FILE [VERIFIER-KEY]')

function fail(message) {
  process.stderr.write(`${message}\n`)
  process.exit(1)
}

const sha256 = (...parts) => {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest()
}

/** Lines as bytes: only a line feed ends one, and the last one is closed by one. */
async function* linesOf(path) {
  let rest = Buffer.alloc(0)
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    const bytes = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk
    let from = 0
    for (let at = bytes.indexOf(10, from); at >= 0; at = bytes.indexOf(10, from)) {
      yield bytes.subarray(from, at)
      from = at + 1
    }
    rest = bytes.subarray(from)
  }
  if (rest.length > 0) yield rest
}

/** The roots of complete subtrees, the largest first; two of one size become one of twice the size. */
const peaks = []
const leafPrefix = Buffer.from([0])
const nodePrefix = Buffer.from([1])
function append(line) {
  let peak = { size: 1, hash: sha256(leafPrefix, line) }
  while (peaks.at(-1)?.size === peak.size) {
    const left = peaks.pop()
    peak = { size: 2 * peak.size, hash: sha256(nodePrefix, left.hash, peak.hash) }
  }
  peaks.push(peak)
}
const rootHash = () =>
  peaks.length === 0
    ? sha256()
    : peaks.map(({ hash }) => hash).reduceRight((right, left) => sha256(nodePrefix, left, right))

/** Name, id and key of `<name>+<id>+<key>`; the id is the beginning of a hash over name and key. */
function readKey(text) {
  const [name = '', id = '', key = ''] = String(text).split('+', 2).concat(String(text).split('+').slice(2).join('+'))
  const typed = Buffer.from(key, 'base64')
  const ownId = sha256(`${name}\n`, typed).subarray(0, 4)
  if (typed.length !== 33 || typed[0] !== 1 || ownId.toString('hex') !== id) fail('The verifier key is none')
  const der = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), typed.subarray(1)])
  return { name, id: ownId, key: createPublicKey({ key: der, type: 'spki', format: 'der' }) }
}

function parse(bytes, what) {
  try {
    const value = JSON.parse(bytes.toString())
    if (typeof value === 'object' && value !== null) return value
  } catch {
    // Told below.
  }
  return fail(`${what} is no JSON object`)
}

let head
let footer
let count = 0
const kinds = new Map()
try {
  for await (const line of linesOf(file)) {
    if (!head) {
      head = parse(line, 'The first line')
      const { origin, verifierKey, size } = head
      const expected = JSON.stringify({ format: 'mangrove-ledger/1', origin, verifierKey, size })
      if (!line.equals(Buffer.from(expected))) fail('The first line is no header of a ledger')
    } else if (footer) fail('Something stands behind the checkpoint')
    else if (count === head.size) footer = Buffer.from(line)
    else {
      append(line)
      count += 1
      const { kind } = parse(line, `Entry ${count - 1}`)
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1)
    }
  }
} catch (error) {
  fail(`The file cannot be read: ${error.message}`)
}
if (!head || !footer) fail(`The file has no checkpoint at its end: ${count} entries of ${head?.size ?? 'some'}`)
const { checkpoint: note } = parse(footer, 'The last line')
if (!footer.equals(Buffer.from(JSON.stringify({ checkpoint: note })))) fail('The last line is no checkpoint')
if (expectedKey && expectedKey !== head.verifierKey) fail(`Signed by another key than yours: ${head.verifierKey}`)

const { name, id, key } = readKey(head.verifierKey)
const cut = String(note).indexOf('\n\n')
const text = String(note).slice(0, cut + 1)
const [origin, size, root, ...extensions] = text.split('\n').slice(0, -1)
const signed = String(note)
  .slice(cut + 2)
  .split('\n')
  .some((line) => {
    const [dash, signer, base64 = ''] = line.split(' ')
    const bytes = Buffer.from(base64, 'base64')
    if (dash !== '\u2014' || signer !== name || !bytes.subarray(0, 4).equals(id)) return false
    return bytes.toString('base64') === base64 && verify(null, Buffer.from(text), key, bytes.subarray(4))
  })
if (cut < 0 || !signed) fail('The checkpoint is not signed by the key, or was changed')
if (origin !== head.origin || size !== String(head.size)) fail('The checkpoint is of another ledger, or another size')
const computed = rootHash()
if (computed.toString('base64') !== root)
  fail(`The entries have the root ${computed.toString('hex')}, not the one that was signed`)

const told = [...kinds].map(([kind, entries]) => `${entries} ${kind}`).join(', ')
process.stdout.write(`${origin}: ${count} entries (${told}), as signed ${extensions.join(' ')}\n`)
process.stdout.write(
  `root ${computed.toString('hex')}\nkey  ${head.verifierKey}${expectedKey ? ' (the one you trust)' : ''}\n`,
)
