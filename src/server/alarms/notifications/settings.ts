import { serverErrors } from '../../errors.ts'

/** How notifications leave the house; what is absent does not. */
export interface NotificationSettings {
  readonly mail?: { readonly smtpUrl: string; readonly from: string }
  readonly webhookSecret?: string
}

/**
 * Reads `MANGROVE_SMTP_URL` (`smtps://user:password@mail.example`), `MANGROVE_SMTP_FROM` and `MANGROVE_WEBHOOK_SECRET`; each may
 * stand in a file instead, named by the same with `_FILE`. No message of an error holds what they say.
 *
 * @throws `server.bad-notification-settings`
 */
export function readNotificationSettings(
  environment: Readonly<Record<string, string | undefined>>,
  readText: (file: string) => string,
): NotificationSettings {
  const read = (name: string): string | undefined => {
    const file = environment[`${name}_FILE`]
    const text = file ? readText(file).trim() : environment[name]
    return text === '' ? undefined : text
  }
  const bad = (name: string, expected: string) =>
    serverErrors.badNotificationSettings({ detail: `${name} cannot be used`, place: { path: name }, expected })
  const smtpUrl = read('MANGROVE_SMTP_URL')
  const from = read('MANGROVE_SMTP_FROM')
  const webhookSecret = read('MANGROVE_WEBHOOK_SECRET')
  if (smtpUrl !== undefined && !/^smtps?:$/.test(URL.canParse(smtpUrl) ? new URL(smtpUrl).protocol : '')) {
    throw bad('MANGROVE_SMTP_URL', 'smtps://user:password@mail.example, or smtp:// with STARTTLS')
  }
  if (smtpUrl !== undefined && !/^[^\s@<>",;]+@[^\s@<>",;]+$/.test(from ?? '')) {
    throw bad('MANGROVE_SMTP_FROM', 'the address that mail comes from, beside MANGROVE_SMTP_URL')
  }
  if (webhookSecret !== undefined && webhookSecret.length < 16) {
    throw bad('MANGROVE_WEBHOOK_SECRET', '16 characters or more, by chance')
  }
  return {
    ...(smtpUrl !== undefined && from !== undefined ? { mail: { smtpUrl, from } } : {}),
    ...(webhookSecret === undefined ? {} : { webhookSecret }),
  }
}
