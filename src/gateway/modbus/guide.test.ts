import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { checkValue, quality } from '../../kernel/index.ts'
import { readTemplate, readTemplates } from './devices/template.ts'
import { gatewayOf, keepReadings, openThings, playSite, until } from './modbus.fixture.ts'
import { modbusProtocol } from './modbus-protocol.ts'
import { type ModbusSettings, ModbusSettingsSchema } from './settings.ts'

const things = openThings()
afterEach(things.close)

const guide = readFileSync(join(import.meta.dirname, '../../../docs/guides/modbus.md'), 'utf8')
const blocks = [...guide.matchAll(/^```yaml( template)?\n([\s\S]*?)^```$/gm)].map(([, template, text = '']) => ({
  isTemplate: template !== undefined,
  text,
}))
const gateways = blocks
  .filter(({ isTemplate }) => !isTemplate)
  .flatMap(({ text }) =>
    Object.entries((parse(text) as { gateways: Record<string, ModbusSettings & { protocol: string }> }).gateways),
  )
const units = {
  ...{
    'grid.powerKw': 'kW',
    'pv.powerKw': 'kW',
    'battery.powerKw': 'kW',
    'battery.soc': '1',
    'battery.setpointKw': 'kW',
  },
  ...{ 'battery.energyDischargedKwh': 'kWh', 'works.powerKw': 'kW', 'works.energyKwh': 'kWh' },
}
const values = {
  ...{ 'grid.powerKw': 12.5, 'pv.powerKw': 3.25, 'battery.powerKw': -7.5, 'battery.soc': 0.5, 'battery.setpointKw': 0 },
  ...{ 'battery.energyDischargedKwh': 1200, 'works.powerKw': 40, 'works.energyKwh': 90_000 },
}

describe('the guide', () => {
  it.each(gateways)('shows a gateway %s that works', async (_, { protocol, ...settings }) => {
    expect(protocol).toBe('modbus')
    expect(checkValue(ModbusSettingsSchema, settings).problems).toEqual([])
    const gateway = gatewayOf(settings, units)
    expect(modbusProtocol.check?.(gateway)).toEqual([])
    const twin = things.add(await modbusProtocol.twin!(gateway, playSite(values)))
    const house = keepReadings()
    things.add(modbusProtocol.open({ ...gateway, settings: { ...settings, ...twin.settings } }, house))
    const owners = Object.values(settings.devices).map(({ asset = 'works' }) => asset)
    const refs = Object.keys(values).filter((ref) => owners.includes(ref.split('.')[0]!))
    await until(() => refs.every((ref) => house.last(ref)), 'all points speak')
    for (const ref of refs) {
      expect(house.last(ref)).toMatchObject({ value: values[ref as keyof typeof values], quality: quality.good })
    }
  })

  it('shows a template that can be read', () => {
    const [template] = blocks.filter(({ isTemplate }) => isTemplate)
    expect(readTemplate(template!.text, 'works-meter.yaml').registers).toHaveLength(2)
  })

  it('names every template', () => {
    const named = [...guide.matchAll(/`([a-z0-9]+-[a-z0-9-]+)`/g)].map(([, id]) => id)
    expect(readTemplates().filter(({ id }) => !named.includes(id))).toEqual([])
  })
})
