import { describe, expect, it } from 'vitest'
import { getVariables, reset, setVariables } from '../commands/index.ts'
import { received, sent, startStation, unanswered, until, vehicle } from './central.fixture.ts'

const heartbeat = { component: 'OCPPCommCtrlr', variable: 'HeartbeatInterval' }

describe.each(['ocpp2.0.1', 'ocpp2.1'] as const)('scenarios of OCPP 2.0.1, spoken as %s', (version) => {
  const start = () => startStation(version)

  it('tcb01-cold-boot', async () => {
    const { frames, system } = await start()
    expect(sent(frames, 'BootNotification')).toMatchObject([{ reason: 'PowerUp' }])
    expect(sent(frames, 'StatusNotification').length).toBe(1)
    expect(unanswered(frames)).toEqual([])
    expect(system.book.station('CP-1').boot).toMatchObject({ admitted: 'accepted', reason: 'PowerUp' })
  })

  it('tcb06-get-variables', async () => {
    const { system, frames } = await start()
    expect(await getVariables(system, 'CP-1', [heartbeat])).toEqual([{ status: 'Accepted', value: '300' }])
    expect(received(frames, 'GetVariables')[0]).toMatchObject({
      getVariableData: [{ component: { name: 'OCPPCommCtrlr' }, variable: { name: 'HeartbeatInterval' } }],
    })
  })

  it('tcb09-set-variables', async () => {
    const { system, station } = await start()
    expect(await setVariables(system, 'CP-1', [{ ...heartbeat, value: '600' }])).toEqual(['Accepted'])
    expect(station.state.configuration.get('HeartbeatInterval')).toBe('600')
  })

  it('tcb20-reset-accepted', async () => {
    const { system, frames } = await start()
    expect(await reset(system, 'CP-1', 'hard')).toBe('Accepted')
    await until(() => sent(frames, 'BootNotification').length === 2, 'a second boot')
    await until(() => unanswered(frames).length === 0, 'an answer to everything')
    expect(received(frames, 'Reset')).toEqual([{ type: 'Immediate' }])
  })

  it('tcb21-reset-scheduled', async () => {
    const { system, station, frames } = await start()
    await station.plugIn(1, vehicle)
    await station.showToken(1, 'CARD-1')
    expect(await reset(system, 'CP-1', 'soft')).toBe('Scheduled')
    expect(received(frames, 'Reset')).toEqual([{ type: 'OnIdle' }])
    await station.showToken(1, 'CARD-1')
    await until(() => sent(frames, 'BootNotification').length === 2, 'the boot after the transaction')
    await until(() => unanswered(frames).length === 0, 'an answer to everything')
    expect(system.book.transactions()).toMatchObject([{ idToken: 'CARD-1', reason: 'Local' }])
  })

  it('tcb22-reset-rejected', async () => {
    const { system, frames } = await start()
    expect(await reset(system, 'CP-1', 'hard', 9)).toBe('Rejected')
    expect(received(frames, 'Reset')).toEqual([{ type: 'Immediate', evseId: 9 }])
  })

  it('tcf20-heartbeat', async () => {
    const { station, frames, clock } = await start()
    await station.heartbeat()
    const id = frames.find(({ frame }) => frame[2] === 'Heartbeat')!.frame[1]
    const answer = frames.find(({ frame }) => frame[0] === 3 && frame[1] === id)!.frame[2] as { currentTime: string }
    expect(Date.parse(answer.currentTime)).toBe(clock.now())
  })
})
