import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export interface OwnCertificate {
  /** PEM. */
  readonly certificate: string
  readonly key: string
  /** Where the certificate lies, for clients that are to believe it. */
  readonly certificateFile: string
}

/** A certificate of this machine that signs itself, by `openssl`, in a folder that is there. */
export function makeOwnCertificate(folder: string): OwnCertificate {
  const [keyFile, certificateFile] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')]
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1']
  const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2']
  execFileSync('openssl', ['req', ...kind, '-keyout', keyFile, '-out', certificateFile, ...subject], {
    stdio: 'ignore',
  })
  return {
    certificate: readFileSync(certificateFile, 'utf8'),
    key: readFileSync(keyFile, 'utf8'),
    certificateFile,
  }
}
