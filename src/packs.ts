import { alarmsPack } from './alarms/index.ts'
import { carbonPack } from './carbon/index.ts'
import { commandsPack } from './commands/index.ts'
import { energyPack } from './energy/index.ts'
import { gatewayPack } from './gateway/index.ts'
import type { Pack } from './kernel/index.ts'

/** The one list of packs; the only place that knows them all. */
export const packs: readonly Pack[] = [energyPack, carbonPack, alarmsPack, commandsPack, gatewayPack]
