import type { FieldReading } from '../../gateway/index.ts'
import { quality } from '../../kernel/index.ts'
import type { CommandsView } from './view.ts'

/** Source of the points by which the commands of a site tell how they are. */
export const commandsSource = 'commands'

const modes = { plan: 0, fallback: 1, hold: 2 } as const

/**
 * How the commands of a site are, as values of points, so that alarms and charts can name them:
 * `commands.mode` (0 plan, 1 fallback, 2 hold), `commands.mismatches`, `commands.unreached`; and for each setpoint `<ref>Commanded`
 * in its unit, `<ref>Mismatch` and `<ref>Unreached` (1 or 0).
 */
export function statePoints(view: CommandsView, timestampMs: number): readonly FieldReading[] {
  if (view.mode === null) return []
  const point = (ref: string, value: number, unit = '1'): FieldReading => ({
    ...{ ref, timestampMs, value, unit, quality: quality.good },
  })
  const mismatches = view.setpoints.filter(({ mismatch }) => mismatch).length
  const unreached = view.setpoints.filter(isUnreached).length
  return [
    point('commands.mode', modes[view.mode]),
    point('commands.mismatches', mismatches),
    point('commands.unreached', unreached),
    ...view.setpoints.flatMap((setpoint) => {
      const { ref, unit, confirmed, mismatch } = setpoint
      return [
        ...(confirmed ? [point(`${ref}Commanded`, confirmed.value, unit)] : []),
        point(`${ref}Mismatch`, Number(mismatch)),
        point(`${ref}Unreached`, Number(isUnreached(setpoint))),
      ]
    }),
  ]
}

/** Whether commands do not get there: nothing takes them, or what takes them refuses. */
const isUnreached = ({ gateway, failures }: CommandsView['setpoints'][number]): boolean =>
  gateway === null || failures > 0
