import type { ProblemDetails } from '../../kernel/index.ts'
import type { FieldEntry } from '../field-protocol.ts'
import { objectPoints } from './object-points.ts'
import { BacnetSettingsSchema } from './settings.ts'

/** An entry of `bacnet` in a site file. */
export const bacnetEntry: FieldEntry<typeof BacnetSettingsSchema> = {
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
}
