import type { ProblemDetails } from '../../kernel/index.ts'
import type { FieldProtocol } from '../field-protocol.ts'
import { objectPoints } from './object-points.ts'
import { openBacnet } from './open-client.ts'
import { BacnetSettingsSchema } from './settings.ts'
import { startBacnetTwin } from './start-twin.ts'

/** Devices of buildings on BACnet/IP: polled, heard when they change, commanded by priority. */
export const bacnetProtocol: FieldProtocol<typeof BacnetSettingsSchema> = {
  name: 'bacnet',
  title: 'BACnet/IP',
  schema: BacnetSettingsSchema,
  check(gateway) {
    const { host, instance } = gateway.settings
    const problems: ProblemDetails[] = [...objectPoints(gateway).problems]
    if (host === undefined && instance === undefined) {
      problems.push({
        ...{ detail: 'Nothing says which device it is', place: { path: 'host' } },
        expected: '`host`, or `instance` to look for it',
      })
    }
    for (const { ref, use, object } of objectPoints(gateway).points) {
      if (use.write && [0, 3, 13, 23].includes(object.type)) {
        problems.push({
          ...{ detail: 'An input takes no setpoints', found: use.object, place: { path: `points.${ref}` } },
          expected: 'an output or a value',
        })
      }
    }
    return problems
  },
  open: openBacnet,
  twin: startBacnetTwin,
}
