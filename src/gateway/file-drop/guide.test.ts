import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { parse } from 'yaml'
import { checkValue } from '../../kernel/index.ts'
import type { FieldProtocol } from '../field-protocol.ts'
import { httpPullProtocol } from '../http-pull/index.ts'
import { type PlayedHouse, playGateway, playHouse, until } from '../link/house.fixture.ts'
import { fileDropProtocol } from './file-drop-protocol.ts'
import { greenButton, intervalBlock } from './green-button.fixture.ts'

const guide = readFileSync(join(import.meta.dirname, '../../../docs/guides/files.md'), 'utf8')
const blocks = (language: string): readonly string[] =>
  [...guide.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(([, text = '']) => text)
const gateways = Object.assign({}, ...blocks('yaml').map((text) => parse(text).gateways)) as Record<
  string,
  Record<string, unknown>
>
const folder = mkdtempSync(join(tmpdir(), 'mangrove-guide-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Runs a gateway of the guide until it has stored so many readings. */
async function run(
  // biome-ignore lint/suspicious/noExplicitAny: protocols of unlike settings
  protocol: FieldProtocol<any>,
  name: string,
  own: Readonly<Record<string, unknown>>,
  readings: number,
): Promise<PlayedHouse> {
  const { protocol: named, ...settings } = { ...gateways[name], ...own } as Record<string, unknown>
  expect(named).toBe(protocol.name)
  expect(checkValue(protocol.schema, settings).problems).toEqual([])
  const source = { file: join(folder, 'site.yaml'), sha256: '' }
  const gateway = playGateway(settings, { 'grid.powerKw': 'kW', 'pv.powerKw': 'kW' }, { source })
  expect(protocol.check?.(gateway)).toEqual([])
  const house = playHouse()
  const client = protocol.open(gateway, house)
  await until(() => client.figures().readings >= readings, `${readings} readings`)
  await client.stop()
  expect(house.reports).toEqual([])
  return house
}
const soon = { period: '0.02s', still: '0.05s' }
const noonMs = Date.UTC(2026, 6, 6, 10)

it('the guide shows a folder of CSV that works', async () => {
  mkdirSync(join(folder, 'drops'))
  writeFileSync(join(folder, 'drops/july.csv'), blocks('csv')[0]!)
  const { rows } = await run(fileDropProtocol, 'metering', soon, 4)
  expect(Object.fromEntries(rows)).toEqual({
    [`grid.powerKw ${noonMs}`]: 1.2505,
    [`pv.powerKw ${noonMs}`]: 3.2,
    [`grid.powerKw ${noonMs + 900_000}`]: 1.3,
    [`pv.powerKw ${noonMs + 900_000}`]: Number.NaN,
  })
})

it('the guide shows a folder of Green Button data that works', async () => {
  mkdirSync(join(folder, 'utility'))
  const block = intervalBlock([{ startS: noonMs / 1000, durationS: 900, value: 500 }])
  const feed = greenButton({ ...{ uom: 72, power: 0, flow: 19, accumulation: 4 }, blocks: [block] })
  writeFileSync(join(folder, 'utility/feed.xml'), feed)
  const { rows } = await run(fileDropProtocol, 'utility', soon, 1)
  expect(Object.fromEntries(rows)).toEqual({ [`grid.powerKw ${noonMs}`]: -2 })
})

it('the guide shows an address that is read', async () => {
  const server = createServer((request, response) => {
    response.end(request.headers.authorization === 'Bearer x' ? blocks('json')[0] : '')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  mkdirSync(join(folder, 'secrets'))
  writeFileSync(join(folder, 'secrets/inverter.json'), '{"authorization":"Bearer x"}')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/status`
  const { rows } = await run(httpPullProtocol, 'inverter', { url, period: '0.02s' }, 2)
  server.closeAllConnections()
  server.close()
  const at = Date.UTC(2026, 6, 6, 12)
  expect(Object.fromEntries(rows)).toEqual({ [`pv.powerKw ${at}`]: 2.5, [`grid.powerKw ${at}`]: -1.5 })
})
