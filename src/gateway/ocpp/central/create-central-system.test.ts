import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { RPCClient } from 'ocpp-rpc'
import { describe, expect, it, onTestFinished } from 'vitest'
import { WebSocket } from 'ws'
import { baseReport, sendData, setProfile, settleProfiles } from '../commands/index.ts'
import { sent, startCentral, startMs, startStation, unanswered, until, vehicle } from '../scenarios/central.fixture.ts'
import type { OcppVersion } from '../versions.ts'
import { openFileJournal } from './file-journal.ts'
import { createMemoryJournal } from './memory-journal.ts'

const iso = new Date(startMs).toISOString()

function connect(port: number, stationId: string, protocols: string[], auth?: string): Promise<WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/${stationId}`, protocols, auth === undefined ? {} : { auth })
  onTestFinished(() => socket.terminate())
  return new Promise((resolve, reject) => {
    socket.once('open', () => resolve(socket))
    socket.once('error', reject)
  })
}

const answerTo = (socket: WebSocket, frame: unknown): Promise<unknown[]> =>
  new Promise((resolve) => {
    socket.once('message', (data) => resolve(JSON.parse(String(data))))
    socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame))
  })

describe('the door', () => {
  it.each([
    ['a station that is not known', 'CP-9', ['ocpp1.6'], 401],
    ['a version that is not spoken', 'CP-1', ['ocpp1.2'], 400],
    ['no version at all', 'CP-1', [], 400],
    ['a name that cannot be read', '%E0%A4%A', ['ocpp1.6'], 400],
  ])('lets %s not in', async (_, stationId, protocols, status) => {
    const { system } = await startCentral()
    await expect(connect(system.port, stationId, protocols)).rejects.toThrow(`Unexpected server response: ${status}`)
    // And it is still there for others.
    await connect(system.port, 'CP-1', ['ocpp1.6'])
  })

  it.each([
    ['the password of the station', 'CP-1', 'CP-1:secret of CP-1', true],
    ['no password', 'CP-1', undefined, false],
    ['a wrong password', 'CP-1', 'CP-1:guess', false],
    ['another station’s name and password', 'CP-1', 'CP-2:secret of CP-2', false],
  ])('with security profile 1 asks for the password: %s', async (_, stationId, auth, comes) => {
    const { system } = await startCentral({ security: 1, stations: ['CP-1', 'CP-2'] })
    const coming = connect(system.port, stationId, ['ocpp1.6'], auth)
    if (comes) await coming
    else await expect(coming).rejects.toThrow('401')
    expect(system.figures().refusedConnects).toBe(comes ? 0 : 1)
  })

  it('gives the newest version that both speak', async () => {
    const { system } = await startCentral()
    const socket = await connect(system.port, 'CP-1', ['ocpp1.6', 'ocpp2.0.1'])
    expect(socket.protocol).toBe('ocpp2.0.1')
  })

  it('takes the newer one of two lines with one name', async () => {
    const { system } = await startCentral()
    const older = await connect(system.port, 'CP-1', ['ocpp1.6'])
    const closed = new Promise((resolve) => older.once('close', resolve))
    const newer = await connect(system.port, 'CP-1', ['ocpp1.6'])
    await closed
    expect((await answerTo(newer, [2, '1', 'Heartbeat', {}]))[0]).toBe(3)
    expect(system.figures().connected).toBe(1)
  })
})

describe('boot', () => {
  it.each([
    ['pending', 'Pending'],
    ['rejected', 'Rejected'],
  ] as const)('may be %s', async (admit, status) => {
    const { system, records } = await startCentral({ admit })
    const socket = await connect(system.port, 'CP-1', ['ocpp1.6'])
    const boot = [2, 'b', 'BootNotification', { chargePointVendor: 'V', chargePointModel: 'M' }]
    expect((await answerTo(socket, boot))[2]).toMatchObject({ status, interval: 300 })
    expect(records).toMatchObject([{ kind: 'boot', admitted: admit }])
  })
})

describe('transactions', () => {
  it('of 1.6 that are told twice are one', async () => {
    const { system } = await startCentral()
    const socket = await connect(system.port, 'CP-1', ['ocpp1.6'])
    const start = { connectorId: 1, idTag: 'CARD-1', meterStart: 100, timestamp: iso }
    const first = (await answerTo(socket, [2, 'a', 'StartTransaction', start]))[2] as { transactionId: number }
    expect((await answerTo(socket, [2, 'b', 'StartTransaction', start]))[2]).toEqual(first)
    const stop = { transactionId: first.transactionId, meterStop: 900, timestamp: iso }
    await answerTo(socket, [2, 'c', 'StopTransaction', stop])
    await answerTo(socket, [2, 'd', 'StopTransaction', { ...stop, meterStop: 999 }])
    expect(system.book.transactions()).toMatchObject([{ startWh: 100, lastWh: 900, reason: 'Local' }])
  })

  it.each(['ocpp1.6', 'ocpp2.0.1'] as const)(
    'of %s that begin and end offline are told later, once each',
    async (version) => {
      const { station, system, clock } = await startStation(version)
      await station.disconnect()
      station.state.localList.tokens.set('CARD-1', 'Accepted')
      await station.plugIn(1, vehicle)
      expect(await station.showToken(1, 'CARD-1')).toBe(true)
      station.step(3600)
      clock.pass(3600)
      await station.sendMeterValues(1)
      await station.showToken(1, 'CARD-1')
      clock.pass(3600)
      expect(system.book.transactions()).toEqual([])
      await station.connect()
      await station.boot()
      await station.settled()
      expect(system.book.transactions()).toMatchObject([
        { idToken: 'CARD-1', startedMs: startMs, endedMs: startMs + 3_600_000, startWh: 0 },
      ])
      expect(system.book.transactions()[0]!.lastWh).toBeCloseTo(11_040, -1)
      if (version === 'ocpp2.0.1') expect(system.book.transactions()[0]!.offline).toBe(true)
    },
  )

  it('of 2.0.1 take an event of one number once', async () => {
    const { station, system, records, frames } = await startStation('ocpp2.0.1')
    await station.plugIn(1, vehicle)
    await station.showToken(1, 'CARD-1')
    const before = records.length
    const event = sent(frames, 'TransactionEvent')[0]!
    expect(await station.call('TransactionEvent', event)).toMatchObject({ idTokenInfo: { status: 'Accepted' } })
    expect(records.length).toBe(before)
    expect(system.book.transactions().length).toBe(1)
  })

  it('with a token for one vehicle refuse the second', async () => {
    const { system } = await startCentral()
    const socket = await connect(system.port, 'CP-1', ['ocpp1.6'])
    const start = (connectorId: number) => ({ connectorId, idTag: 'ONCE', meterStart: 0, timestamp: iso })
    const first = await answerTo(socket, [2, 'a', 'StartTransaction', start(1)])
    const second = await answerTo(socket, [2, 'b', 'StartTransaction', start(2)])
    expect(first[2]).toMatchObject({ idTagInfo: { status: 'Accepted' } })
    expect(second[2]).toMatchObject({ idTagInfo: { status: 'ConcurrentTx' } })
  })

  it('are answered when they are on the disk, and not when they cannot get there', async () => {
    let full = true
    const journal = createMemoryJournal()
    const append = journal.append
    const failing = {
      ...journal,
      append: (records: never) => (full ? Promise.reject(new Error('no space')) : append(records)),
    }
    const { system, reports } = await startCentral({ journal: failing })
    const socket = await connect(system.port, 'CP-1', ['ocpp1.6'])
    const start = { connectorId: 1, idTag: 'CARD-1', meterStart: 0, timestamp: iso }
    const refused = await answerTo(socket, [2, 'a', 'StartTransaction', start])
    expect(refused.slice(0, 3)).toEqual([4, 'a', 'InternalError'])
    expect(system.book.transactions()).toEqual([])
    expect(reports.join()).toContain('no space')
    full = false
    expect((await answerTo(socket, [2, 'b', 'StartTransaction', start]))[0]).toBe(3)
  })

  it('are remembered by the file of the journal, though its last line was cut', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ocpp-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const file = join(folder, 'journal.ndjson')
    const first = await openFileJournal(file)
    const record = { kind: 'transaction', stationId: 'CP-1', atMs: 1, transactionId: '7', evseId: 1 } as const
    await Promise.all([first.append([{ ...record, event: 'started' }]), first.append([{ ...record, event: 'ended' }])])
    await first.close()
    const { appendFileSync } = await import('node:fs')
    appendFileSync(file, '{"kind":"transac')
    const second = await openFileJournal(file)
    await second.append([{ ...record, event: 'started', transactionId: '8' }])
    await second.close()
    const { system } = await startCentral({ journal: await openFileJournal(file) })
    expect(system.book.transactions().map(({ transactionId }) => transactionId)).toEqual(['7', '8'])
    expect(system.book.newTransactionNumber()).toBe(9)
  })
})

describe('profiles', () => {
  const profile = {
    id: 1,
    stackLevel: 0,
    purpose: 'tx-default' as const,
    kind: 'relative' as const,
    schedules: [{ unit: 'A' as const, periods: [{ startS: 0, limit: 10 }] }],
  }

  it('that are the same go once', async () => {
    const { system, frames } = await startStation('ocpp1.6')
    await setProfile(system, 'CP-1', 1, profile)
    await setProfile(system, 'CP-1', 1, profile)
    expect(frames.filter(({ frame }) => frame[2] === 'SetChargingProfile').length).toBe(1)
  })

  it('that a station did not get wait until it comes back', async () => {
    const { system, station } = await startStation('ocpp2.0.1')
    await station.disconnect()
    await until(() => !system.stationFigures('CP-1').connected, 'the end of the line')
    await expect(setProfile(system, 'CP-1', 1, profile, { tries: 2, waitMs: 1 })).rejects.toThrow('ocpp.no-link')
    await station.connect()
    await station.boot()
    await settleProfiles(system, 'CP-1')
    expect(station.state.profiles).toMatchObject([{ evseId: 1, profile: { id: 1 } }])
  })

  it('go again to a station that does not answer in time', async () => {
    const { system } = await startCentral({ callTimeoutMs: 40 })
    const socket = await connect(system.port, 'CP-1', ['ocpp1.6'])
    let asked = 0
    socket.on('message', (data) => {
      const [, id] = JSON.parse(String(data)) as [number, string]
      asked += 1
      if (asked === 2) socket.send(JSON.stringify([3, id, { status: 'Accepted' }]))
    })
    expect(await setProfile(system, 'CP-1', 1, profile, { waitMs: 1 })).toBe('Accepted')
    expect(asked).toBe(2)
  })
})

describe('calls', () => {
  it('go to a station one at a time', async () => {
    const { system } = await startCentral()
    const socket = await connect(system.port, 'CP-1', ['ocpp1.6'])
    let open = 0
    let most = 0
    socket.on('message', (data) => {
      const [, id] = JSON.parse(String(data)) as [number, string]
      open += 1
      most = Math.max(most, open)
      setTimeout(() => {
        open -= 1
        socket.send(JSON.stringify([3, id, { status: 'Accepted' }]))
      }, 3)
    })
    await Promise.all([1, 2, 3, 4].map(() => sendData(system, 'CP-1', { vendorId: 'v' })))
    expect(most).toBe(1)
  })

  it('that break the schema do not leave, and answers that break it are refused', async () => {
    const { system } = await startCentral()
    const socket = await connect(system.port, 'CP-1', ['ocpp1.6'])
    await expect(system.call('CP-1', 'Reset', { type: 'Gentle' })).rejects.toThrow('ocpp.bad-message')
    socket.once('message', (data) => {
      const [, id] = JSON.parse(String(data)) as [number, string]
      socket.send(JSON.stringify([3, id, { status: 'Perhaps' }]))
    })
    await expect(system.call('CP-1', 'Reset', { type: 'Hard' })).rejects.toThrow('ocpp.bad-message')
    await expect(system.call('CP-7', 'Reset', { type: 'Hard' })).rejects.toThrow('ocpp.unknown-station')
  })

  it('gather a report that comes in parts', async () => {
    const { system } = await startStation('ocpp2.0.1')
    expect((await baseReport(system, 'CP-1')).length).toBe(5)
  })
})

describe('readings', () => {
  it('end with a gap when the line ends', async () => {
    const { station, readings, system } = await startStation('ocpp1.6')
    await station.plugIn(1, vehicle)
    await station.showToken(1, 'CARD-1')
    station.step(60)
    await station.sendMeterValues(1)
    await station.disconnect()
    await until(() => !system.stationFigures('CP-1').connected, 'the end of the line')
    const gap = readings.findLast(({ ref }) => ref === 'cp-1-a.powerKw')!
    expect([gap.value, gap.quality]).toEqual([Number.NaN, 4])
  })
})

describe.each<OcppVersion>(['ocpp1.6', 'ocpp2.0.1'])(
  'a foreign station, the client of ocpp-rpc, speaking %s',
  (version) => {
    it('boots, charges, is called and stops', async () => {
      const { system, readings } = await startCentral({ security: 1 })
      const client = new RPCClient({
        endpoint: `ws://127.0.0.1:${system.port}`,
        identity: 'CP-1',
        password: 'secret of CP-1',
        protocols: [version],
        strictMode: true,
        reconnect: false,
      } as never)
      onTestFinished(() => void client.close({ force: true }))
      client.handle('TriggerMessage', async () => ({ status: 'Accepted' }))
      client.handle('SetChargingProfile', async () => ({ status: 'Accepted' }))
      await client.connect()
      const old = version === 'ocpp1.6'
      const boot = old
        ? { chargePointVendor: 'Foreign', chargePointModel: 'One' }
        : { reason: 'PowerUp', chargingStation: { vendorName: 'Foreign', model: 'One' } }
      expect(await client.call('BootNotification', boot)).toMatchObject({ status: 'Accepted' })
      const timestamp = iso
      if (old) {
        await client.call('StatusNotification', { connectorId: 1, errorCode: 'NoError', status: 'Preparing' })
        const start = { connectorId: 1, idTag: 'CARD-1', meterStart: 0, timestamp }
        const { transactionId } = (await client.call('StartTransaction', start)) as { transactionId: number }
        const sampledValue = [{ value: '7.4', measurand: 'Power.Active.Import', unit: 'kW' }]
        await client.call('MeterValues', { connectorId: 1, transactionId, meterValue: [{ timestamp, sampledValue }] })
        await client.call('StopTransaction', { transactionId, meterStop: 5000, timestamp, reason: 'Local' })
      } else {
        const event = (eventType: string, seqNo: number) => ({
          eventType,
          timestamp,
          seqNo,
          triggerReason: 'Authorized',
          transactionInfo: { transactionId: 'tx-1' },
          evse: { id: 1, connectorId: 1 },
          idToken: { idToken: 'card-1', type: 'ISO14443' },
          meterValue: [
            {
              timestamp,
              sampledValue: [{ value: 7.4, measurand: 'Power.Active.Import', unitOfMeasure: { unit: 'kW' } }],
            },
          ],
        })
        await client.call('TransactionEvent', event('Started', 0))
        await client.call('TransactionEvent', event('Ended', 1))
      }
      const profile = { id: 1, stackLevel: 0, purpose: 'tx-default', kind: 'relative' } as const
      const schedules = [{ unit: 'A' as const, periods: [{ startS: 0, limit: 10 }] }]
      expect(await setProfile(system, 'CP-1', 1, { ...profile, schedules })).toBe('Accepted')
      expect(system.book.transactions()).toMatchObject([{ evseId: 1, reason: 'Local' }])
      expect(readings.find(({ ref }) => ref === 'cp-1-a.powerKw')).toMatchObject({ value: 7.4, unit: 'kW' })
    })
  },
)

it('answers a station that talks on without waiting, in order', async () => {
  const { station, frames } = await startStation('ocpp1.6')
  await Promise.all(Array.from({ length: 50 }, () => station.heartbeat()))
  expect(unanswered(frames)).toEqual([])
})
