import type { FieldProtocol } from '../field-protocol.ts'
import { openSparkplug } from './open-host.ts'
import type { SparkplugSettingsSchema } from './settings.ts'
import { sparkplugEntry } from './sparkplug-entry.ts'
import { startSparkplugTwin } from './start-twin.ts'

/** Host application of Sparkplug B over any broker of MQTT 3.1.1. */
export const sparkplugProtocol: FieldProtocol<typeof SparkplugSettingsSchema> = {
  ...sparkplugEntry,
  open: openSparkplug,
  twin: startSparkplugTwin,
}
