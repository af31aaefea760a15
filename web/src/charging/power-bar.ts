import type { Evse } from './charging-queries.ts'

/** The power of a charger, in shares of the length of its track. */
export interface PowerShares {
  readonly drawn: number
  /** Granted and not drawn. */
  readonly spared: number
  /** Granted, and what is drawn of it is not known. */
  readonly untold: number
}

/** A vehicle draws a little less than it may, and meters flutter: so much is not called spared. */
const closeShare = 0.02

/** What is drawn within what is granted within what is asked. */
export function powerShares({ askedKw, grantKw, drawnKw }: Pick<Evse, 'askedKw' | 'grantKw' | 'drawnKw'>): PowerShares {
  const granted = grantKw ?? 0
  const track = Math.max(askedKw ?? 0, granted, drawnKw ?? 0) || 1
  if (drawnKw === null) return { drawn: 0, spared: 0, untold: granted / track }
  const spared = granted - drawnKw
  return { drawn: drawnKw / track, spared: spared > closeShare * granted ? spared / track : 0, untold: 0 }
}
