import { describe, expect, it } from 'vitest'
import { askCompositeSchedule, clearProfiles, remoteStart, remoteStop, setProfile, trigger } from '../commands/index.ts'
import type { ChargingProfile } from '../profiles/charging-profile.ts'
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

const profile = (purpose: ChargingProfile['purpose'], transactionId?: string): ChargingProfile => ({
  id: 7,
  stackLevel: 1,
  purpose,
  kind: 'relative',
  ...(transactionId === undefined ? {} : { transactionId }),
  schedules: [{ unit: 'W', periods: [{ startS: 0, limit: 11_000 }] }],
})

const running = async ({ system }: StationFixture) => {
  await until(() => system.book.running('CP-1').length === 1, 'a running transaction')
  return system.book.running('CP-1')[0]!
}
const ended = async ({ system, frames }: StationFixture) => {
  await until(() => system.book.transactions('CP-1').every(({ endedMs }) => endedMs !== undefined), 'the end')
  await until(() => unanswered(frames).length === 0, 'an answer to everything')
  return system.book.transactions('CP-1').at(-1)!
}

describe('scenarios of OCPP 1.6, remote control', () => {
  it('tc010-remote-start', async () => {
    const fixture = await start()
    const { station, system, frames } = fixture
    expect(await remoteStart(system, 'CP-1', { evseId: 1, idToken: 'CARD-1' })).toMatchObject({ status: 'Accepted' })
    const { transactionId } = await running(fixture)
    await station.plugIn(1, vehicle)
    station.step(60)
    await station.sendMeterValues(1)
    expect(statusesSent(frames)).toEqual(expect.arrayContaining(['Preparing', 'Charging']))
    expect(sent(frames, 'StartTransaction')[0]).toMatchObject({ idTag: 'CARD-1' })
    expect(await remoteStop(system, 'CP-1', transactionId)).toBe('Accepted')
    expect(await ended(fixture)).toMatchObject({ idToken: 'CARD-1' })
  })

  it('tc011-remote-start-stop', async () => {
    const fixture = await start()
    const { system, frames } = fixture
    await remoteStart(system, 'CP-1', { evseId: 1, idToken: 'CARD-2' })
    const { transactionId } = await running(fixture)
    // The station knows it by its number when the answer has come.
    await fixture.station.settled()
    expect(await remoteStop(system, 'CP-1', transactionId)).toBe('Accepted')
    expect(await ended(fixture)).toMatchObject({ idToken: 'CARD-2', reason: 'Remote' })
    expect(sent(frames, 'StopTransaction')[0]).toMatchObject({ reason: 'Remote' })
  })

  it('tc012-remote-stop', async () => {
    const fixture = await start()
    await fixture.station.plugIn(1, vehicle)
    await fixture.station.showToken(1, 'CARD-3')
    const { transactionId } = await running(fixture)
    expect(await remoteStop(fixture.system, 'CP-1', transactionId)).toBe('Accepted')
    expect(await ended(fixture)).toMatchObject({ idToken: 'CARD-3', reason: 'Remote' })
  })

  it('tc026-remote-start-rejected', async () => {
    const { station, system, frames } = await start()
    await station.setStatus(1, 'Unavailable')
    expect(await remoteStart(system, 'CP-1', { evseId: 1, idToken: 'CARD-1' })).toMatchObject({ status: 'Rejected' })
    expect(sent(frames, 'StartTransaction')).toEqual([])
    expect(system.book.transactions()).toEqual([])
  })

  it('tc028-remote-stop-rejected', async () => {
    const fixture = await start()
    const { station, system } = fixture
    station.habits({ answers: { RemoteStopTransaction: { status: 'Rejected' } } })
    await station.plugIn(1, vehicle)
    await station.showToken(1, 'CARD-1')
    const { transactionId } = await running(fixture)
    expect(await remoteStop(system, 'CP-1', transactionId)).toBe('Rejected')
    expect(system.book.running().length).toBe(1)
    await station.showToken(1, 'CARD-1')
    expect(await ended(fixture)).toMatchObject({ reason: 'Local' })
  })

  it('tc054-trigger-message', async () => {
    const { system, frames } = await start()
    expect(await trigger(system, 'CP-1', { message: 'Heartbeat' })).toBe('Accepted')
    await until(() => sent(frames, 'Heartbeat').length === 1, 'a heartbeat')
    for (const message of [
      'MeterValues',
      'StatusNotification',
      'FirmwareStatusNotification',
      'DiagnosticsStatusNotification',
    ]) {
      const before = sent(frames, message).length
      expect(await trigger(system, 'CP-1', { message })).toBe('Accepted')
      await until(() => sent(frames, message).length > before, message)
    }
    await until(() => unanswered(frames).length === 0, 'an answer to everything')
  })

  it('tc055-trigger-message-rejected', async () => {
    const { station, system, frames } = await start()
    station.habits({ answers: { TriggerMessage: { status: 'Rejected' } } })
    expect(await trigger(system, 'CP-1', { message: 'Heartbeat' })).toBe('Rejected')
    expect(sent(frames, 'Heartbeat')).toEqual([])
  })
})

describe('scenarios of OCPP 1.6, smart charging', () => {
  it('tc056-central-smart-charging-txdefault', async () => {
    const fixture = await start()
    const { station, system } = fixture
    await station.plugIn(1, vehicle)
    await station.showToken(1, 'CARD-1')
    expect(await setProfile(system, 'CP-1', 1, profile('tx-default'))).toBe('Accepted')
    expect(station.state.profiles).toMatchObject([{ evseId: 1, profile: { id: 7, purpose: 'tx-default' } }])
    await station.showToken(1, 'CARD-1')
    expect((await ended(fixture)).endedMs).toBeDefined()
  })

  it('tc057-central-smart-charging-txprofile', async () => {
    const fixture = await start()
    const { station, system, frames } = fixture
    await station.plugIn(1, vehicle)
    await station.showToken(1, 'CARD-1')
    const { transactionId } = await running(fixture)
    const { schedules, ...rest } = profile('tx', transactionId)
    const slow = { ...rest, schedules: [{ ...schedules[0]!, periods: [{ startS: 0, limit: 4140 }] }] }
    expect(await setProfile(system, 'CP-1', 1, slow)).toBe('Accepted')
    expect(received(frames, 'SetChargingProfile')[0]).toMatchObject({
      csChargingProfiles: { transactionId: Number(transactionId), chargingProfilePurpose: 'TxProfile' },
    })
    station.step(60)
    expect(station.state.sockets[0]!.currentA).toBeCloseTo(6)
    await station.showToken(1, 'CARD-1')
    await ended(fixture)
    expect(station.state.profiles).toEqual([])
    expect(system.book.station('CP-1').profiles.size).toBe(0)
  })

  it('tc059-remote-start-with-profile', async () => {
    const fixture = await start()
    const { station, system, frames } = fixture
    const asked = { evseId: 1, idToken: 'CARD-1', profile: profile('tx') }
    expect(await remoteStart(system, 'CP-1', asked)).toMatchObject({ status: 'Accepted' })
    await running(fixture)
    expect(received(frames, 'RemoteStartTransaction')[0]).toMatchObject({ chargingProfile: { chargingProfileId: 7 } })
    // A station may leave such a profile aside (1.6 §5.11); this one does.
    expect(station.state.profiles).toEqual([])
    await until(() => station.state.sockets[0]!.status === 'Charging', 'charging')
    await station.stop(1, 'Local')
    await ended(fixture)
  })

  it('tc066-get-composite-schedule', async () => {
    const { system } = await start()
    expect(await setProfile(system, 'CP-1', 1, profile('tx-default'))).toBe('Accepted')
    const schedule = await askCompositeSchedule(system, 'CP-1', { evseId: 1, durationS: 600, unit: 'W' })
    expect(schedule).toMatchObject({ durationS: 600, unit: 'W', periods: [{ startS: 0, limit: 11_000 }] })
  })

  it('tc067-clear-charging-profile', async () => {
    const { station, system } = await start()
    await setProfile(system, 'CP-1', 1, profile('tx-default'))
    expect(await clearProfiles(system, 'CP-1', { id: 7 })).toBe('Accepted')
    expect(station.state.profiles).toEqual([])
    expect(system.book.station('CP-1').profiles.size).toBe(0)
    expect(await clearProfiles(system, 'CP-1', { id: 7 })).toBe('Unknown')
  })
})
