import { describe, expect, it } from 'vitest'
import { changeConfiguration, clearCache, getConfiguration, reset, unlock } from '../commands/index.ts'
import {
  received,
  type StationFixture,
  sent,
  startStation,
  statusesSent,
  unanswered,
  until,
  vehicle,
} from './central.fixture.ts'

const start = () => startStation('ocpp1.6')

/** A vehicle comes and charges for some minutes. */
async function charge({ station, clock }: StationFixture, token = 'CARD-1'): Promise<void> {
  await station.plugIn(1, vehicle)
  await station.showToken(1, token)
  station.step(600)
  clock.pass(600)
  await station.sendMeterValues(1)
}

const only = (fixture: StationFixture) => {
  const transactions = fixture.system.book.transactions('CP-1')
  expect(transactions.length).toBe(1)
  return transactions[0]!
}

describe('scenarios of OCPP 1.6, core', () => {
  it('tc001-cold-boot', async () => {
    const { station, frames, system } = await start()
    await station.heartbeat()
    expect(sent(frames, 'BootNotification').length).toBe(1)
    expect(statusesSent(frames)).toEqual(['Available'])
    expect(unanswered(frames)).toEqual([])
    expect(system.book.station('CP-1').boot).toMatchObject({ admitted: 'accepted', vendor: 'Mangrove' })
    const answer = frames.find(({ from, frame }) => from === 'central' && frame[0] === 3)!.frame[2]
    expect(answer).toMatchObject({ status: 'Accepted', interval: 300 })
  })

  it('tc003-charging-plugin-first', async () => {
    const fixture = await start()
    const { station, frames, readings } = fixture
    await charge(fixture, 'CARD-1')
    await station.showToken(1, 'CARD-1')
    await station.unplug(1)
    expect(statusesSent(frames)).toEqual(['Available', 'Preparing', 'Charging', 'Finishing', 'Available'])
    expect(sent(frames, 'MeterValues').length).toBe(1)
    expect(unanswered(frames)).toEqual([])
    expect(only(fixture)).toMatchObject({ idToken: 'CARD-1', reason: 'Local', startWh: 0 })
    expect(only(fixture).endedMs).toBeDefined()
    expect(readings.find(({ ref }) => ref === 'cp-1-a.powerKw')!.value).toBeCloseTo(11.04)
    expect(readings.find(({ ref }) => ref === 'cp-1-a.currentL2A')!.value).toBeCloseTo(16)
  })

  it('tc004-charging-id-first', async () => {
    const fixture = await start()
    const { station, frames } = fixture
    await station.showToken(1, 'CARD-2')
    await station.plugIn(1, vehicle)
    station.step(60)
    await station.sendMeterValues(1)
    await station.showToken(1, 'CARD-2')
    await station.unplug(1)
    expect(statusesSent(frames).at(-1)).toBe('Available')
    expect(unanswered(frames)).toEqual([])
    expect(only(fixture)).toMatchObject({ idToken: 'CARD-2', reason: 'Local' })
  })

  it('tc005-ev-side-disconnect', async () => {
    const fixture = await start()
    await charge(fixture)
    await fixture.station.unplug(1)
    expect(sent(fixture.frames, 'StopTransaction')[0]).toMatchObject({ reason: 'EVDisconnected' })
    expect(unanswered(fixture.frames)).toEqual([])
    expect(only(fixture)).toMatchObject({ idToken: 'CARD-1', reason: 'EVDisconnected' })
  })

  it.each([
    ['tc013-hard-reset', 'hard', 'HardReset'],
    ['tc014-soft-reset', 'soft', 'SoftReset'],
  ] as const)('%s', async (_, how, reason) => {
    const fixture = await start()
    const { system, frames } = fixture
    await charge(fixture)
    expect(await reset(system, 'CP-1', how)).toBe('Accepted')
    await until(
      () => sent(frames, 'BootNotification').length === 2 && statusesSent(frames).length >= 4,
      'a second boot',
    )
    await until(() => unanswered(frames).length === 0, 'an answer to everything')
    expect(received(frames, 'Reset')).toEqual([{ type: how === 'hard' ? 'Hard' : 'Soft' }])
    expect(only(fixture).reason).toBe(reason)
  })

  it.each([
    ['tc017-unlock-occupied', true, 'Unlocked'],
    ['tc018-unlock-failure', false, 'UnlockFailed'],
  ])('%s', async (_, unlocks, expected) => {
    const fixture = await start()
    const { station, system, frames } = fixture
    station.state.sockets[0]!.unlocks = unlocks
    await charge(fixture)
    expect(await unlock(system, 'CP-1', 1)).toBe(expected)
    if (!unlocks) await station.showToken(1, 'CARD-1')
    await until(() => only(fixture).endedMs !== undefined, 'the end of the transaction')
    await until(() => unanswered(frames).length === 0, 'an answer to everything')
  })

  it('tc031-unlock-unknown-connector', async () => {
    const { system, frames } = await start()
    expect(await unlock(system, 'CP-1', 99)).toBe('NotSupported')
    expect(received(frames, 'UnlockConnector')).toEqual([{ connectorId: 99 }])
  })

  it('tc019-get-configuration-all', async () => {
    const { system, frames } = await start()
    const { known } = await getConfiguration(system, 'CP-1')
    expect(received(frames, 'GetConfiguration')).toEqual([{}])
    expect(known.map(({ key }) => key)).toEqual(
      expect.arrayContaining(['HeartbeatInterval', 'SupportedFeatureProfiles']),
    )
  })

  it('tc019-get-configuration-key', async () => {
    const { system } = await start()
    const { known, unknown } = await getConfiguration(system, 'CP-1', ['HeartbeatInterval', 'Colour'])
    expect(known).toEqual([{ key: 'HeartbeatInterval', readonly: false, value: '300' }])
    expect(unknown).toEqual(['Colour'])
  })

  it('tc021-change-configuration', async () => {
    const { system, station } = await start()
    expect(await changeConfiguration(system, 'CP-1', 'MeterValueSampleInterval', '10')).toBe('Accepted')
    expect(station.state.configuration.get('MeterValueSampleInterval')).toBe('10')
  })

  it('tc024-lock-failure', async () => {
    const fixture = await start()
    const { station, frames, system } = fixture
    station.state.sockets[0]!.locks = false
    await station.plugIn(1, vehicle)
    expect(await station.showToken(1, 'CARD-1')).toBe(false)
    expect(system.book.station('CP-1').statuses.get('1.1')).toMatchObject({
      status: 'faulted',
      errorCode: 'ConnectorLockFailure',
    })
    await station.unplug(1)
    expect(sent(frames, 'StartTransaction')).toEqual([])
    expect(statusesSent(frames)).toEqual(['Available', 'Faulted', 'Available'])
    expect(unanswered(frames)).toEqual([])
  })

  it('tc061-clear-cache', async () => {
    const { system } = await start()
    expect(await clearCache(system, 'CP-1')).toBe('Accepted')
  })

  it('tc064-data-transfer', async () => {
    const { station, system } = await start()
    const request = { vendorId: 'com.example.cert16', messageId: 'certTest', data: 'hello-csms' }
    expect(await station.call('DataTransfer', request)).toEqual({ status: 'UnknownVendorId' })
    expect(system.book.station('CP-1').notices.get('DataTransfer')?.content).toEqual(request)
  })
})

describe('scenarios of OCPP 1.6, authorisation', () => {
  it.each([
    ['tc023-1-authorize-invalid', 'NOBODY', 'Invalid'],
    ['tc023-2-authorize-expired', 'LATE', 'Expired'],
    ['tc023-3-authorize-blocked', 'LOST', 'Blocked'],
  ])('%s', async (_, idTag, status) => {
    const { station, frames, system } = await start()
    await station.plugIn(1, vehicle)
    expect(await station.showToken(1, idTag)).toBe(false)
    const id = frames.find(({ frame }) => frame[2] === 'Authorize')!.frame[1]
    const answer = frames.find(({ frame }) => frame[0] === 3 && frame[1] === id)!.frame[2]
    expect(answer).toMatchObject({ idTagInfo: { status } })
    expect(sent(frames, 'StartTransaction')).toEqual([])
    expect(system.book.transactions()).toEqual([])
  })
})
