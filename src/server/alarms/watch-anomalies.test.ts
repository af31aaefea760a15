import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { alarmErrors } from '../../alarms/index.ts'
import { noonMs, openTestServer, quarry } from '../server.fixture.ts'
import { type JudgedMeter, startAnomalyWatch } from './watch-anomalies.ts'

const folder = mkdtempSync(join(tmpdir(), 'mangrove-anomaly-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

it('raises what is odd of a meter with its words, once a quarter of an hour, and tells once what cannot be judged', async () => {
  const file = join(folder, 'site.yaml')
  const rule = `    camp-odd:
      point: camp.powerKw
      priority: low
      when: { kind: anomaly, falseAlarmDaysPerYear: 24 }
      message: The camp is not as on other days.
      action: Look at what runs there.
`
  writeFileSync(file, readFileSync(quarry, 'utf8').replace('  rules:\n', `  rules:\n${rule}`))
  const time = { ms: 0 }
  const test = await openTestServer({ sites: [{ file }], monotonic: () => time.ms })
  const { alarms } = test.server.parts
  await alarms.start()
  const asked: Readonly<Record<string, unknown>>[] = []
  const reports: string[] = []
  let answer: JudgedMeter | Error = {
    anomalies: [{ to: new Date(noonMs - 900_000).toISOString(), words: 'twice as much' }],
  }
  const watch = startAnomalyWatch({
    alarms,
    async judge(input) {
      asked.push(input)
      if (answer instanceof Error) throw answer
      return answer
    },
    report: (_, message) => void reports.push(message),
  })
  const stateOf = async (): Promise<Record<string, unknown> | undefined> => {
    await alarms.idle()
    const { alarms: listed } = (await test.inject('/api/v1/alarms?site=quarry-microgrid&state=all')).json()
    return (listed as Record<string, unknown>[]).find(({ alarm }) => alarm === 'camp-odd')
  }
  await watch.turn()
  await watch.turn()
  expect(asked).toHaveLength(1)
  expect(asked[0]).toMatchObject({ meter: { observation: 'camp.powerKw' }, unit: 'kW', falseAlarmDaysPerYear: 24 })
  expect(asked[0]?.to).toBe(new Date(noonMs - 900_000).toISOString())
  expect(await stateOf()).toMatchObject({ state: 'unacknowledged', explanation: 'twice as much' })
  answer = alarmErrors.badHistory({ detail: 'Too few days' })
  for (let count = 0; count < 2; count += 1) {
    time.ms += 900_000
    await watch.turn()
  }
  expect(reports).toHaveLength(1)
  answer = { anomalies: [] }
  time.ms += 900_000
  await watch.turn()
  expect(await stateOf()).toMatchObject({ state: 'returned-unacknowledged' })
  watch.stop()
  await test.close()
})
