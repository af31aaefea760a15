import type { OcppRecord } from './records.ts'

export const numberedStartMs = Date.UTC(2026, 0, 1)
/** Between two records. */
export const numberedStepMs = 60_000
/** Records of one transaction. */
const steps = 12

/** The record of a number: transactions one after another at two stations, a boot, a status and a notice among their steps. */
export function numberedRecord(number: number): OcppRecord {
  const transaction = Math.floor(number / steps)
  const step = number % steps
  const stationId = `CP-${transaction % 2}`
  const atMs = numberedStartMs + number * numberedStepMs
  const meterWh = transaction * 10_000 + step * 100
  if (step === 3) return { kind: 'boot', stationId, atMs, admitted: 'accepted', vendor: 'V', model: `M${number}` }
  if (step === 5) return { kind: 'status', stationId, atMs, evseId: 1, connectorId: 1, status: 'charging' }
  if (step === 7) return { kind: 'notice', stationId, atMs, name: 'NotifyEvent', content: { number } }
  const event = step === 0 ? 'started' : step === steps - 1 ? 'ended' : 'updated'
  return {
    ...{ kind: 'transaction', event, stationId, transactionId: String(transaction + 1), evseId: 1, atMs, meterWh },
    ...(event === 'started' ? { idToken: 'CARD', startKey: `key ${transaction}` } : { seqNo: step }),
    ...(event === 'ended' ? { reason: 'Local' } : {}),
  }
}
