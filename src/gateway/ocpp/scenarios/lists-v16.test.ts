import { describe, expect, it } from 'vitest'
import {
  cancelReservation,
  localListVersion,
  reserve,
  sendLocalList,
  updateFirmware,
  uploadLogs,
} from '../commands/index.ts'
import { received, sent, startMs, startStation, statusesSent, unanswered, until, vehicle } from './central.fixture.ts'

const start = () => startStation('ocpp1.6')
const card = { id: 'CARD-1' }
const hour = 3_600_000

describe('scenarios of OCPP 1.6, local list', () => {
  it('tc042-1-get-local-list-version-not-supported', async () => {
    const { station, system } = await start()
    station.habits({ noLocalList: true })
    expect(await localListVersion(system, 'CP-1')).toBe(-1)
  })

  it('tc042-2-get-local-list-version-empty', async () => {
    const { system } = await start()
    expect(await localListVersion(system, 'CP-1')).toBe(0)
  })

  it('tc043-1-send-local-list-not-supported', async () => {
    const { station, system } = await start()
    station.habits({ noLocalList: true })
    expect(await sendLocalList(system, 'CP-1', { version: 1, tokens: [card] })).toBe('NotSupported')
    expect(system.book.station('CP-1').localListVersion).toBeUndefined()
  })

  it('tc043-3-send-local-list-failed', async () => {
    const { station, system } = await start()
    station.habits({ answers: { SendLocalList: { status: 'Failed' } } })
    expect(await sendLocalList(system, 'CP-1', { version: 1, tokens: [card] })).toBe('Failed')
  })

  it('tc043-4-send-local-list-full', async () => {
    const { station, system, frames } = await start()
    expect(await sendLocalList(system, 'CP-1', { version: 1, tokens: [card] })).toBe('Accepted')
    expect(received(frames, 'SendLocalList')[0]).toMatchObject({ updateType: 'Full', listVersion: 1 })
    expect([...station.state.localList.tokens.keys()]).toEqual(['CARD-1'])
  })

  it('tc043-5-send-local-list-differential', async () => {
    const { station, system, frames } = await start()
    expect(await sendLocalList(system, 'CP-1', { version: 1, tokens: [card] })).toBe('Accepted')
    const more = { version: 2, differential: true, tokens: [{ id: 'CARD-2' }] }
    expect(await sendLocalList(system, 'CP-1', more)).toBe('Accepted')
    const [full, differential] = received(frames, 'SendLocalList')
    expect([full!.updateType, differential!.updateType]).toEqual(['Full', 'Differential'])
    expect(differential!.localAuthorizationList).toMatchObject([{ idTag: 'CARD-2' }])
    expect([...station.state.localList.tokens.keys()]).toEqual(['CARD-1', 'CARD-2'])
    expect(await localListVersion(system, 'CP-1')).toBe(2)
    expect(system.book.station('CP-1').localListVersion).toBe(2)
  })
})

describe('scenarios of OCPP 1.6, reservation', () => {
  const reservation = { evseId: 1, idToken: 'CARD-1', expiresMs: startMs + hour }

  it('reservation-basic', async () => {
    const { station, system, frames } = await start()
    const { status, reservationId } = await reserve(system, 'CP-1', reservation)
    expect(status).toBe('Accepted')
    await until(() => statusesSent(frames).at(-1) === 'Reserved', 'Reserved')
    await station.plugIn(1, vehicle)
    await station.showToken(1, 'CARD-1')
    await station.showToken(1, 'CARD-1')
    await station.unplug(1)
    expect(sent(frames, 'StartTransaction')[0]).toMatchObject({ idTag: 'CARD-1', reservationId })
    expect(unanswered(frames)).toEqual([])
    expect(system.book.transactions()[0]).toMatchObject({ idToken: 'CARD-1', reason: 'Local' })
    expect(system.book.reservation(reservationId)?.state).toBe('used')
  })

  it.each([
    ['tc048-1-reserve-now-faulted', 'Faulted', 'Faulted'],
    ['tc048-2-reserve-now-occupied', 'Preparing', 'Occupied'],
    ['tc048-3-reserve-now-unavailable', 'Unavailable', 'Unavailable'],
  ] as const)('%s', async (_, before, expected) => {
    const { station, system, frames } = await start()
    await station.setStatus(1, before, before === 'Faulted' ? 'InternalError' : 'NoError')
    const { status, reservationId } = await reserve(system, 'CP-1', reservation)
    expect(status).toBe(expected)
    expect(system.book.reservation(reservationId)?.state).toBe('refused')
    await station.setStatus(1, 'Available')
    expect(statusesSent(frames)).toEqual(['Available', before, 'Available'])
    expect(unanswered(frames)).toEqual([])
  })

  it('tc048-4-reserve-now-rejected', async () => {
    const { station, system } = await start()
    station.habits({ answers: { ReserveNow: { status: 'Rejected' } } })
    expect((await reserve(system, 'CP-1', reservation)).status).toBe('Rejected')
  })

  it('tc051-cancel-reservation', async () => {
    const { system, frames } = await start()
    const { reservationId } = await reserve(system, 'CP-1', reservation)
    await until(() => statusesSent(frames).at(-1) === 'Reserved', 'Reserved')
    expect(await cancelReservation(system, 'CP-1', reservationId)).toBe('Accepted')
    await until(() => statusesSent(frames).at(-1) === 'Available', 'Available')
    await until(() => unanswered(frames).length === 0, 'an answer to everything')
    expect(system.book.reservation(reservationId)).toMatchObject({ state: 'cancelled', idToken: 'CARD-1' })
  })

  it('tc052-cancel-reservation-rejected', async () => {
    const { system, frames } = await start()
    expect(await cancelReservation(system, 'CP-1', 99_999)).toBe('Rejected')
    expect(received(frames, 'CancelReservation')).toEqual([{ reservationId: 99_999 }])
    expect(unanswered(frames)).toEqual([])
  })
})

describe('scenarios of OCPP 1.6, firmware and diagnostics', () => {
  const firmware = { location: 'http://example.com/fw.bin', retrieveMs: startMs }

  it.each([
    ['tc044-1-firmware-update', 'installed', ['Downloading', 'Downloaded', 'Installing', 'Installed']],
    ['tc044-2-firmware-download-failed', 'download-failed', ['Downloading', 'DownloadFailed']],
    [
      'tc044-3-firmware-install-failed',
      'install-failed',
      ['Downloading', 'Downloaded', 'Installing', 'InstallationFailed'],
    ],
  ] as const)('%s', async (_, outcome, expected) => {
    const { station, system, frames } = await start()
    station.habits({ firmware: outcome })
    expect(await updateFirmware(system, 'CP-1', firmware)).toBe('Accepted')
    await until(() => sent(frames, 'FirmwareStatusNotification').length === expected.length, 'the last status')
    const boots = outcome === 'installed' ? 2 : 1
    await until(() => sent(frames, 'BootNotification').length === boots && unanswered(frames).length === 0, 'its end')
    expect(sent(frames, 'FirmwareStatusNotification').map(({ status }) => status)).toEqual(expected)
    expect(system.book.station('CP-1').notices.get('FirmwareStatusNotification')?.content).toEqual({
      status: expected.at(-1),
    })
  })

  it('tc045-1-get-diagnostics', async () => {
    const { system, frames } = await start()
    expect(await uploadLogs(system, 'CP-1', 'http://127.0.0.1:9/upload')).toBe('diagnostics.txt')
    await until(() => sent(frames, 'DiagnosticsStatusNotification').length === 2, 'the end of the upload')
    await until(() => unanswered(frames).length === 0, 'an answer to everything')
    const statuses = sent(frames, 'DiagnosticsStatusNotification').map(({ status }) => status)
    expect(statuses).toEqual(['Uploading', 'UploadFailed'])
  })
})
