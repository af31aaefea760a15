import { describe, expect, it } from 'vitest'
import { correctionOf, formatBits, qrCode } from './qr-code.ts'

describe('qr code', () => {
  it('reckons the error correction of “HELLO WORLD” at 1-M (thonky.com, QR code tutorial)', () => {
    const data = [32, 91, 11, 120, 209, 114, 220, 77, 67, 64, 236, 17, 236, 17, 236, 17]
    expect(correctionOf(data, 10)).toEqual([196, 35, 39, 119, 235, 215, 231, 226, 93, 23])
  })

  it('writes the format of level M as in table C.1 of ISO/IEC 18004', () => {
    expect(formatBits(0)).toBe(0b101010000010010)
    expect(formatBits(5)).toBe(0b100000011001110)
    expect(formatBits(7)).toBe(0b100101010100000)
  })

  it('takes the smallest version that has room, and none for what is too long', () => {
    expect(qrCode('a'.repeat(14))?.length).toBe(21)
    expect(qrCode('a'.repeat(15))?.length).toBe(25)
    expect(qrCode('a'.repeat(213))?.length).toBe(57)
    expect(qrCode('a'.repeat(214))).toBeUndefined()
  })

  it('has the three finders and the timing lines', () => {
    const rows = qrCode('otpauth://totp/Mangrove:owner?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Mangrove') ?? []
    const size = rows.length
    const line = (row: number, from: number): string =>
      (rows[row] ?? [])
        .slice(from, from + 7)
        .map((dark) => (dark ? '#' : '.'))
        .join('')
    for (const [row, column] of [
      [0, 0],
      [0, size - 7],
      [size - 7, 0],
    ] as const) {
      expect([0, 1, 2, 3, 4, 5, 6].map((k) => line(row + k, column))).toEqual([
        '#######',
        '#.....#',
        '#.###.#',
        '#.###.#',
        '#.###.#',
        '#.....#',
        '#######',
      ])
    }
    expect(rows[6]?.slice(8, size - 8).every((dark, k) => dark === (k % 2 === 0))).toBe(true)
  })
})
