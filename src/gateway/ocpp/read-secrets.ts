import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { FieldGateway } from '../field-protocol.ts'
import { type IdToken, TokenRegister } from './central/id-tokens.ts'
import type { ListenSettings } from './central/listen.ts'
import { ocppErrors } from './errors.ts'
import type { OcppSettings } from './settings.ts'

/** What the settings name and do not hold. */
export interface OcppSecrets {
  passwordFits(stationId: string, password: Buffer): boolean
  readonly tokens: TokenRegister
  readonly tls?: NonNullable<ListenSettings['tls']>
}

/** Reads passwords, certificates and cards. @throws `ocpp.bad-settings` with the file or variable, never with what it holds */
export function readSecrets({ site, settings }: FieldGateway<OcppSettings>): OcppSecrets {
  const folder = dirname(site.source.file)
  const read = (name: string): string => {
    try {
      return readFileSync(resolve(folder, name), 'utf8')
    } catch (error) {
      throw ocppErrors.badSettings({ detail: 'A file cannot be read', place: { file: name } }, { cause: error })
    }
  }
  const digests = new Map<string, Buffer>()
  const { security = 1 } = settings
  for (const { id, password } of security === 1 || security === 2 ? settings.stations : []) {
    if (!password) continue
    const { file, variable } = password
    const text = file !== undefined ? read(file).replace(/\r?\n$/, '') : process.env[variable ?? '']
    if (!text) {
      throw ocppErrors.badSettings({
        detail: `The password of ${id} is missing`,
        found: variable ?? file,
        expected: 'at least one character',
      })
    }
    digests.set(id, digest(text))
  }
  const { certificateFile, keyFile, stationCaFile, tokensFile } = settings
  const tls =
    certificateFile !== undefined && keyFile !== undefined && security >= 2
      ? {
          certificate: read(certificateFile),
          key: read(keyFile),
          ...(stationCaFile === undefined ? {} : { stationCa: read(stationCaFile) }),
        }
      : undefined
  return {
    passwordFits(stationId, password) {
      const known = digests.get(stationId)
      // One that is not known takes as long.
      return timingSafeEqual(known ?? nobody, digest(password)) && known !== undefined
    },
    tokens: new TokenRegister(tokensFile === undefined ? [] : readTokens(read(tokensFile), tokensFile)),
    ...(tls === undefined ? {} : { tls }),
  }
}

const digest = (secret: string | Buffer): Buffer => createHash('sha256').update(secret).digest()

const nobody = randomBytes(32)

/** Cards of a file. @throws `ocpp.bad-settings` */
export function readTokens(json: string, file: string): IdToken[] {
  const bad = (index: number, found: unknown) =>
    ocppErrors.badSettings({
      detail: 'A card cannot be read',
      place: { file, path: String(index) },
      found,
      expected: '{ "id", "group"?, "blocked"?, "expires"?: a time with an offset, "concurrent"? }',
    })
  let told: unknown
  try {
    told = JSON.parse(json)
  } catch (error) {
    throw ocppErrors.badSettings({ detail: 'The cards are no JSON', place: { file } }, { cause: error })
  }
  if (!Array.isArray(told)) throw bad(0, told)
  return told.map((one: Record<string, unknown>, index) => {
    const expiresMs = one?.expires === undefined ? undefined : Date.parse(String(one.expires))
    if (typeof one?.id !== 'string' || one.id === '' || Number.isNaN(expiresMs)) throw bad(index, one)
    return {
      id: one.id,
      ...(one.blocked === true ? { blocked: true } : {}),
      ...(expiresMs === undefined ? {} : { expiresMs }),
      ...(typeof one.group === 'string' ? { group: one.group } : {}),
      ...(typeof one.concurrent === 'number' ? { concurrent: one.concurrent } : {}),
    }
  })
}
