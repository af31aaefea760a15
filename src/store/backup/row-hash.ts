import { createHash } from 'node:crypto'
import type { Quarter } from '../observations/quarters.ts'
import type { Rows } from '../observations/rows.ts'

const rowBytes = 19
const bufferRows = 1024

/**
 * Digest of the values of one point, added in order of event time. Sources of one moment are brought into the order of
 * their names, as ids depend on what came first; a source is told by name where it comes up, by number from then on.
 */
export class RowHash {
  readonly #names: ReadonlyMap<number, string>
  readonly #hash = createHash('sha256')
  readonly #numbers = new Map<number, number>()
  readonly #buffer = Buffer.alloc(rowBytes * bufferRows)
  #filled = 0
  #rows = 0
  #quarters = 0
  /** Rows of the last moment. */
  #momentMs = Number.NaN
  #moment: { source: number; value: number; quality: number }[] = []

  constructor(names: ReadonlyMap<number, string>) {
    this.#names = names
  }

  add(rows: Rows, row: number): void {
    const eventMs = rows.eventMs[row]!
    if (eventMs !== this.#momentMs) this.#endMoment()
    this.#momentMs = eventMs
    this.#moment.push({ source: rows.source[row]!, value: rows.value[row]!, quality: rows.quality[row]! })
  }

  /** A quarter whose values are gone. */
  addQuarter(quarter: Quarter): void {
    this.#endMoment()
    this.#flush()
    const { startMs, count, sum, min, max, firstMs, first, lastMs, last, rise, quality } = quarter
    const numbers = [startMs, count, sum, min, max, firstMs, first, lastMs, last, rise, quality]
    const bytes = Buffer.alloc(1 + numbers.length * 8)
    bytes[0] = 0x51
    numbers.forEach((number, index) => {
      bytes.writeDoubleLE(Number.isNaN(number) ? Number.NaN : number, 1 + index * 8)
    })
    this.#hash.update(bytes)
    this.#quarters += 1
  }

  digest(): string {
    this.#endMoment()
    this.#flush()
    this.#hash.update(`${this.#rows} rows, ${this.#quarters} quarters`)
    return this.#hash.digest('hex')
  }

  #endMoment(): void {
    if (this.#moment.length > 1) {
      this.#moment.sort((a, b) => Buffer.compare(this.#nameOf(a.source), this.#nameOf(b.source)))
    }
    for (const { source, value, quality } of this.#moment) this.#write(source, value, quality)
    this.#moment.length = 0
  }

  #write(source: number, value: number, quality: number): void {
    let number = this.#numbers.get(source)
    if (number === undefined) {
      this.#flush()
      const name = this.#nameOf(source)
      this.#hash.update(Buffer.of(0x53, name.length & 255, name.length >> 8)).update(name)
      number = this.#numbers.size
      this.#numbers.set(source, number)
    }
    if (this.#filled === this.#buffer.length) this.#flush()
    const at = this.#filled
    this.#buffer.writeDoubleLE(this.#momentMs, at)
    // One pattern of bits for what is missing.
    this.#buffer.writeDoubleLE(Number.isNaN(value) ? Number.NaN : value, at + 8)
    this.#buffer[at + 16] = quality
    this.#buffer.writeUInt16LE(number, at + 17)
    this.#filled += rowBytes
    this.#rows += 1
  }

  #flush(): void {
    if (this.#filled > 0) this.#hash.update(this.#buffer.subarray(0, this.#filled))
    this.#filled = 0
  }

  #nameOf(source: number): Buffer {
    return Buffer.from(this.#names.get(source) ?? '')
  }
}
