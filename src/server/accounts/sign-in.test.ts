import { generateSync } from 'otplib'
import { describe, expect, it } from 'vitest'
import { type TestAccounts, testAccounts } from './accounts.fixture.ts'
import type { AuditLine } from './audit.ts'
import { createUserBook } from './user-book.ts'
import { initialPasswordMs } from './users.ts'

const from = '192.0.2.7'
const own = 'three herons by the weir'
const codeOf = (code: string) => expect.objectContaining({ code })

async function withOwner(): Promise<TestAccounts & { readonly password: string }> {
  const test = testAccounts()
  const { password } = (await test.accounts.firstStart())!
  return { ...test, password }
}

const linesOf = async ({ journal }: TestAccounts): Promise<readonly AuditLine[]> =>
  (await journal.read<AuditLine>('audit')).map(({ content }) => content)

describe('the first start', () => {
  it('makes one user with a password of chance, once', async () => {
    const { accounts, password, records } = await withOwner()
    expect(password).toMatch(/^[\w-]{43}$/)
    expect(await accounts.firstStart()).toBeUndefined()
    expect(await accounts.users.all()).toMatchObject([
      { name: 'owner', grants: [{ organisation: '*', role: 'admin', sites: '*' }] },
    ])
    expect(JSON.stringify(await records.list('user'))).not.toContain(password)
    expect((await testAccounts().accounts.firstStart())?.password).not.toBe(password)
  })

  it('leaves no account with a name or password that is tried first', async () => {
    const { accounts } = await withOwner()
    for (const name of ['admin', 'root', 'sa', 'administrator', 'user', 'test', 'guest', 'mangrove']) {
      await expect(accounts.signIn({ name, password: name }, from)).rejects.toEqual(codeOf('accounts.sign-in-refused'))
    }
  })
})

describe('a password that the server made', () => {
  it('opens the door to nothing but a password of one’s own', async () => {
    const { accounts, password } = await withOwner()
    const { secret } = await accounts.signIn({ name: 'owner', password }, from)
    const principal = await accounts.identify({ cookie: `mangrove=${secret}` })
    expect(principal).toMatchObject({ mustChangePassword: true, access: [] })
    const user = await accounts.users.get('owner')
    const next = await accounts.changePassword(user, own, from)
    expect(await accounts.identify({ cookie: `mangrove=${secret}` })).toBeUndefined()
    const after = await accounts.identify({ cookie: `mangrove=${next.secret}` })
    expect(after?.mustChangePassword).toBeUndefined()
    expect(after?.access).toHaveLength(1)
    await expect(accounts.signIn({ name: 'owner', password }, from)).rejects.toEqual(codeOf('accounts.sign-in-refused'))
  })

  it('expires after three days', async () => {
    const { accounts, password, clock } = await withOwner()
    clock.nowMs += initialPasswordMs - 1
    await accounts.signIn({ name: 'owner', password }, from)
    clock.nowMs += 1
    await expect(accounts.signIn({ name: 'owner', password }, from)).rejects.toEqual(codeOf('accounts.sign-in-refused'))
  })
})

describe('signing in', () => {
  it('says the same for an unknown name, a wrong password and a closed account', async () => {
    const { accounts, password } = await withOwner()
    await createUserBook(accounts).add('second', [{ organisation: '*', role: 'admin', sites: '*' }])
    const told = async (name: string, given: string) =>
      accounts.signIn({ name, password: given }, from).then(
        () => 'in',
        (error: unknown) => JSON.stringify((error as { problems: unknown }).problems),
      )
    const wrong = await told('owner', 'wrong')
    expect(await told('nobody', 'wrong')).toBe(wrong)
    await createUserBook(accounts).disable('owner')
    expect(await told('owner', password)).toBe(wrong)
    expect(await told('__proto__', 'x')).toBe(wrong)
    expect(await told('../user', 'x')).toBe(wrong)
  })

  it('has to wait after many wrong passwords, for unknown names too, and not for ever', async () => {
    const { accounts, password, clock } = await withOwner()
    for (const name of ['owner', 'nobody']) {
      for (let k = 0; k < 6; k += 1) {
        clock.nowMs += 3000
        await accounts.signIn({ name, password: 'wrong' }, from).catch(() => undefined)
      }
    }
    for (const name of ['owner', 'nobody']) {
      await accounts.signIn({ name, password: 'wrong' }, from).catch(() => undefined)
      await expect(accounts.signIn({ name, password: 'wrong' }, from)).rejects.toMatchObject({
        code: 'accounts.too-many',
        retryAfterMs: expect.any(Number),
      })
    }
    clock.nowMs += 60_000
    expect((await accounts.signIn({ name: 'owner', password }, from)).user.name).toBe('owner')
  })

  it('counts tries that come at once', async () => {
    const { accounts } = await withOwner()
    const tries = await Promise.allSettled(
      Array.from({ length: 20 }, () => accounts.signIn({ name: 'owner', password: 'wrong' }, from)),
    )
    const codes = tries.map((one) => (one.status === 'rejected' ? (one.reason as { code: string }).code : 'in'))
    expect(codes.filter((code) => code === 'accounts.sign-in-refused').length).toBeLessThanOrEqual(6)
    expect(codes).not.toContain('in')
  })

  it('is slowed down for an address that tries many names', async () => {
    const { accounts, clock } = await withOwner()
    const codes: string[] = []
    for (let k = 0; k < 25; k += 1) {
      clock.nowMs += 10
      const error = await accounts.signIn({ name: `name${k}`, password: 'x' }, from).catch((caught: unknown) => caught)
      codes.push((error as { code: string }).code)
    }
    expect(codes.slice(0, 20)).toEqual(Array(20).fill('accounts.sign-in-refused'))
    expect(codes.slice(20)).toEqual(Array(5).fill('accounts.too-many'))
    await expect(accounts.signIn({ name: 'x', password: 'x' }, '198.51.100.1')).rejects.toEqual(
      codeOf('accounts.sign-in-refused'),
    )
  })

  it('with a second factor needs a code, each once', async () => {
    const test = await withOwner()
    const { accounts, clock } = test
    await accounts.users.setPassword('owner', own)
    const { secret } = await accounts.enrolTotp('owner')
    const codeNow = () => generateSync({ secret, epoch: clock.nowMs / 1000 })
    // Not before it is confirmed.
    await accounts.signIn({ name: 'owner', password: own }, from)
    await expect(accounts.confirmTotp('owner', '000000')).rejects.toEqual(codeOf('accounts.bad-code'))
    const [recovery = ''] = await accounts.confirmTotp('owner', codeNow())
    await expect(accounts.signIn({ name: 'owner', password: own }, from)).rejects.toEqual(
      codeOf('accounts.code-needed'),
    )
    // The password comes first: who does not know it is not told of the factor.
    await expect(accounts.signIn({ name: 'owner', password: 'no' }, from)).rejects.toEqual(
      codeOf('accounts.sign-in-refused'),
    )
    clock.nowMs += 30_000
    const code = codeNow()
    const both = await Promise.allSettled(
      [1, 2].map(() => accounts.signIn({ name: 'owner', password: own, code }, from)),
    )
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    await accounts.signIn({ name: 'owner', password: own, code: recovery }, from)
    await expect(accounts.signIn({ name: 'owner', password: own, code: recovery }, from)).rejects.toEqual(
      codeOf('accounts.sign-in-refused'),
    )
    await expect(accounts.enrolTotp('owner')).rejects.toEqual(codeOf('accounts.bad-code'))
    await accounts.removeTotp('owner')
    clock.nowMs += 60_000
    await accounts.signIn({ name: 'owner', password: own }, from)
    const kept = JSON.stringify(await linesOf(test))
    for (const hidden of [own, secret, code, recovery]) expect(kept).not.toContain(hidden)
  })

  it('by a link works once, within an hour', async () => {
    const { accounts, clock } = await withOwner()
    const key = accounts.links.make('owner')
    const { secret } = await accounts.signInByLink(key, from)
    expect((await accounts.identify({ cookie: `mangrove=${secret}` }))?.access).toHaveLength(1)
    await expect(accounts.signInByLink(key, from)).rejects.toEqual(codeOf('accounts.link-refused'))
    const late = accounts.links.make('owner')
    clock.nowMs += 3_600_000
    await expect(accounts.signInByLink(late, from)).rejects.toEqual(codeOf('accounts.link-refused'))
  })

  it('is written into the audit log, with who, from where and how it ended', async () => {
    const test = await withOwner()
    await test.accounts.signIn({ name: 'owner', password: test.password }, from)
    await test.accounts.signIn({ name: 'owner', password: 'wrong' }, from).catch(() => undefined)
    expect(await linesOf(test)).toEqual([
      { who: { kind: 'local', id: 'start' }, what: 'first-start', on: 'user owner', from: 'local', outcome: 'done' },
      { who: { kind: 'user', id: 'owner' }, what: 'sign-in by password', from, outcome: 'done' },
      {
        ...{ who: { kind: 'user', id: 'owner' }, what: 'sign-in', from, outcome: 'refused' },
        why: 'accounts.sign-in-refused',
      },
    ])
    expect(JSON.stringify(await linesOf(test))).not.toContain(test.password)
  })

  it('hashes a password again that was hashed for less than today', async () => {
    const { accounts, records, journal, clock, password } = await withOwner()
    const { createAccounts } = await import('./accounts.ts')
    const dearer = createAccounts({ records, journal, clock, passwordCost: { logN: 5, r: 1, p: 1 } })
    await dearer.signIn({ name: 'owner', password }, from)
    expect((await dearer.users.get('owner')).password).toMatchObject({ logN: 5 })
    clock.nowMs += 2000
    await accounts.signIn({ name: 'owner', password }, from)
  })
})

describe('users', () => {
  it('always leave somebody who can administer', async () => {
    const { accounts } = await withOwner()
    const book = createUserBook(accounts)
    for (const work of [
      () => book.remove('owner'),
      () => book.disable('owner'),
      () => book.setGrants('owner', () => [{ organisation: 'main', role: 'admin', sites: '*' }]),
    ]) {
      await expect(work()).rejects.toEqual(codeOf('accounts.last-admin'))
    }
    await book.add('second', [{ organisation: '*', role: 'admin', sites: '*' }])
    await book.remove('owner')
    expect((await accounts.users.all()).map(({ name }) => name)).toEqual(['second'])
  })

  it('are granted what is there', async () => {
    const { accounts } = await withOwner()
    const book = createUserBook(accounts)
    await accounts.organisations.adopt(['a', 'b'])
    for (const grant of [
      { organisation: 'nobody', role: 'viewer', sites: '*' },
      { organisation: 'main', role: 'viewer', sites: ['c'] },
      { organisation: '*', role: 'admin', sites: ['a'] },
    ] as const) {
      await expect(book.add('new', [grant])).rejects.toEqual(codeOf('accounts.bad-grant'))
    }
    await book.add('new', [{ organisation: 'main', role: 'viewer', sites: ['a'] }])
    await expect(book.add('new', [])).rejects.toEqual(codeOf('accounts.name-taken'))
    await expect(book.add('Big Letters', [])).rejects.toEqual(codeOf('accounts.bad-grant'))
  })

  it('leave nothing behind', async () => {
    const { accounts, clock } = await withOwner()
    const book = createUserBook(accounts)
    const { user } = await book.add('new', [{ organisation: 'main', role: 'viewer', sites: '*' }])
    const cookie = `mangrove=${await accounts.sessions.begin(user, 'provider', from)}`
    const scope = { permissions: ['read'] as const, organisation: '*', sites: '*' as const }
    const { text } = await accounts.tokens.create(user, { title: 'x', scope, expiresMs: clock.nowMs + 1000 })
    await book.remove('new')
    await book.add('new', [{ organisation: 'main', role: 'admin', sites: '*' }])
    expect(await accounts.identify({ cookie })).toBeUndefined()
    await expect(accounts.identify({ authorization: `Bearer ${text}` })).rejects.toMatchObject({ status: 401 })
  })
})

describe('organisations', () => {
  it('own a site once', async () => {
    const { accounts } = await withOwner()
    await accounts.organisations.adopt(['a'])
    await accounts.organisations.create({ id: 'other', name: 'Other', sites: ['b'] })
    await expect(accounts.organisations.change('other', { sites: ['a'] })).rejects.toEqual(codeOf('accounts.bad-grant'))
    // Where there are several, a person decides.
    await accounts.organisations.adopt(['c'])
    expect(await accounts.organisations.owners()).toEqual(
      new Map([
        ['a', 'main'],
        ['b', 'other'],
      ]),
    )
  })
})
