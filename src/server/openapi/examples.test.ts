import { Ajv2020 } from 'ajv/dist/2020.js'
import { generateSync } from 'otplib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testAccounts } from '../accounts/accounts.fixture.ts'
import type { Accounts } from '../accounts/accounts.ts'
import { publishPlan } from '../published-plan.ts'
import { declaredSchemas, misfits, openTestServer, type TestServer } from '../server.fixture.ts'
import type { OpenApiDocument, Operation } from './document.ts'

/** What names something that the server made a name for: there is nothing to show before it was made. */
const named = [
  'getRun',
  'getRunReport',
  'replayRun',
  'getJob',
  'cancelJob',
  'watchJob',
  'acknowledgeAlarm',
  'resetAlarm',
]
/** What needs entries of a ledger; routes/ledger.test.ts has them. */
const proven = ['getLedgerProof', 'getLedgerConsistency', 'readLedgerExport', 'writeLedgerEntries']
/** Of simulated devices, which this server has none of. */
const simulated = ['setGatewayFaults']
/** Streams; their own tests read them. */
const streams = ['watchNow', 'openLive', 'watchAlarms']
/** What needs a site that commands; commands/commands.test.ts asks it. */
const commanding = ['replayCommands', 'overrideCommand', 'endOverride']
/** What needs a charging station; charging/charging-routes.test.ts has one. */
const charging = ['startCharging', 'stopCharging', 'unlockCharging', 'resetStation']
/** What needs a site that is open to roaming; ocpi/ocpi.test.ts has one. */
const roaming = ['inviteRoamingParty', 'removeRoamingParty']
/** What the others need comes first, what takes away comes last. */
const first = [
  ...['listSignInWays', 'getMe', 'listMySessions', 'signIn', 'readAudit', 'listOrganisations'],
  ...['listJobs', 'createBackup', 'writeObservations', 'declarePoint', 'putDocument', 'run_energy_plan'],
  ...['createOrganisation', 'createUser', 'listUsers', 'setGrants', 'disableUser', 'enableUser', 'resetUser'],
  ...['createToken', 'createDevice'],
]
const last = [
  'releaseCommands',
  ...['removePoint', 'removeToken', 'removeDevice', 'removeUser', 'endMySession'],
  ...['signInByLink', 'enrolTotp', 'confirmTotp', 'removeTotp', 'changePassword', 'signOut', 'signOutEverywhere'],
]
/** Others of the kind take seconds; create-server.test.ts runs them all. Their examples are checked by their schemas. */
const isLong = (id: string): boolean => id.startsWith('run_') && id !== 'run_energy_plan'

interface Entry {
  readonly path: string
  readonly method: string
  readonly operation: Operation
}

let test: TestServer
let accounts: Accounts
let entries: readonly Entry[]
beforeAll(async () => {
  const { clock, accounts: made } = testAccounts()
  accounts = made
  await accounts.organisations.create({ id: 'gobi-quarries', name: 'Gobi Quarries', sites: ['quarry-microgrid'] })
  await accounts.users.create('m.rivera', [{ organisation: '*', role: 'admin', sites: '*' }])
  await accounts.users.setPassword('m.rivera', 'tall herons count the slow tide')
  test = await openTestServer({ accounts, clock })
  const document: OpenApiDocument = (await test.inject('/api/openapi.json')).json()
  entries = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  )
})
afterAll(() => test.close())

let cookie: string | undefined
/** As Rivera, who administers the platform, in one session as long as that lasts. */
async function asRivera(): Promise<string> {
  if (cookie === undefined || !(await accounts.identify({ cookie }))) {
    const rivera = await accounts.users.get('m.rivera')
    cookie = `mangrove=${await accounts.sessions.begin(rivera, 'password', '127.0.0.1')}`
  }
  return cookie
}

/** What stands in the place of a name or a code that the server, or chance, made: it is another one in each run. */
const madeUp: Readonly<Record<string, () => Promise<Readonly<Record<string, string>>>>> = {
  removeToken: async () => ({ token: (await accounts.tokens.of('m.rivera'))[0]?.id ?? '' }),
  removeDevice: async () => ({ device: (await accounts.devices.of('quarry-microgrid'))[0]?.id ?? '' }),
  endMySession: async () => {
    const [session] = await accounts.sessions.of(await accounts.users.get('m.rivera'))
    return { session: session?.id ?? '' }
  },
  signInByLink: async () => ({ key: accounts.links.make('m.rivera') }),
  confirmTotp: async () => {
    const secret = (await accounts.users.get('m.rivera')).totp?.secret ?? ''
    return { code: generateSync({ secret, epoch: Math.floor(test.clock.now() / 1000) }) }
  },
}

/** Forms of what is another in each run: a hash, an id of a credential, 160 bits of chance, 256, a recovery code. */
const forms: readonly (readonly [RegExp, string])[] = [
  [/^[0-9a-f]{64}$/, '‹hash›'],
  [/(?<=^|_)[0-9a-f]{18}(?=$|_)/, '‹id›'],
  [/\b[A-Z2-7]{32}\b/, '‹base32›'],
  [/(?<=^|_)[\w-]{43}$/, '‹secret›'],
  [/^[0-9a-f]{6}(-[0-9a-f]{6}){4}$/, '‹code›'],
]

/** A value with those forms in the place of what has them, and without the size of a backup. */
const alike = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (key, member: unknown) => {
      if (key === 'bytes' || key === 'files') return typeof member
      if (key === 'counts') return Object.keys(member as object).sort()
      if (typeof member !== 'string') return member
      return forms.reduce((text, [form, name]) => text.replace(form, name), member)
    }),
  )

const exampleBody = ({ operation }: Entry): unknown => operation.requestBody?.content['application/json']?.example
const hasExample = (entry: Entry): boolean =>
  exampleBody(entry) !== undefined ||
  entry.operation.parameters.some(({ example }) => example !== undefined) ||
  Object.values(entry.operation.responses).some(({ content }) =>
    Object.values(content ?? {}).some(({ example }) => example !== undefined),
  )

/** The request that the document shows, read from the document alone but for what is {@link madeUp}. */
async function requestOf(entry: Entry) {
  const { parameters, operationId, 'x-mangrove-access': declared } = entry.operation
  const made = (await madeUp[operationId]?.()) ?? {}
  const examplesIn = (place: string): readonly (readonly [string, string])[] =>
    parameters.flatMap(({ in: where, name, example }) =>
      where === place && example !== undefined ? [[name, example] as const] : [],
    )
  const path = examplesIn('path').reduce(
    (url, [name, value]) => url.replace(`{${name}}`, made[name] ?? value),
    entry.path,
  )
  const shown = exampleBody(entry)
  const inBody = Object.keys(made).filter((name) => !entry.path.includes(`{${name}}`))
  const body =
    inBody.length === 0
      ? shown
      : { ...(shown as object), ...Object.fromEntries(inBody.map((name) => [name, made[name]])) }
  return {
    method: entry.method.toUpperCase() as 'GET',
    url: `${path}?${new URLSearchParams(Object.fromEntries(examplesIn('query')))}`,
    headers: {
      ...(declared.access === 'public' ? {} : { cookie: await asRivera() }),
      ...Object.fromEntries(examplesIn('header')),
    },
    ...(body === undefined ? {} : { payload: body as object }),
  }
}

describe('the examples of the document', () => {
  it('stand at every operation that needs something to be asked', () => {
    const without = entries.filter(
      (entry) =>
        // What a standard describes has its examples there.
        entry.path.startsWith('/api/') &&
        !hasExample(entry) &&
        (entry.operation.requestBody?.required || entry.operation.parameters.some(({ required }) => required)),
    )
    const missing = without
      .map(({ operation }) => operation.operationId)
      .filter((id) => ![...named, ...proven, ...simulated, ...roaming].includes(id) && !isLong(id))
    expect(missing).toEqual([])
  })

  it('fit the schemas that stand beside them', () => {
    // What has a default may be left out of what is sent.
    const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true, useDefaults: true })
    let checked = 0
    for (const { operation } of entries) {
      const contents = [operation.requestBody, ...Object.values(operation.responses)].flatMap((part) =>
        Object.values(part?.content ?? {}),
      )
      for (const { schema, example } of contents) {
        if (example === undefined) continue
        checked += 1
        const problems = misfits(ajv.compile(schema as object), structuredClone(example))
        expect(problems, `${operation.operationId} ${JSON.stringify(example).slice(0, 200)}`).toEqual([])
      }
    }
    expect(checked).toBeGreaterThan(20)
  })

  it('are answered by the server as they say, and as its schemas say', { timeout: 60_000 }, async () => {
    const schemas = await declaredSchemas(test)
    const rank = ({ operation }: Entry): number => {
      const place = first.indexOf(operation.operationId)
      return place >= 0 ? place - first.length : last.indexOf(operation.operationId) + 1
    }
    const sent = entries
      .filter((entry) => hasExample(entry))
      .filter(
        ({ operation }) =>
          ![...streams, ...proven, ...commanding, ...charging, ...roaming].includes(operation.operationId) &&
          !isLong(operation.operationId),
      )
      .sort((a, b) => rank(a) - rank(b))
    expect(sent.length).toBeGreaterThan(60)
    for (const entry of sent) {
      const answer = await test.inject(await requestOf(entry))
      const { operationId, responses } = entry.operation
      const said = `${operationId} → ${answer.statusCode} ${answer.body.slice(0, 400)}`
      expect(answer.statusCode, said).toBeLessThan(300)
      if (operationId === 'run_energy_plan') {
        await publishPlan(test.store, 'quarry-microgrid', { ...answer.json(), publishedMs: 0 })
      }
      if (answer.body === '') continue
      expect(misfits(schemas.answer(entry.path, entry.method, answer.statusCode), answer.json()), said).toEqual([])
      const shown = responses[answer.statusCode]?.content?.['application/json']?.example
      if (shown !== undefined) expect(alike(answer.json()), said).toEqual(alike(shown))
    }
  })
})
