/**
 * SHA-256 (FIPS 180-4) in plain script: a page that is not served over TLS has no `crypto.subtle`, and a proof has to be
 * checked there too.
 */
export function sha256(...parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0)
  const padded = new Uint8Array((((length + 8) >> 6) + 1) << 6)
  let at = 0
  for (const part of parts) {
    padded.set(part, at)
    at += part.length
  }
  padded[length] = 0x80
  const view = new DataView(padded.buffer)
  view.setUint32(padded.length - 8, Math.floor(length / 0x2000_0000))
  view.setUint32(padded.length - 4, length << 3)
  const state = Uint32Array.from(start)
  const words = new Uint32Array(64)
  for (let block = 0; block < padded.length; block += 64) compress(state, words, view, block)
  const hash = new DataView(new ArrayBuffer(32))
  for (const [k, word] of state.entries()) hash.setUint32(4 * k, word)
  return new Uint8Array(hash.buffer)
}

const isPrime = (n: number): boolean => {
  for (let k = 2; k * k <= n; k += 1) if (n % k === 0) return false
  return true
}
const primes = Array.from({ length: 310 }, (_, k) => k + 2).filter(isPrime)
/** The first 32 bits of the fraction of a root. */
const fraction = (root: number): number => Math.floor((root - Math.floor(root)) * 2 ** 32)
const start = primes.slice(0, 8).map((prime) => fraction(Math.sqrt(prime)))
const constants = Uint32Array.from(primes.slice(0, 64), (prime) => fraction(Math.cbrt(prime)))

const turn = (word: number, bits: number): number => (word >>> bits) | (word << (32 - bits))

function compress(state: Uint32Array, words: Uint32Array, view: DataView, block: number): void {
  for (let k = 0; k < 16; k += 1) words[k] = view.getUint32(block + 4 * k)
  for (let k = 16; k < 64; k += 1) {
    const [early, late] = [words[k - 15]!, words[k - 2]!]
    const low = turn(early, 7) ^ turn(early, 18) ^ (early >>> 3)
    const high = turn(late, 17) ^ turn(late, 19) ^ (late >>> 10)
    words[k] = words[k - 16]! + low + words[k - 7]! + high
  }
  let [a, b, c, d, e, f, g, h] = state as unknown as [number, number, number, number, number, number, number, number]
  for (let k = 0; k < 64; k += 1) {
    const mixE = turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)
    const choice = (e & f) ^ (~e & g)
    const first = (h + mixE + choice + constants[k]! + words[k]!) | 0
    const mixA = turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)
    const majority = (a & b) ^ (a & c) ^ (b & c)
    const second = (mixA + majority) | 0
    ;[h, g, f, e, d, c, b, a] = [g, f, e, (d + first) | 0, c, b, a, (first + second) | 0]
  }
  for (const [k, word] of [a, b, c, d, e, f, g, h].entries()) state[k] = state[k]! + word
}
