import type { Quantity } from './forecast-queries.ts'

export interface HeatCell {
  readonly hour: number
  /** Mean error, in the unit of the quantity; null: too few pairs. */
  readonly bias: number | null
  /** Its size as a share of the largest of the map. */
  readonly share: number
  readonly side: 'low' | 'high' | 'unknown'
}

export interface HeatMap {
  readonly rows: readonly { readonly leadHours: number; readonly cells: readonly HeatCell[] }[]
  /** The largest mean error of either sign; colours go from its opposite to it. */
  readonly most: number
}

/** Mean error by hour of the day and lead. */
export function heatMapOf({ leads }: Pick<Quantity, 'leads'>): HeatMap {
  const most = Math.max(0, ...leads.flatMap(({ hours }) => hours.map(({ bias }) => Math.abs(bias ?? 0))))
  return {
    most,
    rows: leads.map(({ leadHours, hours }) => ({
      leadHours,
      cells: hours.map(({ hour, bias }) => ({
        ...{ hour, bias, share: bias === null || most === 0 ? 0 : Math.abs(bias) / most },
        side: bias === null ? 'unknown' : bias < 0 ? 'low' : 'high',
      })),
    })),
  }
}
