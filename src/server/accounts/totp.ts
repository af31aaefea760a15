import { randomBytes } from 'node:crypto'
import { generateSecret, generateURI, verifySync } from 'otplib'
import { hashSecret } from './secrets.ts'

/** A second factor at rest: time-based codes (RFC 6238) of six figures, a new one every 30 s. */
export interface Totp {
  /** Base32; whoever has it can make codes, so it leaves the server once only. */
  readonly secret: string
  /** False until a first code has shown that the device has the secret. */
  readonly confirmed: boolean
  /** The step of the last code that was taken: neither it nor an older one is taken again. */
  readonly lastStep: number
  /** Hashes of the recovery codes that are left. */
  readonly recovery: readonly string[]
}

export const newTotp = (): Totp => ({
  secret: generateSecret({ length: 20 }),
  confirmed: false,
  lastStep: 0,
  recovery: [],
})

/** What an authenticator reads from a QR code. */
export const totpUri = (secret: string, user: string, issuer: string): string =>
  generateURI({ issuer, label: user, secret })

/**
 * Takes a code, or a recovery code, once.
 *
 * @returns the factor as it is afterwards; undefined where the code is not right
 */
export function takeCode(totp: Totp, code: string, nowMs: number): Totp | undefined {
  const typed = code.replaceAll(/[\s-]/g, '')
  if (/^\d{6}$/.test(typed)) {
    const epoch = Math.floor(nowMs / 1000)
    // The code before is taken too: people and clocks are slow.
    const result = verifySync({
      secret: totp.secret,
      token: typed,
      epoch,
      epochTolerance: [30, 0],
      ...(totp.lastStep > 0 ? { afterTimeStep: totp.lastStep } : {}),
    })
    return result.valid && 'timeStep' in result ? { ...totp, lastStep: result.timeStep } : undefined
  }
  const hash = hashSecret(typed.toLowerCase())
  if (!totp.recovery.includes(hash)) return undefined
  return { ...totp, recovery: totp.recovery.filter((known) => known !== hash) }
}

export const recoveryCodes = 10

/** New recovery codes of 120 bits, to be shown once, and their hashes. */
export function newRecoveryCodes(): { readonly codes: readonly string[]; readonly hashes: readonly string[] } {
  const codes = Array.from({ length: recoveryCodes }, () => randomBytes(15).toString('hex'))
  return {
    codes: codes.map((code) => (code.match(/.{6}/g) ?? []).join('-')),
    hashes: codes.map(hashSecret),
  }
}
