import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cheap } from './accounts.fixture.ts'
import { checkPassword, isCommon, passwordLength } from './password-rules.ts'
import { createPasswords, defaultCost } from './passwords.ts'

describe('a password at rest', () => {
  const passwords = createPasswords(cheap)

  it('is a scrypt key with its cost and a salt of its own, and matches itself only', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'binary', maxLength: 128 }),
        fc.string({ maxLength: 128 }),
        async (one, two) => {
          const stored = await passwords.hash(one)
          expect(stored).toMatchObject({ method: 'scrypt', ...cheap })
          expect(await passwords.matches(one, stored)).toBe(true)
          expect(await passwords.matches(two, stored)).toBe(one === two)
          expect((await passwords.hash(one)).salt).not.toBe(stored.salt)
        },
      ),
      { numRuns: 30 },
    )
  })

  it('is taken exactly as given: no cut, no change of case, no trimming', async () => {
    const given = ` Ümlaut ${'x'.repeat(100)} End `
    const stored = await passwords.hash(given)
    for (const other of [given.trim(), given.toLowerCase(), given.slice(0, 72), given.normalize('NFD')]) {
      expect(await passwords.matches(other, stored), other).toBe(false)
    }
    expect(await passwords.matches(given, stored)).toBe(true)
  })

  it('costs 128 MiB by default, and is known as weak when it was hashed for less', async () => {
    expect(128 * 2 ** defaultCost.logN * defaultCost.r).toBe(128 * 1024 * 1024)
    expect(createPasswords(defaultCost).isWeak(await passwords.hash('x'))).toBe(true)
    expect(passwords.isWeak(await passwords.hash('x'))).toBe(false)
  })

  it('takes the same work for a user that is not there, which never matches', async () => {
    // The work of scrypt is that of its parameters: what is compared is what each call was asked to do.
    const slow = createPasswords({ logN: 15, r: 8, p: 1 })
    const stored = await slow.hash('right')
    const timed = async (work: () => Promise<unknown>): Promise<number> => {
      const times: number[] = []
      for (let round = 0; round < 5; round += 1) {
        const begin = performance.now()
        await work()
        times.push(performance.now() - begin)
      }
      return Math.min(...times)
    }
    const wrong = await timed(() => slow.matches('wrong', stored))
    const unknown = await timed(() => slow.matches('wrong', undefined))
    expect(unknown).toBeGreaterThan(wrong / 3)
    expect(unknown).toBeLessThan(wrong * 3)
    expect(await slow.matches('wrong', undefined)).toBe(false)
  })

  it('is hashed at most two at once, and refused when too many wait', async () => {
    const many = Array.from({ length: 40 }, () => passwords.hash('x'))
    const ended = await Promise.allSettled(many)
    const refused = ended.filter(({ status }) => status === 'rejected') as PromiseRejectedResult[]
    expect(refused.length).toBe(6)
    expect(refused[0]?.reason).toMatchObject({ code: 'accounts.too-many', status: 429 })
    expect(await passwords.matches('y', await passwords.hash('y'))).toBe(true)
  })
})

describe('a password of one’s own', () => {
  it.each([
    'password1234',
    'Password1234!',
    'qwertyuiop12',
    '123456789012',
    'iloveyouforever',
    'aaaaaaaaaaaa',
    'abcabcabcabc',
    'letmein letmein',
    'P@ssw0rd2026',
    'welcome12345',
    'mangrove2026!!',
    'adminadminadmin',
    'passwordpassword',
    'qazwsxedcrfv',
    '1q2w3e4r5t6y',
    'monkey-dragon-1',
  ])('%s is refused: it is tried first', (password) => {
    expect(isCommon(password, ['mangrove'])).toBe(true)
    expect(() => checkPassword(password, ['mangrove'])).toThrow(/tried first/)
  })

  it.each([
    'correct horse battery staple',
    'lowercaselettersonlyandnothingelse',
    '海洋 红树林 发电 储能 监测 系统!',
    'tDz3Kq-vv9s_x',
    'vier Wörter die niemand kennt',
    `${'a'.repeat(5)}kx7wq`.repeat(12),
  ])('%s is accepted, whatever it is made of', (password) => {
    expect(() => checkPassword(password)).not.toThrow()
  })

  it('has 12 to 128 characters', () => {
    const [least, most] = passwordLength
    const letters = [...'xkvqzjwpyfmbgdhl']
    const of = (length: number): string => Array.from({ length }, (_, k) => letters[(k * k + 3 * k) % 16]).join('')
    expect([least, most]).toEqual([12, 128])
    for (const length of [0, 1, 11, 129, 1000])
      expect(() => checkPassword(of(length)), `${length}`).toThrow(/too (short|long)/)
    for (const length of [12, 64, 128]) expect(() => checkPassword(of(length)), `${length}`).not.toThrow()
  })

  it('may not be made of the name of its user', () => {
    expect(() => checkPassword('zhangwei.zhangwei', ['zhangwei'])).toThrow(/tried first/)
  })

  it('is judged in a moment, whatever it is', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('a', 'pass', 'word', 'love', '1', 'you', 'me'), { maxLength: 40 }),
        (parts) => {
          const begin = performance.now()
          isCommon(parts.join('').slice(0, 128))
          expect(performance.now() - begin).toBeLessThan(500)
        },
      ),
      { numRuns: 50 },
    )
  })
})
