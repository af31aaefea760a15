import { describe, expect, it } from 'vitest'
import type { AuditLine } from './access-queries.ts'
import { filterAudit, whoOf } from './audit-filter.ts'
import { administers, administersSite, administersSomething, isWhole, ownPermissions } from './grants.ts'
import { pointsOf } from './points-of.ts'

const line = (change: Partial<AuditLine>): AuditLine => ({
  ...{
    number: 1,
    timestampMs: 0,
    who: { kind: 'user', id: 'ana' },
    what: 'createUser',
    from: '10.0.0.7',
    outcome: 'done',
  },
  ...change,
})

describe('the audit log', () => {
  const lines = [
    line({ number: 3, on: 'user park.planner' }),
    line({ number: 2, outcome: 'refused', why: 'accounts.forbidden', who: { kind: 'token', id: 't1', user: 'bo' } }),
    line({ number: 1, who: { kind: 'nobody', id: '' }, what: 'sign-in', outcome: 'refused' }),
  ]
  const numbers = (text: string, outcome: 'all' | 'refused' = 'all') =>
    filterAudit(lines, { text, outcome }).map(({ number }) => number)

  it('is searched by all words, in any order and any place', () => {
    expect(numbers('')).toEqual([3, 2, 1])
    expect(numbers('PLANNER ana')).toEqual([3])
    expect(numbers('forbidden bo')).toEqual([2])
    expect(numbers('planner bo')).toEqual([])
    expect(numbers('', 'refused')).toEqual([2, 1])
  })

  it('names the user behind a token, and nobody', () => {
    expect(lines.map(whoOf)).toEqual(['ana', 'bo', 'nobody'])
  })
})

describe('who administers', () => {
  const access = (organisation: string, sites: '*' | readonly string[], permissions: readonly string[]) => ({
    access: [{ organisation, sites, permissions }],
  })
  it('an organisation does so at all of its sites only', () => {
    expect(administers(access('works', '*', ['administer']), 'works')).toBe(true)
    expect(administers(access('works', ['a'], ['administer']), 'works')).toBe(false)
    expect(administers(access('works', '*', ['administer']), '*')).toBe(false)
    expect(administers(access('*', '*', ['administer']), 'works')).toBe(true)
    expect(administersSomething(access('works', '*', ['read']))).toBe(false)
    expect(administersSite(access('works', ['a'], ['administer']), 'a')).toBe(true)
    expect(administersSite(access('works', ['a'], ['administer']), 'b')).toBe(false)
    expect(administers(null, '*')).toBe(false)
  })

  it('gives tokens no more than one has', () => {
    expect(ownPermissions(access('works', '*', ['plan', 'read']))).toEqual(['read', 'plan'])
  })

  it('grants the platform whole, and an organisation with a site', () => {
    expect(isWhole({ organisation: '*', role: 'admin', sites: '*' })).toBe(true)
    expect(isWhole({ organisation: '*', role: 'admin', sites: ['a'] })).toBe(false)
    expect(isWhole({ organisation: 'works', role: 'viewer', sites: [] })).toBe(false)
  })
})

it('reads points one a line or with commas, each once', () => {
  expect(pointsOf('gate.counted, hall.powerKw\n gate.counted ')).toEqual(['gate.counted', 'hall.powerKw'])
})
