import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { startMs } from '../scenarios/central.fixture.ts'
import type { OcppVersion } from '../versions.ts'
import { handlersV16 } from './handlers-v16.ts'
import { handlersV201 } from './handlers-v201.ts'
import { TokenRegister } from './id-tokens.ts'
import type { OcppRecord } from './records.ts'
import { type Handlers, isoTime } from './scene.ts'
import { StationBook } from './station-book.ts'
import type { Transaction } from './transaction.ts'

/** A station and its central system without a line between them: what is told is entered at once. */
function bench(version: OcppVersion) {
  const handlers: Handlers = version === 'ocpp1.6' ? handlersV16 : handlersV201
  const journal: OcppRecord[] = []
  let book = new StationBook()
  let nowMs = startMs
  const station = { id: 'CP-1', admit: 'accepted', evses: [{ id: 1 }, { id: 2 }] } as const
  let seqNo = 0
  let number = 0
  const tell = (method: string, params: unknown): Readonly<Record<string, unknown>> => {
    const scene = { station, book, tokens: new TokenRegister([{ id: 'CARD' }]), nowMs, heartbeatS: 300 }
    const { answer, records = [] } = handlers[method]!(params as never, scene)
    for (const record of records) {
      journal.push(record)
      book.apply(record)
    }
    return answer
  }
  const event = (eventType: string, transactionId: string, evse: number, wh: number, more: object = {}) => {
    const sampledValue = [{ measurand: 'Energy.Active.Import.Register', value: wh }]
    seqNo += 1
    tell('TransactionEvent', {
      ...{ eventType, timestamp: isoTime(nowMs), triggerReason: 'MeterValuePeriodic', seqNo },
      ...{ transactionInfo: { transactionId, ...more }, evse: { id: evse, connectorId: 1 } },
      ...{ idToken: { idToken: 'CARD', type: 'ISO14443' }, meterValue: [{ timestamp: isoTime(nowMs), sampledValue }] },
    })
  }
  return {
    journal,
    get book() {
      return book
    },
    pass(seconds: number) {
      nowMs += seconds * 1000
    },
    now: () => nowMs,
    /** The central system is started again: it knows what its journal says. */
    restart() {
      book = new StationBook()
      for (const record of JSON.parse(JSON.stringify(journal)) as OcppRecord[]) book.apply(record)
    },
    start(evse: number, wh: number): string {
      if (version === 'ocpp1.6') {
        const start = { connectorId: evse, idTag: 'CARD', meterStart: wh, timestamp: isoTime(nowMs) }
        return String(tell('StartTransaction', start).transactionId)
      }
      number += 1
      event('Started', `T${number}`, evse, wh)
      return `T${number}`
    },
    meter(id: string, evse: number, wh: number): void {
      if (version !== 'ocpp1.6') return void event('Updated', id, evse, wh)
      const meterValue = [{ timestamp: isoTime(nowMs), sampledValue: [{ value: String(wh) }] }]
      tell('MeterValues', { connectorId: evse, transactionId: Number(id), meterValue })
    },
    stop(id: string, evse: number, wh: number): void {
      if (version !== 'ocpp1.6') return void event('Ended', id, evse, wh, { stoppedReason: 'PowerLoss' })
      tell('StopTransaction', {
        ...{ transactionId: Number(id), meterStop: wh, timestamp: isoTime(nowMs), reason: 'PowerLoss' },
      })
    },
    boot(): void {
      const v16 = { chargePointVendor: 'V', chargePointModel: 'M' }
      const v201 = { reason: 'PowerUp', chargingStation: { model: 'M', vendorName: 'V' } }
      tell('BootNotification', version === 'ocpp1.6' ? v16 : v201)
    },
    status(evse: number, status: string): void {
      const v16 = { connectorId: evse, errorCode: 'NoError', status }
      const v201 = { timestamp: isoTime(nowMs), connectorStatus: status, evseId: evse, connectorId: 1 }
      tell('StatusNotification', version === 'ocpp1.6' ? v16 : v201)
    },
  }
}

describe.each(['ocpp1.6', 'ocpp2.0.1'] as const)('a transaction of %s whose end is not told', (version) => {
  const lost = () => {
    const one = bench(version)
    const id = one.start(1, 1000)
    one.pass(60)
    one.meter(id, 1, 1500)
    one.pass(600)
    return { one, id, lastMs: startMs + 60_000 }
  }

  it('ends when another one begins at its EVSE, with what was told of it last', () => {
    const { one, id, lastMs } = lost()
    const next = one.start(1, 1700)
    expect(one.book.transaction('CP-1', id)).toMatchObject({
      ...{ endedMs: lastMs, lastWh: 1500, reason: 'Other', inferred: true },
    })
    expect(one.book.running('CP-1').map(({ transactionId }) => transactionId)).toEqual([next])
    // One at the other EVSE is none of its business.
    one.start(2, 0)
    expect(one.book.running('CP-1')).toHaveLength(2)
  })

  it('ends when its station has booted and says that the EVSE is free, and not by the boot alone', () => {
    const { one, id, lastMs } = lost()
    one.status(1, 'Available')
    one.boot()
    expect(one.book.running('CP-1')).toHaveLength(1)
    one.status(2, 'Available')
    expect(one.book.running('CP-1')).toHaveLength(1)
    one.status(1, 'Available')
    expect(one.book.transaction('CP-1', id)).toMatchObject({ endedMs: lastMs, reason: 'Reboot', inferred: true })
  })

  it('goes on where the station goes on with it, and ends as the station says where it says so late', () => {
    const { one, id } = lost()
    one.boot()
    one.status(1, 'Available')
    one.meter(id, 1, 1600)
    expect(one.book.transaction('CP-1', id)).toMatchObject({ endedMs: undefined, inferred: false, reason: undefined })
    one.boot()
    one.status(1, 'Available')
    one.stop(id, 1, 1650)
    expect(one.book.transaction('CP-1', id)).toMatchObject({
      ...{ endedMs: one.now(), lastWh: 1650, reason: 'PowerLoss', inferred: false },
    })
    // An end that was told is not inferred again.
    one.start(1, 1650)
    expect(one.book.transaction('CP-1', id)).toMatchObject({ lastWh: 1650, inferred: false })
  })

  it('leaves one at most running at an EVSE, whatever is lost and whoever starts again, and ends each with its last register', () => {
    const step = fc.record({
      what: fc.constantFrom('start', 'meter', 'stop', 'lose', 'boot', 'restart', 'late'),
      evse: fc.constantFrom(1, 2),
      seconds: fc.integer({ min: 1, max: 900 }),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const one = bench(version)
        const now = new Map<number, { id: string; wh: number }>()
        const gone: { id: string; evse: number; wh: number }[] = []
        const told = new Map<string, number>()
        let wh = 0
        for (const { what, evse, seconds } of steps) {
          one.pass(seconds)
          wh += seconds
          const running = now.get(evse)
          if (what === 'start' && !running) {
            const id = one.start(evse, wh)
            now.set(evse, { id, wh })
            told.set(id, wh)
          } else if (what === 'meter' && running) {
            one.meter(running.id, evse, wh)
            told.set(running.id, wh)
          } else if (what === 'stop' && running) {
            one.stop(running.id, evse, wh)
            told.set(running.id, wh)
            now.delete(evse)
          } else if (what === 'lose' && running) {
            // The power went, and with it what the station knew.
            gone.push({ ...running, evse })
            now.delete(evse)
          } else if (what === 'boot') {
            one.boot()
            for (const id of [1, 2])
              one.status(id, now.has(id) ? (version === 'ocpp1.6' ? 'Charging' : 'Occupied') : 'Available')
          } else if (what === 'restart') one.restart()
          else if (what === 'late') {
            const lost = gone.pop()
            if (!lost) continue
            one.stop(lost.id, lost.evse, wh)
            told.set(lost.id, wh)
          }
          const open = one.book.running('CP-1')
          expect(new Set(open.map(({ evseId }) => evseId)).size).toBe(open.length)
          for (const { id } of now.values()) expect(one.book.transaction('CP-1', id)?.endedMs).toBeUndefined()
        }
        for (const [id, lastWh] of told) expect(one.book.transaction('CP-1', id)?.lastWh).toBe(lastWh)
        // All that is lost has ended once the station has booted, and is marked unless its end came late.
        one.boot()
        for (const id of [1, 2]) if (!now.has(id)) one.status(id, 'Available')
        for (const { id } of gone) {
          expect(one.book.transaction('CP-1', id)).toMatchObject({ endedMs: expect.any(Number), inferred: true })
        }
        const before = plain(one.book)
        one.restart()
        expect(plain(one.book)).toEqual(before)
      }),
      { numRuns: 60 },
    )
  })
})

const plain = (book: StationBook): readonly Transaction[] => book.transactions('CP-1')
