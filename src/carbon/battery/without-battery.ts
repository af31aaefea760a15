import { type BatteryFlows, carbonOf, kgText } from './follow-battery.ts'

/** Emissions with and without a battery by one kind of factors, kg, exact decimal texts. */
export interface Compared {
  /** What was made or bought to charge it, and what export was forgone for it. */
  readonly withKg: string
  /** What would have been bought instead of what it discharged. */
  readonly withoutKg: string
  /** Without less with; negative: the battery added. */
  readonly savedKg: string
}

/**
 * Against the same hours without the battery: what it discharged would have been bought at the factor of that hour, what it charged not
 * have been bought. Energy of the site's own that would have been fed into the grid counts by kind: fed in, it would have displaced
 * marginal power, so that storing it forgoes this; in an inventory by average factors export earns nothing, and storing forgoes nothing.
 *
 * @param kgPerKwh of the grid, each step
 */
export function withoutBattery(
  { sources, dischargeKwh }: Pick<BatteryFlows, 'sources' | 'dischargeKwh'>,
  kgPerKwh: readonly number[],
  kind: 'average' | 'marginal',
): Compared {
  let spent = 0n
  for (const source of sources) {
    if (source.otherwise === 'not-made') spent += carbonOf(source.chargeKwh, source.kgPerKwh)
    if (source.otherwise === 'exported' && kind === 'marginal') spent += carbonOf(source.chargeKwh, kgPerKwh)
  }
  const bought = carbonOf(dischargeKwh, kgPerKwh)
  return { withKg: kgText(spent), withoutKg: kgText(bought), savedKg: kgText(bought - spent) }
}
