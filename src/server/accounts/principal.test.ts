import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  accessOf,
  administers,
  localPrincipal,
  may,
  narrow,
  type Principal,
  sees,
  writablePoints,
} from './principal.ts'
import { type Grant, permissions, permissionsOf, roles } from './roles.ts'

const organisations = ['north', 'south', 'west'] as const
const sites = ['a', 'b', 'c', 'd'] as const
const someSites = fc.oneof(fc.constant('*' as const), fc.subarray([...sites]))
const grant: fc.Arbitrary<Grant> = fc.record({
  organisation: fc.constantFrom('*', ...organisations),
  role: fc.constantFrom(...roles),
  sites: someSites,
})
const owned = fc.record({
  site: fc.constantFrom(...sites),
  organisation: fc.constantFrom(...organisations, undefined),
})
const permission = fc.constantFrom(...permissions)
const principal = (grants: readonly Grant[]): Principal => ({ kind: 'user', id: 'u', access: accessOf(grants) })

describe('roles', () => {
  it('are least privilege: each has its line, and only admin administers', () => {
    expect(Object.fromEntries(roles.map((role) => [role, permissionsOf(role)]))).toEqual({
      viewer: ['read'],
      operator: ['read', 'plan', 'replay', 'operate', 'ingest'],
      planner: ['read', 'plan', 'replay', 'ingest', 'configure'],
      verifier: ['read', 'replay', 'verify'],
      admin: [...permissions],
    })
    const separated = roles.filter((role) => role !== 'admin' && permissionsOf(role).includes('verify'))
    for (const role of separated) expect(permissionsOf(role)).not.toContain('configure')
  })
})

describe('what a principal may do', () => {
  it('is what one of the grants says, and nothing else', () => {
    fc.assert(
      fc.property(fc.array(grant, { maxLength: 4 }), permission, owned, (grants, wanted, at) => {
        const expected = grants.some(
          ({ organisation, role, sites: at2 }) =>
            (organisation === '*' || organisation === at.organisation) &&
            (at2 === '*' || at2.includes(at.site)) &&
            permissionsOf(role).includes(wanted),
        )
        expect(may(principal(grants), wanted, at)).toBe(expected)
        if (expected) expect(sees(principal(grants), at)).toBe(true)
      }),
    )
  })

  it('never reaches a site of another organisation', () => {
    fc.assert(
      fc.property(fc.array(grant, { maxLength: 4 }), permission, owned, (grants, wanted, at) => {
        const foreign = grants.filter(({ organisation }) => organisation !== '*' && organisation !== at.organisation)
        expect(may(principal(foreign), wanted, at)).toBe(false)
        expect(sees(principal(foreign), at)).toBe(false)
      }),
    )
  })

  it('is never widened by a scope, and never beyond the scope', () => {
    const scope = fc.record({
      permissions: fc.subarray([...permissions]),
      organisation: fc.constantFrom('*', ...organisations),
      sites: someSites,
    })
    fc.assert(
      fc.property(fc.array(grant, { maxLength: 4 }), scope, permission, owned, (grants, limits, wanted, at) => {
        const whole = principal(grants)
        const scoped: Principal = { ...whole, access: narrow(whole.access, limits) }
        const inScope =
          limits.permissions.includes(wanted) &&
          (limits.organisation === '*' || limits.organisation === at.organisation) &&
          (limits.sites === '*' || limits.sites.includes(at.site))
        expect(may(scoped, wanted, at)).toBe(may(whole, wanted, at) && inScope)
      }),
    )
  })

  it('administers an organisation only as a whole', () => {
    expect(administers(principal([{ organisation: 'north', role: 'admin', sites: '*' }]), 'north')).toBe(true)
    expect(administers(principal([{ organisation: 'north', role: 'admin', sites: ['a'] }]), 'north')).toBe(false)
    expect(administers(principal([{ organisation: 'north', role: 'admin', sites: '*' }]), 'south')).toBe(false)
    expect(administers(principal([{ organisation: 'north', role: 'admin', sites: '*' }]), '*')).toBe(false)
    expect(administers(localPrincipal, 'anything')).toBe(true)
  })

  it('of a device is to write its points', () => {
    const access = [{ organisation: 'north', sites: ['a'], permissions: ['ingest'] as const, points: ['pv.powerKw'] }]
    const device: Principal = { kind: 'device', id: 'd', access }
    const at = { site: 'a', organisation: 'north' }
    expect(writablePoints(device, at)).toEqual(new Set(['pv.powerKw']))
    expect(writablePoints(device, { site: 'b', organisation: 'north' })).toEqual(new Set())
    expect(permissions.filter((wanted) => may(device, wanted, at))).toEqual(['ingest'])
    expect(writablePoints(principal([{ organisation: '*', role: 'viewer', sites: '*' }]), at)).toEqual(new Set())
  })
})
