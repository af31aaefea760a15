import type { ProblemDetails } from '../../kernel/index.ts'
import type { FieldProtocol } from '../field-protocol.ts'
import { nodePoints } from './node-points.ts'
import { openOpcua } from './open-client.ts'
import { OpcuaSettingsSchema } from './settings.ts'

/** Client of OPC UA over `opc.tcp`: subscriptions and setpoints. It has no simulated twin: a server would be a package of its own. */
export const opcuaProtocol: FieldProtocol<typeof OpcuaSettingsSchema> = {
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
  open: openOpcua,
}
