/** What a sizing does, by how far it is; the shares are those that `energy.size` tells. */
export const stages = ['read', 'days', 'hours', 'front', 'trial'] as const
export type Stage = (typeof stages)[number]

export const stageOf = (fraction: number): Stage =>
  fraction < 0.05 ? 'read' : fraction < 0.15 ? 'days' : fraction < 0.5 ? 'hours' : fraction < 0.7 ? 'front' : 'trial'
