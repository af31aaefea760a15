import { createHash, X509Certificate } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { opcuaErrors } from './errors.ts'

/** Which certificate of a server is believed. */
export interface ServerTrust {
  /** @throws `gateway.untrusted-server` */
  check(certificate: Buffer): Promise<void>
}

const fileName = 'server-certificate.sha256'

/** SHA-256 of a certificate, in small letters. */
export const fingerprintOf = (certificate: Buffer): string => createHash('sha256').update(certificate).digest('hex')

/**
 * Believes the certificate of a server that the settings name; else that of the first connection, which is kept in the folder of
 * the gateway. Another one is refused until somebody takes that file away.
 */
export function serverTrust(
  folder: string | undefined,
  named: string | undefined,
  report: (message: string) => void,
): ServerTrust {
  let known = named?.replaceAll(':', '').toLowerCase()
  const file = folder === undefined ? undefined : join(folder, fileName)
  return {
    async check(certificate) {
      // A chain begins with the certificate of the server itself.
      const own = firstOf(certificate)
      if (!own) throw opcuaErrors.untrustedServer({ detail: 'The server has no certificate that can be read' })
      const found = fingerprintOf(own)
      if (known === undefined && file !== undefined) {
        known = (await readFile(file, 'utf8').catch(() => undefined))?.trim().toLowerCase() || undefined
      }
      if (known === undefined) {
        if (folder !== undefined && file !== undefined) {
          await mkdir(folder, { recursive: true })
          await writeFile(`${file}.new`, `${found}\n`)
          await rename(`${file}.new`, file)
        }
        known = found
        report(`The certificate of the server is believed from now on: SHA-256 ${found}`)
        return
      }
      if (known === found) return
      const expected = known
      if (named === undefined) known = undefined
      throw opcuaErrors.untrustedServer({
        ...{ detail: 'The server has another certificate than before; nothing was sent to it', found },
        expected: `${expected}${named === undefined ? `; take ${file ?? 'the gateway'} away to believe the new one` : ''}`,
      })
    },
  }
}

function firstOf(chain: Buffer): Buffer | undefined {
  try {
    return new X509Certificate(chain.subarray(0, lengthOfDer(chain))).raw
  } catch {
    return undefined
  }
}

/** Length of the first value of DER: its tag, its length, its content (X.690, 8.1.3). */
function lengthOfDer(bytes: Buffer): number {
  const first = bytes[1] ?? 0
  if (first < 0x80) return 2 + first
  const count = first & 0x7f
  return count === 0 || count > 4 ? bytes.length : 2 + count + bytes.readUIntBE(2, count)
}
