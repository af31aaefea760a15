import { generateSync } from 'otplib'
import { describe, expect, it } from 'vitest'
import { newRecoveryCodes, newTotp, takeCode, totpUri } from './totp.ts'

const atMs = Date.UTC(2026, 6, 6, 4)
const codeAt = (secret: string, timeMs: number): string => generateSync({ secret, epoch: Math.floor(timeMs / 1000) })

describe('a code of the second factor', () => {
  it('is that of RFC 6238, appendix B, cut to six figures', () => {
    // Secret "12345678901234567890" in base32; T = 59 s gives 94287082, T = 1111111109 s gives 07081804 of eight figures.
    const totp = { ...newTotp(), secret: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ' }
    expect(takeCode(totp, '287082', 59_000)).toBeDefined()
    expect(takeCode(totp, '081804', 1_111_111_109_000)).toBeDefined()
    expect(takeCode(totp, '287083', 59_000)).toBeUndefined()
  })

  it('is good once, and none of before it is good afterwards', () => {
    const totp = newTotp()
    const code = codeAt(totp.secret, atMs)
    const before = codeAt(totp.secret, atMs - 30_000)
    const used = takeCode(totp, code, atMs)
    expect(used).toBeDefined()
    expect(takeCode(used!, code, atMs)).toBeUndefined()
    expect(takeCode(used!, before, atMs)).toBeUndefined()
    expect(takeCode(used!, codeAt(totp.secret, atMs + 30_000), atMs + 30_000)).toBeDefined()
  })

  it('is good for half a minute and the half minute after, not longer and not before', () => {
    const totp = newTotp()
    expect(takeCode(totp, codeAt(totp.secret, atMs - 30_000), atMs)).toBeDefined()
    expect(takeCode(totp, codeAt(totp.secret, atMs - 90_000), atMs)).toBeUndefined()
    expect(takeCode(totp, codeAt(totp.secret, atMs + 60_000), atMs)).toBeUndefined()
  })

  it('may be a recovery code, each once, with or without its lines', () => {
    const { codes, hashes } = newRecoveryCodes()
    expect(new Set(codes).size).toBe(10)
    const totp = { ...newTotp(), confirmed: true, recovery: hashes }
    const [first = '', second = ''] = codes
    const used = takeCode(totp, first.replaceAll('-', '').toUpperCase(), atMs)
    expect(used?.recovery).toHaveLength(9)
    expect(takeCode(used!, first, atMs)).toBeUndefined()
    expect(takeCode(used!, second, atMs)).toBeDefined()
    expect(JSON.stringify(totp)).not.toContain(first.replaceAll('-', ''))
  })

  it('comes from a secret of 160 bits that authenticators read', () => {
    const { secret } = newTotp()
    expect(secret).toMatch(/^[A-Z2-7]{32}$/)
    expect(newTotp().secret).not.toBe(secret)
    expect(totpUri(secret, 'park.planner', 'Mangrove')).toMatch(/^otpauth:\/\/totp\/Mangrove:park\.planner\?secret=/)
  })

  it.each(['', '000000', '12345', '1234567', 'abcdef', '１２３４５６', 'null', '-'])('is not “%s”', (code) => {
    expect(takeCode({ ...newTotp(), secret: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ' }, code, 59_000)).toBeUndefined()
  })
})
