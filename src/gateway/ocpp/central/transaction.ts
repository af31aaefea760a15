/** A transaction as its records add up. */
export interface Transaction {
  readonly stationId: string
  readonly transactionId: string
  evseId: number
  connectorId: number | undefined
  idToken: string | undefined
  startedMs: number
  endedMs: number | undefined
  startWh: number | undefined
  /** Newest register value. */
  lastWh: number | undefined
  reason: string | undefined
  /** Its end was not told; what the station tells of it later counts instead. */
  inferred: boolean
  /** The station has booted since it told of it last. */
  unsure: boolean
  chargingState: string | undefined
  /** The station was offline when it began. */
  offline: boolean
  remoteStartId: number | undefined
  /** Register of imported energy at the times it was told: UTC ms and Wh, in turn. */
  readonly registerWh: { readonly atMs: number; readonly wh: number }[]
  readonly seenSeqNos: Set<number>
  /** 1.6: what tells a repeated StartTransaction. */
  startKey?: string
}

/** Energy of a transaction as far as its register was told, Wh; undefined where it was not. */
export function energyWhOf({ startWh, lastWh, registerWh }: Transaction): number | undefined {
  const first = startWh ?? registerWh[0]?.wh
  return first === undefined || lastWh === undefined ? undefined : Math.max(0, lastWh - first)
}
