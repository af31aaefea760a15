import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { checkValue, quality } from '../../kernel/index.ts'
import { bacnetProtocol } from '../bacnet/index.ts'
import type { AnyFieldProtocol } from '../field-protocol.ts'
import { playGateway, playHouse, until } from '../link/house.fixture.ts'
import { openThings, playSite } from '../modbus/modbus.fixture.ts'
import { nmeaProtocol } from '../nmea/index.ts'
import { quantityNames } from '../nmea/quantities.ts'
import { readKinds } from '../nmea/read-facts.ts'
import { opcuaProtocol } from '../opcua/index.ts'

const things = openThings()
afterEach(things.close)

const guide = readFileSync(join(import.meta.dirname, '../../../docs/guides/field-protocols.md'), 'utf8')
const gateways: Readonly<Record<string, Record<string, unknown>>> = Object.assign(
  {},
  ...[...guide.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(([, text = '']) => parse(text).gateways),
)
const units = {
  ...{ 'battery.powerKw': 'kW', 'battery.soc': '1', 'battery.setpointKw': 'kW', 'pump.running': '1' },
  ...{ 'hall.temperatureC': 'degC', 'ahu.powerKw': 'kW', 'ahu.running': '1', 'ahu.setpointC': 'degC' },
  ...{ 'tug.latitudeDeg': 'deg', 'tug.longitudeDeg': 'deg', 'tug.speedKmH': 'km/h', 'mast.windSpeed': 'm/s' },
}
const values = {
  ...{ 'hall.temperatureC': 21.5, 'ahu.powerKw': 3.25, 'ahu.running': 1, 'ahu.setpointC': 20 },
  ...{ 'tug.latitudeDeg': 31.25, 'tug.longitudeDeg': 121.5, 'tug.speedKmH': 12.5, 'mast.windSpeed': 7 },
}

/** The gateway of the guide, which a site file may have. */
function shown(name: string, protocol: AnyFieldProtocol) {
  const { protocol: named, ...settings } = gateways[name]!
  expect(named).toBe(protocol.name)
  expect(checkValue(protocol.schema, settings).problems).toEqual([])
  const gateway = playGateway(settings, units)
  expect(protocol.check?.(gateway)).toEqual([])
  return gateway
}

describe('the guide', () => {
  it.each([
    ['ahu', bacnetProtocol, Object.keys(gateways.ahu!.points as object)],
    ['tug', nmeaProtocol, ['tug.latitudeDeg', 'tug.longitudeDeg', 'tug.speedKmH', 'mast.windSpeed']],
  ] as const)('shows a gateway %s that works', async (name, protocol, refs) => {
    const gateway = shown(name, protocol as AnyFieldProtocol)
    const twin = things.add(await (protocol as AnyFieldProtocol).twin!(gateway, playSite(values)))
    const house = playHouse()
    things.add(protocol.open({ ...gateway, settings: { ...gateway.settings, ...twin.settings } } as never, house))
    const last = (ref: string) => house.readings.findLast((one) => one.ref === ref)
    await until(() => refs.every((ref) => last(ref)), 'all points speak')
    for (const ref of refs) {
      expect(last(ref)!.value).toBeCloseTo(values[ref as keyof typeof values], 2)
      expect(last(ref)!.quality).toBe(quality.good)
    }
    expect(house.reports).toEqual([])
  })

  it('shows a server that a site file may name', () => {
    shown('plc', opcuaProtocol)
  })

  it.each([opcuaProtocol, bacnetProtocol, nmeaProtocol] as readonly AnyFieldProtocol[])(
    'names every setting of $name',
    ({ schema }) => {
      const { properties } = schema as unknown as { readonly properties: Readonly<Record<string, unknown>> }
      const own = ['protocol', 'points', 'url', 'longestWait', 'asset']
      expect(Object.keys(properties).filter((name) => !own.includes(name) && !guide.includes(`\`${name}\``))).toEqual(
        [],
      )
    },
  )

  it('names every quantity and kind of sentence', () => {
    expect(quantityNames.filter((name) => !guide.includes(`\`${name}\``))).toEqual([])
    expect(readKinds.filter((kind) => !guide.includes(kind))).toEqual([])
  })
})
