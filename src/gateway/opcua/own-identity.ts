import { createPrivateKey, X509Certificate } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import type { OPCUAClientOptions } from 'node-opcua-client'
import type { OpcuaLibrary } from './load-library.ts'

export const applicationUri = `urn:${hostname()}:mangrove`
const validDays = 3650
const leastDaysLeft = 30
const dayMs = 86_400_000

/** Who this client is for servers: a key and a certificate that it signed itself. */
export interface OwnIdentity {
  readonly certificatePem: string
  readonly provider: NonNullable<OPCUAClientOptions['certificateKeyPairProvider']>
}

/**
 * Reads key and certificate of a gateway from its folder, and makes them where there are none, or they soon end. Without a folder
 * they last as long as the process. Nothing is kept elsewhere.
 */
export async function ownIdentity(
  library: OpcuaLibrary,
  folder: string | undefined,
  nowMs: number,
): Promise<OwnIdentity> {
  const files =
    folder === undefined ? undefined : [join(folder, 'client-key.pem'), join(folder, 'client-certificate.pem')]
  const kept = files && (await Promise.all(files.map((file) => readFile(file, 'utf8').catch(() => undefined))))
  const [oldKey, oldCertificate] = kept ?? []
  if (oldKey !== undefined && oldCertificate !== undefined && isValid(oldKey, oldCertificate, nowMs)) {
    return identityOf(oldKey, oldCertificate)
  }
  const { generateKeyPair, privateKeyToPEM, createSelfSignedCertificate, CertificatePurpose } = library.crypto_utils
  const { privateKey } = await generateKeyPair(2048)
  const { privPem: key } = await privateKeyToPEM(privateKey)
  const { cert: certificate } = await createSelfSignedCertificate({
    ...{ privateKey, applicationUri, dns: [hostname()], subject: '/CN=Mangrove', validity: validDays },
    ...{ notBefore: new Date(nowMs - dayMs), purpose: CertificatePurpose.ForApplication },
  })
  if (files && folder !== undefined) {
    await mkdir(folder, { recursive: true })
    await keep(files[0]!, key, 0o600)
    await keep(files[1]!, certificate, 0o644)
  }
  return identityOf(key, certificate)
}

async function keep(file: string, text: string, mode: number): Promise<void> {
  await writeFile(`${file}.new`, text, { mode })
  await rename(`${file}.new`, file)
}

function isValid(key: string, certificate: string, nowMs: number): boolean {
  try {
    const read = new X509Certificate(certificate)
    const isOurs = read.checkPrivateKey(createPrivateKey(key))
    return isOurs && read.subjectAltName?.includes(applicationUri) === true && lasts(read, nowMs)
  } catch {
    return false
  }
}

const lasts = ({ validTo }: X509Certificate, nowMs: number): boolean =>
  Date.parse(validTo) > nowMs + leastDaysLeft * dayMs

function identityOf(key: string, certificatePem: string): OwnIdentity {
  const certificate = new X509Certificate(certificatePem).raw
  const hidden = { hidden: createPrivateKey(key) } as ReturnType<OwnIdentity['provider']['getPrivateKey']>
  // The library takes the words to mean that there are no files for it to make.
  const location = { certificateFile: '<in-memory>', privateKeyFile: '<in-memory>' }
  const provider = {
    getCertificate: () => certificate,
    getCertificateChain: () => [certificate],
    getPrivateKey: () => hidden,
    ...location,
  }
  return { certificatePem, provider }
}
