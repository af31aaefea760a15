import { Check } from 'typebox/value'
import { type Credentials, ResponseSchema, VersionDetailsSchema, VersionsSchema } from '../../gateway/index.ts'
import { isLoopback } from '../loopback.ts'
import { OcpiError } from './ocpi-error.ts'

const patienceMs = 10_000
const mostBytes = 262_144

/**
 * Looks whether a party speaks 2.2.1, with the token that it gave (OCPI 2.2.1, 7.4). Only over TLS, or on this machine; no redirect is
 * followed, and nothing of what it answers is passed on.
 *
 * @throws OcpiError 3001 where nobody answers, 3002 without version 2.2.1, 3003 without endpoints of it
 */
export async function askParty({ url, token }: Pick<Credentials, 'url' | 'token'>, onlyTls: boolean): Promise<void> {
  const get = async (address: string): Promise<unknown> => {
    const { protocol, hostname } = new URL(address)
    const own = isLoopback(hostname.replaceAll(/^\[|\]$/g, ''))
    if (protocol !== 'https:' && !(own && !onlyTls)) throw new OcpiError(200, 3001, 'The address has to be https')
    if (own && onlyTls) throw new OcpiError(200, 3001, 'The address is none of another machine')
    try {
      const answer = await fetch(address, {
        redirect: 'error',
        signal: AbortSignal.timeout(patienceMs),
        headers: { authorization: `Token ${Buffer.from(token).toString('base64')}`, accept: 'application/json' },
      })
      const told: unknown = JSON.parse(await readText(answer))
      if (answer.ok && Check(ResponseSchema, told) && told.status_code === 1000) return told.data
    } catch {
      // Told below, without what a stranger's server said.
    }
    throw new OcpiError(200, 3001, 'The versions of the party cannot be read')
  }
  const versions = await get(url)
  if (!Check(VersionsSchema, versions)) throw new OcpiError(200, 3001, 'The versions of the party cannot be read')
  const found = versions.find(({ version }) => version === '2.2.1')
  if (!found) throw new OcpiError(200, 3002, 'The party does not speak OCPI 2.2.1')
  const details = await get(found.url)
  if (!Check(VersionDetailsSchema, details) || !details.endpoints.some((one) => one.identifier === 'credentials')) {
    throw new OcpiError(200, 3003, 'The party has no endpoint for credentials')
  }
}

async function readText(answer: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of answer.body ?? []) {
    bytes += chunk.length
    if (bytes > mostBytes) throw new Error('too large')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
