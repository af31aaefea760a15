import type { InjectOptions } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Permission, permissionsOf, type Role, roles } from './accounts/roles.ts'
import { newSecret } from './accounts/secrets.ts'
import { type GuardedServer, openGuardedServer, type Tenant, tenants } from './guarded.fixture.ts'
import type { OpenApiDocument, Operation } from './openapi/document.ts'
import { publishPlan } from './published-plan.ts'
import { shortPlan } from './server.fixture.ts'

let test: GuardedServer
let operations: readonly { readonly path: string; readonly method: string; readonly operation: Operation }[]
let evidence: string
let job: string

beforeAll(async () => {
  test = await openGuardedServer()
  const document: OpenApiDocument = (await test.inject('/api/openapi.json')).json()
  operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  )
  const planner = test.nameOf('north', 'planner')
  const plan = { method: 'POST', url: '/api/v1/engines/energy.plan', payload: shortPlan } as const
  const planned = (await test.as(planner, plan)).json()
  evidence = planned.evidence
  await publishPlan(test.store, tenants.north, { ...planned, publishedMs: 0 })
  const note = `/api/v1/sites/${tenants.north}/documents/note/shift-book`
  await test.as(planner, { method: 'PUT', url: note, payload: { text: 'quiet night' } })
  job = (await test.as(planner, { ...plan, headers: { prefer: 'respond-async' } })).json().id
})
afterAll(() => test.close())

/** Somebody of north to be changed and removed, there again before every request. */
async function bringVictim(): Promise<void> {
  const { users } = test.accounts
  if (await users.find('north-victim')) return
  await users.createOf('victim', 'north-victim', [{ organisation: 'north', role: 'viewer', sites: '*' }])
}

/** What anybody may call. Whatever is added to this list is open to the world. */
const open = [
  'getHealth',
  'listEngines',
  'listSignInWays',
  'signIn',
  'signInByLink',
  'startProviderSignIn',
  'finishProviderSignIn',
]

/** What answers with the caller's own, so that there is nothing of others to ask for. */
const ownOnly = [
  ...['listAlarms', 'listSites', 'openLive', 'listJobs', 'listRuns', 'listUsers', 'readAudit', 'createUser'],
  ...['getSensorThings', 'readSensorThings', 'createSensorThing', 'readSensorDatastreams', 'createSensorDatastream'],
  ...['readSensorObservations', 'createSensorObservation', 'createSensorObservations', 'readSensorAddress'],
]
/** What only who administers the platform may do. */
const platformOnly = ['createOrganisation', 'getMetrics', 'getHealthReasons', 'listBackups', 'createBackup']

/** Parts of addresses that stand for something of north. */
const northParts: Readonly<Record<string, () => string>> = {
  'sites/{id}': () => tenants.north,
  'alarms/{id}': () => `${tenants.north}:battery-low`,
  'jobs/{id}': () => job,
  'runs/{id}': () => evidence,
  'users/{user}': () => 'north-victim',
  'organisations/{organisation}': () => 'north',
  'devices/{device}': () => '0'.repeat(18),
  'parties/{party}': () => '0'.repeat(12),
  'tokens/{token}': () => '0'.repeat(18),
  'sessions/{session}': () => '0'.repeat(64),
  'points/{point}': () => 'pv.powerKw',
  'balances/{balance}': () => 'nothing',
  'gateways/{gateway}': () => 'none',
  'documents/{kind}': () => 'note',
  'commands/{ref}': () => 'pv.powerKw',
  'stations/{station}': () => 'CP-1',
  '{name}': () => 'shift-book',
  '1/{entity}': () => `Datastreams('${tenants.north}:pv.powerKw')`,
}

/** Bodies that get past the check of the body where who asks matters only there. Others are refused with 422 when allowed. */
const bodies: Readonly<Record<string, object>> = {
  createOrganisation: { id: 'new', name: 'New' },
  createBackup: {},
  changeOrganisation: { name: 'North' },
  setGrants: { grants: [{ organisation: 'north', role: 'viewer', sites: '*' }] },
  resetUser: {},
  replayRun: {},
  ...{ acknowledgeAlarm: {}, resetAlarm: {}, shelveAlarm: { comment: 'noise' }, unshelveAlarm: {} },
  ...{ outOfServiceAlarm: { comment: 'repair' }, inServiceAlarm: {} },
}

/** A request about north, or about the caller, as the document describes it. */
function requestOf({ path, method, operation }: (typeof operations)[number]): InjectOptions {
  const url = path.replaceAll(/(?:(\w+)\/)?\{(\w+)\}/g, (part, before?: string) => {
    const value = northParts[part]?.()
    if (value === undefined) throw new Error(`Say in northParts what stands for ${part} (${operation.operationId})`)
    return before === undefined ? value : `${before}/${value}`
  })
  const { site } = operation['x-mangrove-access']
  const [place, name = ''] = (site ?? '').split('.')
  const query = place === 'query' ? `?${name}=${tenants.north}` : ''
  const payload =
    place === 'body'
      ? { [name]: tenants.north, noSuchField: true }
      : (bodies[operation.operationId] ?? { noSuchField: 1 })
  return {
    method: method as 'GET',
    url: `${url}${query}`,
    headers: { prefer: 'respond-async' },
    ...(method === 'GET' ? {} : { payload }),
  }
}

/** A stream without end; routes/live.test.ts reads it. Its guard is tried by HEAD, which has no body. */
const asAsked = (request: InjectOptions): InjectOptions =>
  /\/live(\?|$)/.test(String(request.url)) ? { ...request, method: 'HEAD' } : request

type Verdict = 'allowed' | 401 | 403 | 404
const verdictOf = (status: number): Verdict | number =>
  [401, 403, 404].includes(status) ? status : status < 500 ? 'allowed' : status

/** What somebody with a role in an organisation has to meet when the request is about north. */
function expected(
  { operationId, 'x-mangrove-access': declared }: Operation,
  tenant: Tenant | '*',
  role: Role,
): Verdict {
  const { access, site } = declared
  if (access === 'public' || access === 'identified' || access === 'signed-in') return 'allowed'
  const has = permissionsOf(role).includes(access)
  if (tenant === '*') return 'allowed'
  if (platformOnly.includes(operationId)) return 403
  if (tenant === 'north' || ownOnly.includes(operationId)) return has ? 'allowed' : 403
  // South asks for something of north. Where the address names the site, nothing else is looked at before.
  return has || site?.startsWith('path.') || site?.startsWith('query.') ? 404 : 403
}

/** Nothing of that id is there, for anybody: what counts is that nobody is let further than that. */
const emptyHanded = [
  ...['endOverride', 'releaseCommands', 'readLedgerExport'],
  ...['removeRoamingParty', 'removeDevice', 'removeToken', 'endMySession', 'readBalance', 'readDatastreamsOfEntity'],
]

describe('every operation of the document', () => {
  it('says who may call it, and only what is listed here is open to the world', () => {
    expect(operations.length).toBeGreaterThan(45)
    const byAccess = (access: string) =>
      operations.filter(({ operation }) => operation['x-mangrove-access'].access === access)
    expect(
      byAccess('public')
        .map(({ operation }) => operation.operationId)
        .sort(),
    ).toEqual([...open].sort())
    for (const { operation } of operations) {
      const { access, site } = operation['x-mangrove-access']
      expect(operation.security.length === 0).toBe(access === 'public')
      if (site?.startsWith('path.')) {
        expect(operation.parameters).toContainEqual(expect.objectContaining({ in: 'path', name: site.slice(5) }))
      }
      if (site?.startsWith('query.')) {
        expect(operation.parameters).toContainEqual(expect.objectContaining({ in: 'query', name: site.slice(6) }))
      }
    }
  })

  it('refuses who brings no credential, an expired, a forged or a malformed one', async () => {
    const expired = await test.tokenOf('platform-admin', test.accountsClock.nowMs + 1)
    test.accountsClock.nowMs += 1
    const real = await test.tokenOf('platform-admin')
    const forged = `${real.slice(0, -43)}${newSecret()}`
    for (const one of operations) {
      const { operation } = one
      if (open.includes(operation.operationId)) continue
      const request = asAsked(requestOf(one))
      const answers = [
        await test.inject(request),
        await test.bearing(expired, request),
        await test.bearing(forged, request),
        await test.bearing('mgv_t_x', request),
        await test.inject({ ...request, headers: { ...request.headers, cookie: `mangrove=${newSecret()}` } }),
      ]
      expect(
        answers.map(({ statusCode }) => statusCode),
        operation.operationId,
      ).toEqual([401, 401, 401, 401, 401])
      if (request.method === 'HEAD') continue
      expect(answers[0]?.headers['www-authenticate']).toContain('Bearer')
      for (const answer of answers) {
        const { instance: _, ...told } = answer.json()
        expect(JSON.stringify(told)).not.toContain(tenants.north)
      }
    }
  })

  it.each(
    (['north', 'south', '*'] as const).flatMap((tenant) =>
      (tenant === '*' ? (['admin'] as const) : roles).map((role) => [tenant, role] as const),
    ),
  )('answers %s %s as the table says', async (tenant, role) => {
    const user = test.nameOf(tenant, role)
    const token = await test.tokenOf(user)
    for (const one of operations) {
      const { operation } = one
      const { access } = operation['x-mangrove-access']
      const request = asAsked(requestOf(one))
      // Who watches is told by what HEAD answers; a stream that began would not end.
      if (request.method === 'HEAD' && expected(operation, tenant, role) === 'allowed') continue
      const wanted = expected(operation, tenant, role)
      await bringVictim()
      const found = await test.as(user, request)
      const tell = `${operation.operationId} for ${user}: ${found.statusCode} ${found.body.slice(0, 300)}`
      if (emptyHanded.includes(operation.operationId) && wanted === 'allowed') {
        expect(found.statusCode, tell).toBe(404)
        continue
      }
      if (!open.includes(operation.operationId)) expect(verdictOf(found.statusCode), tell).toBe(wanted)
      else expect(found.statusCode, tell).toBeLessThan(500)
      // A token of the same user may do the same, but for what only a person may.
      if (open.includes(operation.operationId)) continue
      await bringVictim()
      const byToken = await test.bearing(token, request)
      expect(verdictOf(byToken.statusCode), `by token: ${tell}`).toBe(access === 'signed-in' ? 403 : wanted)
    }
  })

  it('lets a device do nothing but write', async () => {
    const made = await test.as(test.nameOf('north', 'admin'), {
      method: 'POST',
      url: `/api/v1/sites/${tenants.north}/devices`,
      payload: { title: 'gateway' },
    })
    expect(made.statusCode, made.body).toBe(200)
    const { text } = made.json()
    for (const one of operations) {
      const { operation } = one
      const { access } = operation['x-mangrove-access']
      if (open.includes(operation.operationId)) continue
      const answer = await test.bearing(text, asAsked(requestOf(one)))
      const wanted: Verdict = access === 'identified' || access === ('ingest' satisfies Permission) ? 'allowed' : 403
      expect(verdictOf(answer.statusCode), `${operation.operationId} ${answer.body}`).toBe(wanted)
    }
    const foreign = await test.bearing(text, { url: `/api/v1/sites/${tenants.south}` })
    expect(foreign.statusCode).toBe(404)
  })

  it('leaves nobody with a password of the server’s beyond the change of it', async () => {
    const { password } = await test.accounts.users.create('north-new', [
      { organisation: 'north', role: 'admin', sites: '*' },
    ])
    const signedIn = await test.inject({
      method: 'POST',
      url: '/api/v1/session',
      payload: { name: 'north-new', password },
    })
    expect(signedIn.json()).toEqual({ user: 'north-new', mustChangePassword: true })
    const cookie = String(signedIn.headers['set-cookie']).split(';')[0] ?? ''
    const allowed: string[] = []
    for (const one of operations) {
      const { operationId } = one.operation
      if (open.includes(operationId) || operationId === 'signOut' || operationId === 'signOutEverywhere') continue
      const request = asAsked(requestOf(one))
      const { statusCode } = await test.inject({ ...request, headers: { ...request.headers, cookie } })
      if (statusCode !== 403 && statusCode !== 404) allowed.push(operationId)
    }
    expect(allowed.sort()).toEqual(['changePassword', 'getMe', 'listOrganisations'])
  })
})

describe('a site of others', () => {
  const asked = (site: string): readonly InjectOptions[] => [
    { url: `/api/v1/sites/${site}` },
    { url: `/api/v1/sites/${site}/now` },
    { url: `/api/v1/sites/${site}/plan` },
    { url: `/api/v1/sites/${site}/devices` },
    { url: `/api/v1/observations?site=${site}&points=pv.powerKw` },
    { url: `/api/v1/runs?site=${site}` },
    { method: 'POST', url: '/api/v1/engines/energy.plan', payload: { ...shortPlan, site } },
    { method: 'POST', url: '/api/v1/engines/energy.size', payload: { site } },
  ]

  it('and one that is not there are answered alike, byte for byte but for the name', async () => {
    const user = test.nameOf('south', 'admin')
    const strange = asked('no-such-site')
    for (const [place, request] of asked(tenants.north).entries()) {
      const [foreign, missing] = [await test.as(user, request), await test.as(user, strange[place]!)]
      expect(foreign.statusCode, foreign.body).toBe(404)
      expect(foreign.body.replaceAll(tenants.north, 'no-such-site')).toBe(missing.body)
      expect(foreign.body).toContain(tenants.south)
    }
  })

  it('is not in the list, and neither are its users, organisation and log', async () => {
    const user = test.nameOf('south', 'admin')
    for (const url of [
      '/api/v1/sites',
      '/api/v1/users',
      '/api/v1/organisations',
      '/api/v1/audit?limit=500',
      '/api/v1/runs',
      '/health',
    ]) {
      const answer = await test.as(user, { url })
      expect(answer.statusCode).toBe(200)
      // South was told "unknown site" of it: that line of the log is south's own business with a name that south gave.
      const told = url.startsWith('/api/v1/audit')
        ? JSON.stringify(
            answer.json().entries.filter(({ who }: { who: { id: string } }) => !who.id.startsWith('south')),
          )
        : answer.body
      expect(told, url).not.toMatch(/north|quarry/)
    }
  })

  it('cannot be read under a borrowed name', async () => {
    const changes = { id: tenants.north, assets: { pv: { production: { observation: 'pv.powerKw' } } } }
    for (const payload of [
      { ...shortPlan, site: tenants.south, changes },
      { site: tenants.south, variants: [{ name: 'x', changes }] },
    ]) {
      for (const engine of ['energy.plan', 'energy.what-if']) {
        const url = `/api/v1/engines/${engine}`
        const answer = await test.as(test.nameOf('south', 'admin'), { method: 'POST', url, payload })
        expect(answer.statusCode, answer.body).toBe(422)
        expect(answer.json().detail).toContain('another id')
      }
    }
  })

  it('keeps its jobs and runs to itself, as if they were not there', async () => {
    const user = test.nameOf('south', 'admin')
    const none = '00000000-0000-4000-8000-000000000000'
    for (const [mine, missing] of [
      [`/api/v1/jobs/${job}`, `/api/v1/jobs/${none}`],
      [`/api/v1/runs/${evidence}`, `/api/v1/runs/${'0'.repeat(64)}`],
    ] as const) {
      const [foreign, strange] = [await test.as(user, { url: mine }), await test.as(user, { url: missing })]
      expect(foreign.statusCode).toBe(404)
      const last = (url: string): string => url.split('/').at(-1) ?? ''
      expect(foreign.body.replaceAll(last(mine), last(missing))).toBe(strange.body)
    }
  })
})

describe('the guard', () => {
  it('comes before anything is said of the request, and before its body is read', async () => {
    const big = 'x'.repeat(5_000_000)
    const answer = await test.inject({ method: 'POST', url: '/api/v1/engines/energy.plan', payload: { big } })
    expect(answer.statusCode).toBe(401)
    const url = '/api/v1/observations?site=quarry-microgrid&points=&bucket=nonsense'
    expect((await test.as(test.nameOf('south', 'viewer'), { url })).statusCode).toBe(404)
  })

  it('notes every refused permission with who, what, where and why', async () => {
    await test.as(test.nameOf('north', 'viewer'), { url: '/api/v1/users' })
    await test.as(test.nameOf('south', 'viewer'), { url: `/api/v1/sites/${tenants.north}` })
    const { entries } = (await test.as('platform-admin', { url: '/api/v1/audit?limit=2' })).json()
    expect(entries).toMatchObject([
      {
        ...{ who: { kind: 'user', id: 'south-viewer' }, what: 'getSite', site: tenants.north, from: '127.0.0.1' },
        ...{ outcome: 'refused', why: 'server.unknown-site' },
      },
      { who: { id: 'north-viewer' }, what: 'listUsers', outcome: 'refused', why: 'accounts.forbidden' },
    ])
  })
})
