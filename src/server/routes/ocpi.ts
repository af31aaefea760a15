import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Check, Errors } from 'typebox/value'
import {
  type Credentials,
  CredentialsSchema,
  ocpiTime,
  roamingOf,
  type Token,
  TokenSchema,
  tokenTypes,
} from '../../gateway/index.ts'
import { type Clock, MangroveError } from '../../kernel/index.ts'
import type { Accounts } from '../accounts/accounts.ts'
import { createFailureDelay, createRateLimit } from '../accounts/rate-limit.ts'
import { askParty } from '../ocpi/ask-party.ts'
import type { Ocpi, OcpiView } from '../ocpi/create-ocpi.ts'
import { invalid, notAllowed, notThere, OcpiError, unauthorised } from '../ocpi/ocpi-error.ts'
import { pageOf } from '../ocpi/page.ts'
import type { FoundParty } from '../ocpi/parties.ts'

export const ocpiRoot = '/ocpi'
const version = '2.2.1'
const root = `${ocpiRoot}/${version}`
const mostBytes = 65_536

interface Ask {
  readonly found: FoundParty
  readonly view: OcpiView
  readonly base: string
  readonly params: Readonly<Record<string, string>>
  readonly query: Readonly<Record<string, unknown>>
  /** @throws OcpiError for what is no JSON */
  body(): unknown
  readonly token: string
}

interface Answer {
  readonly data?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

export interface OcpiWireParts {
  readonly ocpi: Ocpi
  readonly accounts: Pick<Accounts, 'audit' | 'limits' | 'publicUrl'>
  readonly clock: Clock
}

/**
 * OCPI 2.2.1 as charge point operator: versions, credentials; locations, sessions, cdrs and tariffs as sender; tokens as receiver. It is a
 * wire of its own, with its own credentials and envelope, so it stands beside the operations of the API.
 */
export function addOcpi(app: FastifyInstance, { ocpi, accounts, clock }: OcpiWireParts): void {
  const requests = createRateLimit({ capacity: 100, perSecond: 20 }, clock)
  const failures = createFailureDelay({ free: 20, longestMs: 60_000 }, clock)
  const envelope = (statusCode: number, more: { readonly data?: unknown; readonly status_message?: string }) => ({
    ...{ status_code: statusCode, timestamp: ocpiTime(clock.now()) },
    ...more,
  })
  const baseOf = (request: FastifyRequest): string =>
    (accounts.publicUrl ?? `${request.protocol}://${request.headers.host ?? 'localhost'}`).replace(/\/$/, '')

  const identify = async (request: FastifyRequest): Promise<{ found: FoundParty; token: string }> => {
    if (failures.waitMs(request.ip) > 0) throw new OcpiError(429, 2000, 'Too many tokens that are not known')
    const token = tokenOf(request.headers.authorization)
    const found = token === undefined ? undefined : await ocpi.parties.find(token)
    if (!found || token === undefined) {
      failures.failed(request.ip)
      throw unauthorised()
    }
    failures.succeeded(request.ip)
    if (requests.take(found.party.id) > 0) throw new OcpiError(429, 2000, 'Too many requests of this party')
    return { found, token }
  }
  const note = ({ party }: FoundParty, what: string, from: string, outcome: 'done' | 'refused' = 'done') =>
    accounts.audit.note({
      ...{ who: { kind: 'nobody', id: '' }, what, on: `roaming party ${party.country}-${party.party}`, from },
      ...{ site: party.site, organisation: party.organisation, outcome },
    })

  app.register(async (own) => {
    own.removeAllContentTypeParsers()
    own.addContentTypeParser('*', { parseAs: 'string', bodyLimit: mostBytes }, (_request, text, done) =>
      done(null, text),
    )
    own.setErrorHandler((error, request, reply) => {
      const { httpStatus, statusCode, message } = asOcpi(error)
      if (httpStatus === 401) reply.header('www-authenticate', 'Token')
      if (httpStatus === 429) reply.header('retry-after', '5')
      tellCorrelation(request, reply)
      return reply.code(httpStatus).send(envelope(statusCode, { status_message: message }))
    })

    const serve = (
      method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
      url: string,
      handle: (ask: Ask, request: FastifyRequest) => Promise<Answer> | Answer,
      open: 'while-invited' | 'registered' = 'registered',
    ): void => {
      own.route({
        method,
        url,
        async handler(request, reply) {
          const { found, token } = await identify(request)
          const view = await ocpi.view(found.party)
          if (!view) throw unauthorised()
          if (open === 'registered' && found.party.state !== 'registered') {
            throw new OcpiError(401, 2000, 'This token is for the handshake alone')
          }
          const base = baseOf(request)
          const { data, headers = {} } = await handle(
            {
              ...{ found, view, base, token },
              params: request.params as Ask['params'],
              query: request.query as Ask['query'],
              body: () => readJson(request.body),
            },
            request,
          )
          tellCorrelation(request, reply)
          return reply
            .headers({ 'cache-control': 'no-store', ...headers })
            .send(envelope(1000, data === undefined ? {} : { data }))
        },
      })
    }

    serve(
      'GET',
      `${ocpiRoot}/versions`,
      ({ base }) => ({ data: [{ version, url: `${base}${root}` }] }),
      'while-invited',
    )
    serve('GET', root, ({ base }) => ({ data: { version, endpoints: endpointsOf(base) } }), 'while-invited')

    serve(
      'GET',
      `${root}/credentials`,
      ({ view, token, base }) => ({ data: credentialsOf(view, token, base) }),
      'while-invited',
    )
    const register = async ({ found, view, base, body }: Ask, { ip }: FastifyRequest): Promise<Answer> => {
      const told = checked<Credentials>(CredentialsSchema, body())
      const { country, party } = found.party
      const speaks = told.roles.some(
        ({ country_code, party_id }) => country_code.toUpperCase() === country && party_id.toUpperCase() === party,
      )
      if (!speaks) {
        await note(found, 'ocpi credentials', ip, 'refused')
        throw invalid(`This token is for the party ${country}-${party}`)
      }
      await askParty(told, accounts.publicUrl !== undefined)
      const { text } = await ocpi.parties.register(found, { url: told.url, roles: told.roles })
      await note(found, 'ocpi credentials', ip)
      return { data: credentialsOf(view, text, base) }
    }
    serve(
      'POST',
      `${root}/credentials`,
      (ask, request) => {
        if (ask.found.party.state === 'registered') throw notAllowed('The party is registered; use PUT')
        return register(ask, request)
      },
      'while-invited',
    )
    serve(
      'PUT',
      `${root}/credentials`,
      (ask, request) => {
        if (ask.found.party.state !== 'registered') throw notAllowed('The party is not registered; use POST')
        return register(ask, request)
      },
      'while-invited',
    )
    serve(
      'DELETE',
      `${root}/credentials`,
      async ({ found }, { ip }) => {
        if (found.party.state !== 'registered') throw notAllowed('The party is not registered')
        await ocpi.parties.remove(found.party.site, found.party.id)
        await note(found, 'ocpi credentials removed', ip)
        return {}
      },
      'while-invited',
    )

    serve('GET', `${root}/locations`, ({ view, query, base }) =>
      pageOf([view.roaming.location()], query, { url: `${base}${root}/locations` }),
    )
    serve('GET', `${root}/locations/:location`, ({ view, params }) => ({ data: locationOf(view, params) }))
    serve('GET', `${root}/locations/:location/:evse`, ({ view, params }) => ({ data: evseOf(view, params) }))
    serve('GET', `${root}/locations/:location/:evse/:connector`, ({ view, params }) => {
      const connector = evseOf(view, params).connectors.find(({ id }) => id === params.connector)
      if (!connector) throw notThere('connector')
      return { data: connector }
    })
    serve('GET', `${root}/sessions`, async ({ view, query, base }) =>
      pageOf(await view.roaming.sessions(view.key), query, { url: `${base}${root}/sessions`, needsFrom: true }),
    )
    serve('GET', `${root}/cdrs`, async ({ view, query, base }) =>
      pageOf(await view.roaming.cdrs(view.key), query, { url: `${base}${root}/cdrs` }),
    )
    serve('GET', `${root}/tariffs`, ({ view, query, base }) =>
      pageOf(view.roaming.tariffs(), query, { url: `${base}${root}/tariffs` }),
    )

    const token = `${root}/tokens/:country/:party/:uid`
    serve('GET', token, (ask) => ({ data: knownToken(ask) }))
    serve('PUT', token, async (ask) => {
      const told = checked<Token>(TokenSchema, ask.body())
      const { type, uid } = namedToken(ask)
      if (told.uid.toLowerCase() !== uid.toLowerCase() || told.type !== type || !isOfParty(ask, told)) {
        throw invalid('The token is another one than the address names')
      }
      await ask.view.put(ask.view.site, ask.view.key, told)
      return {}
    })
    serve('PATCH', token, async (ask) => {
      const known = knownToken(ask)
      const change = ask.body()
      if (typeof change !== 'object' || change === null || !('last_updated' in change)) {
        throw invalid('last_updated is needed')
      }
      const told = checked<Token>(TokenSchema, { ...known, ...change })
      if (told.uid.toLowerCase() !== known.uid.toLowerCase() || told.type !== known.type || !isOfParty(ask, told)) {
        throw invalid('What names a token cannot be changed')
      }
      await ask.view.put(ask.view.site, ask.view.key, told)
      return {}
    })
  })
}

/** `Token <base64>`; some programs send the text as it is. */
function tokenOf(authorization: string | undefined): string | undefined {
  const [, sent] = /^token +(\S{1,200})$/i.exec(authorization ?? '') ?? []
  if (sent === undefined) return undefined
  return sent.startsWith('mgo_') ? sent : Buffer.from(sent, 'base64').toString('utf8')
}

const endpointsOf = (base: string) =>
  (
    [
      ...[['credentials', 'SENDER'] as const, ['locations', 'SENDER'] as const, ['sessions', 'SENDER'] as const],
      ...[['cdrs', 'SENDER'] as const, ['tariffs', 'SENDER'] as const, ['tokens', 'RECEIVER'] as const],
    ] as const
  ).map(([identifier, role]) => ({ identifier, role, url: `${base}${root}/${identifier}` }))

function credentialsOf({ site }: OcpiView, token: string, base: string): Credentials {
  const { country, party, operator, website } = roamingOf(site)!
  const details = { name: operator, ...(website === undefined ? {} : { website }) }
  return {
    ...{ token, url: `${base}${ocpiRoot}/versions` },
    roles: [{ role: 'CPO', business_details: details, party_id: party, country_code: country }],
  }
}

function locationOf({ roaming }: OcpiView, { location }: Ask['params']) {
  const found = roaming.location()
  if (found.id.toLowerCase() !== location?.toLowerCase()) throw notThere('location')
  return found
}

function evseOf(view: OcpiView, params: Ask['params']) {
  const evse = locationOf(view, params).evses?.find(({ uid }) => uid.toLowerCase() === params.evse?.toLowerCase())
  if (!evse) throw notThere('EVSE')
  return evse
}

function namedToken({ params, query, found: { party } }: Ask) {
  const { country = '', party: id = '', uid = '' } = params
  if (country.toUpperCase() !== party.country || id.toUpperCase() !== party.party) throw notThere('token', 2004)
  const type = tokenTypes.find((one) => one === (query.type ?? 'RFID'))
  if (type === undefined) throw invalid('type is none of a token')
  return { type, uid }
}

const isOfParty = ({ found: { party } }: Ask, told: Pick<Token, 'country_code' | 'party_id'>): boolean =>
  told.country_code.toUpperCase() === party.country && told.party_id.toUpperCase() === party.party

function knownToken(ask: Ask): Token {
  const { type, uid } = namedToken(ask)
  const known = ask.view.tokens.find(ask.view.key, type, uid)
  if (!known) throw notThere('token', 2004)
  return known.token
}

function readJson(body: unknown): unknown {
  try {
    return JSON.parse(typeof body === 'string' ? body : '')
  } catch {
    throw invalid('The body is no JSON')
  }
}

/** Fields that the standard does not name are left out. */
function checked<T>(schema: typeof TokenSchema | typeof CredentialsSchema, value: unknown): T {
  if (!Check(schema, value)) {
    const [fault] = Errors(schema, value)
    throw invalid(`${fault?.instancePath || 'the body'}: ${fault?.message ?? 'is wrong'}`.slice(0, 200))
  }
  const known = Object.keys(schema.properties)
  return Object.fromEntries(Object.entries(value).filter(([name]) => known.includes(name))) as T
}

function asOcpi(error: unknown): OcpiError {
  if (error instanceof OcpiError) return error
  if (error instanceof MangroveError) {
    if (error.code === 'store.conflict') return new OcpiError(409, 2000, 'Another request changed this; send it again')
    return error.status < 500
      ? new OcpiError(error.status, 2000, error.problems[0]?.title ?? 'The request is refused')
      : new OcpiError(error.status, 3000, 'The server cannot answer now')
  }
  const { statusCode } = (error ?? {}) as { readonly statusCode?: number }
  if (statusCode === 413) return new OcpiError(413, 2001, 'The body is too large')
  if (statusCode !== undefined && statusCode < 500) return new OcpiError(statusCode, 2001, 'The request cannot be read')
  return new OcpiError(500, 3000, 'This is a defect of the server')
}

/** Both ids of a request come back (OCPI 2.2.1, 4.1.2), and a hub learns who answers whom. */
function tellCorrelation({ headers }: FastifyRequest, reply: FastifyReply): void {
  const back = {
    'x-correlation-id': 'x-correlation-id',
    'ocpi-from-country-code': 'ocpi-to-country-code',
    'ocpi-from-party-id': 'ocpi-to-party-id',
    'ocpi-to-country-code': 'ocpi-from-country-code',
    'ocpi-to-party-id': 'ocpi-from-party-id',
  }
  for (const [asked, told] of Object.entries(back)) {
    const value = headers[asked]
    if (typeof value === 'string' && /^[\w-]{1,64}$/.test(value)) reply.header(told, value)
  }
}
