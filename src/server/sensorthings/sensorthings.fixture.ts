import type { LightMyRequestResponse } from 'fastify'
import type { Observation } from '../../store/index.ts'
import { noonMs, observed } from '../server.fixture.ts'
import { serviceRoot } from './links.ts'

/** Field of an answer; anything else fails the test that looks at it. */
// biome-ignore lint/suspicious/noExplicitAny: answers are looked at by the tests alone
export type Answer = any

interface Server {
  inject(request: {
    readonly method?: 'GET' | 'POST' | 'DELETE' | 'PATCH'
    readonly url: string
    readonly payload?: object
  }): Promise<LightMyRequestResponse>
}

/** The address as it goes over the wire. */
export const at = (path: string): string => `${serviceRoot}${path.replaceAll(' ', '%20').replaceAll('+', '%2B')}`

export async function get(server: Server, path: string): Promise<Answer> {
  const answer = await server.inject({ url: at(path) })
  if (answer.statusCode !== 200) throw new Error(`${path} → ${answer.statusCode} ${answer.body.slice(0, 500)}`)
  return answer.json()
}

export const status = async (server: Server, path: string): Promise<number> =>
  (await server.inject({ url: at(path) })).statusCode

export const post = (server: Server, path: string, payload: object): Promise<LightMyRequestResponse> =>
  server.inject({ method: 'POST', url: at(path), payload })

/** All pages of a collection. */
export async function allPages(server: Server, path: string): Promise<readonly Answer[]> {
  const found: Answer[] = []
  for (let url: string | undefined = at(path), pages = 0; url !== undefined; pages += 1) {
    if (pages > 1000) throw new Error(`There is no end of pages: ${url}`)
    const answer = await server.inject({ url })
    if (answer.statusCode !== 200) throw new Error(`${url} → ${answer.statusCode} ${answer.body.slice(0, 500)}`)
    const body: Answer = answer.json()
    found.push(...body.value)
    url = body['@iot.nextLink'] && pathOf(body['@iot.nextLink'])
  }
  return found
}

/** A link as this server takes it. */
export const pathOf = (link: string): string => link.replace(/^http:\/\/localhost(:\d+)?/, '')

export const pv = 'quarry-microgrid:pv.powerKw'
export const soc = 'quarry-microgrid:battery.soc'

/** Ten minutes before noon of the PV field, of which one is missing, and two values of the battery. */
export const tenMinutes: readonly Observation[] = [
  ...Array.from({ length: 10 }, (_, minute) =>
    minute === 4
      ? observed(noonMs - minute * 60_000, Number.NaN, { quality: 4 })
      : observed(noonMs - minute * 60_000, minute * 10),
  ),
  ...[0, 1].map((minute) => observed(noonMs - minute * 60_000, 0.5, { point: 'battery.soc', unit: '1' })),
]
