import type { Clock } from '../../kernel/index.ts'
import type { Records } from '../../store/index.ts'
import { everyRecord } from './cached-records.ts'
import { accountErrors } from './errors.ts'
import { credentialText, hashSecret, newCredentialId, newSecret, sameText } from './secrets.ts'

/** Something in the field that writes observations of its site and may do nothing else; at rest. */
export interface Device {
  readonly id: string
  readonly title: string
  readonly site: string
  /** That owned the site when the device was made; `*` where none did. Another owner has to make devices of its own. */
  readonly organisation: string
  /** `<asset>.<point>`; absent: every point of the site. */
  readonly points?: readonly string[]
  readonly createdMs: number
  /** SHA-256 of its secret. */
  readonly hash: string
}

export interface Devices {
  /** @returns the device and its credential, which is shown once and kept nowhere */
  create(request: Pick<Device, 'title' | 'site' | 'organisation' | 'points'>): Promise<{ device: Device; text: string }>
  find(id: string, secret: string): Promise<Device | undefined>
  of(site: string): Promise<readonly Device[]>
  /** @throws `accounts.unknown-device` */
  remove(site: string, id: string): Promise<void>
}

const kind = 'device'

export function createDevices(records: Records, clock: Clock): Devices {
  return {
    async create({ title, site, organisation, points }) {
      const id = newCredentialId()
      const secret = newSecret()
      const device: Device = {
        ...{ id, title, site, organisation, createdMs: clock.now(), hash: hashSecret(secret) },
        ...(points ? { points } : {}),
      }
      await records.put(kind, id, device, 0)
      return { device, text: credentialText('device', id, secret) }
    },
    async find(id, secret) {
      const found = (await records.get<Device>(kind, id))?.content
      return found && sameText(found.hash, hashSecret(secret)) ? found : undefined
    },
    of: async (site) =>
      (await everyRecord<Device>(records, kind)).map(({ content }) => content).filter((device) => device.site === site),
    async remove(site, id) {
      const found = /^[0-9a-f]{18}$/.test(id) ? await records.get<Device>(kind, id) : undefined
      if (found?.content.site !== site) {
        throw accountErrors.unknownDevice({ detail: 'The site has no device of that id', found: id })
      }
      await records.remove(kind, id)
    },
  }
}
