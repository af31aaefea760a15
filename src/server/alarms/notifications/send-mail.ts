import { createTransport } from 'nodemailer'
import { isLoopback } from '../../loopback.ts'
import type { Notice } from './notice.ts'

export interface MailSender {
  /** Settles when the server of the mail has taken it. @throws what went wrong, without secrets */
  send(notice: Notice): Promise<void>
  close(): void
}

const patienceMs = 15_000

/**
 * Mail over SMTP. A server on another machine has to speak TLS. The Message-ID is made of the id of the notice: sent again, it is
 * the same message, and who reads mail can tell.
 */
export function createMailSender({ smtpUrl, from }: { readonly smtpUrl: string; readonly from: string }): MailSender {
  const url = new URL(smtpUrl)
  const transport = createTransport({
    host: url.hostname,
    ...(url.port === '' ? {} : { port: Number(url.port) }),
    secure: url.protocol === 'smtps:',
    requireTLS: url.protocol === 'smtp:' && !isLoopback(url.hostname),
    ignoreTLS: url.protocol === 'smtp:' && isLoopback(url.hostname),
    ...(url.username === ''
      ? {}
      : { auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) } }),
    ...{ connectionTimeout: patienceMs, greetingTimeout: patienceMs, socketTimeout: patienceMs },
    // Nothing of a message is read from files or fetched.
    ...{ disableFileAccess: true, disableUrlAccess: true },
  })
  const domain = from.slice(from.indexOf('@') + 1)
  return {
    async send({ id, to, subject, text }) {
      const oneLine = subject.replaceAll(/[\r\n]+/g, ' ')
      await transport.sendMail({
        ...{ from, to, subject: oneLine, text, messageId: `<${id}@${domain}>` },
        headers: { 'X-Idempotency-Key': id, 'Auto-Submitted': 'auto-generated' },
      })
    },
    close: () => transport.close(),
  }
}
