import type { ProblemDetails } from '../../kernel/index.ts'
import type { FieldEntry } from '../field-protocol.ts'
import { nodePoints } from './node-points.ts'
import { OpcuaSettingsSchema } from './settings.ts'

/** An entry of `opcua` in a site file. */
export const opcuaEntry: FieldEntry<typeof OpcuaSettingsSchema> = {
  name: 'opcua',
  title: 'OPC UA',
  schema: OpcuaSettingsSchema,
  check(gateway) {
    const { url, user, passwordVariable, security, serverFingerprint } = gateway.settings
    const problems: ProblemDetails[] = [...nodePoints(gateway).problems]
    if (!URL.canParse(url)) problems.push({ detail: 'This is no address', found: url, place: { path: 'url' } })
    if ((user === undefined) !== (passwordVariable === undefined)) {
      problems.push({
        ...{ detail: 'A user and the variable of its password go together', place: { path: 'user' } },
        expected: '`user` and `passwordVariable`',
      })
    }
    if (user !== undefined && security === 'none') {
      problems.push({
        ...{ detail: 'A password needs a connection that is secured', found: security, place: { path: 'security' } },
        expected: 'sign-and-encrypt',
      })
    }
    if (serverFingerprint !== undefined && serverFingerprint.replaceAll(':', '').length !== 64) {
      problems.push({
        ...{ detail: 'This is no SHA-256', found: serverFingerprint, place: { path: 'serverFingerprint' } },
        expected: '64 hexadecimal digits',
      })
    }
    return problems
  },
}
