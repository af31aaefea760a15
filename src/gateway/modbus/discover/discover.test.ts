import { createServer } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { pointUnit } from '../devices/point-unit.ts'
import { findTemplate } from '../devices/template.ts'
import { gatewayOf, openThings, playSite } from '../modbus.fixture.ts'
import { modbusProtocol } from '../modbus-protocol.ts'
import type { ModbusSettings } from '../settings.ts'
import { sunspecModels } from '../sunspec/models.ts'
import { startModbusTwin } from '../twin/start-twin.ts'
import { rtuFraming, tcpFraming } from '../wire/framing.ts'
import { discoverDevices, type FoundDevice } from './discover-devices.ts'
import { sunspecTemplates } from './match-templates.ts'
import { proposeSite } from './propose-site.ts'

const things = openThings()
afterEach(things.close)

const file = '/nowhere/site.yaml'
/** A bus of devices that are each played from a template. */
async function bus(devices: Readonly<Record<string, { readonly unitId: number; readonly template: string }>>) {
  const settings: ModbusSettings['devices'] = {}
  const units: Record<string, string> = {}
  for (const [id, device] of Object.entries(devices)) {
    settings[id] = { ...device, asset: id }
    const { registers, sunspec } = findTemplate(device.template, file)
    for (const { point } of registers ?? sunspec ?? []) units[`${id}.${point}`] = pointUnit(point)
  }
  const site = playSite(Object.fromEntries(Object.keys(units).map((ref) => [ref, 1])))
  return things.add(await startModbusTwin(gatewayOf({ host: 'x', devices: settings }, units, file), site))
}

describe('models of SunSpec', () => {
  // Lengths that the specification prints for each model, without its head; of repeated blocks apart.
  it.each([
    [1, 66, 0],
    [101, 50, 0],
    [103, 50, 0],
    [113, 60, 0],
    [120, 26, 0],
    [121, 30, 0],
    [122, 44, 0],
    [123, 24, 0],
    [124, 24, 0],
    [160, 8, 20],
    [201, 105, 0],
    [203, 105, 0],
    [701, 153, 0],
    [702, 50, 0],
    [703, 17, 0],
    [704, 65, 0],
    [713, 7, 0],
    [714, 18, 25],
  ])('%d has %d registers, and %d in each block', (id, length, repeatLength) => {
    expect(sunspecModels.get(id)).toMatchObject({ length, repeatLength })
  })

  it('name scale factors that they have', () => {
    for (const { id, points, repeat } of sunspecModels.values()) {
      for (const { name, scaleFactor } of [...points.values(), ...repeat.values()]) {
        if (scaleFactor !== undefined) expect(points.get(scaleFactor)?.type, `${id}.${name}`).toBe('sunssf')
      }
    }
  })

  it.each([
    [103, 'W', 12],
    [103, 'WH', 22],
    [113, 'W', 20],
    [203, 'W', 16],
    [203, 'TotWhImp', 44],
    [123, 'WMaxLimPct', 3],
    [701, 'W', 8],
  ])('have %d.%s at offset %d', (id, field, offset) => {
    expect(sunspecModels.get(id)!.points.get(field)).toMatchObject({ offset })
  })
})

describe('looking for devices', () => {
  it('finds them by SunSpec, by device identification and by registers, and nobody where nobody is', async () => {
    const { port } = await bus({
      inverter: { unitId: 1, template: 'sunspec-inverter' },
      counter: { unitId: 1, template: 'sunspec-meter' },
      feeder: { unitId: 2, template: 'schneider-pm5000' },
      roof: { unitId: 3, template: 'huawei-sun2000' },
      cellar: { unitId: 4, template: 'eastron-sdm630' },
    })
    const asked: number[] = []
    const found = await discoverDevices('127.0.0.1', port, { unitIds: [1, 2, 3, 4, 9], onUnit: (id) => asked.push(id) })
    expect(asked).toEqual([1, 2, 3, 4, 9])
    expect(found.map(({ unitId, templates }) => [unitId, templates])).toEqual([
      [1, ['sunspec-inverter', 'sunspec-meter']],
      [2, ['schneider-pm5000']],
      [3, ['huawei-sun2000']],
      // A meter that does not say who it is.
      [4, []],
    ])
    expect(found[0]).toMatchObject({ maker: 'Mangrove', serial: 'inverter' })
    expect(found[0]!.models.map(({ id }) => id)).toEqual([1, 103, 123, 203])
    expect(found[1]).toMatchObject({ maker: 'Schneider Electric', model: 'METSEPM5' })
  })

  it('tells that the address does not answer', async () => {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as { readonly port: number }
    await new Promise((resolve) => server.close(resolve))
    await expect(discoverDevices('127.0.0.1', port)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  })

  it('calls a storage model storage only where it says what is stored', () => {
    const models = [103, 124].map((id) => ({ id, address: 0, length: 0 }))
    expect(sunspecTemplates({ models, ratings: {} })).toEqual(['sunspec-inverter'])
    expect(sunspecTemplates({ models, ratings: { '124.WChaMax': 5000 } })).toEqual(['sunspec-battery'])
  })
})

describe('a proposal', () => {
  const device = (more: Partial<FoundDevice>): FoundDevice => ({
    ...{ unitId: 1, maker: 'Works', model: 'X1', version: '', serial: '42', models: [], ratings: {}, templates: [] },
    ...more,
  })
  const found = [
    device({ templates: ['sunspec-inverter', 'sunspec-meter'], ratings: { '120.WRtg': 10_000 } }),
    device({
      unitId: 2,
      templates: ['sunspec-battery'],
      ratings: { '713.WHRtg': 20_000, '702.WChaRteMaxRtg': 8000, '702.WDisChaRteMaxRtg': 9000 },
    }),
    device({ unitId: 3, templates: ['acrel-adl400'] }),
    device({ unitId: 4 }),
  ]
  const proposal = proposeSite(found, { host: '10.0.0.5', taken: new Set(['pv']) })

  it('has an asset for what the site knows as a kind, with what the device told and nothing else', () => {
    expect(proposal.assets).toEqual({
      'pv-2': { kind: 'pv', title: 'Works X1 no. 42' },
      battery: { kind: 'battery', title: 'Works X1 no. 42', capacityKwh: 20, maxChargeKw: 8, maxDischargeKw: 9 },
    })
    expect(proposal.yaml).toContain('# assets.pv-2.capacityKwp: the device does not tell it')
    expect(proposal.yaml).toContain('the output of the inverter is 10 kW')
    expect(proposal.yaml).toContain('# unit 4: Works X1 no. 42 answers, but no template is known for it')
    expect(proposal.yaml).toContain('verify it')
  })

  it('is YAML that says the same, and a gateway that works with the points it declares', () => {
    const { assets, points, gateways } = parse(proposal.yaml) as typeof proposal
    expect({ assets, points, gateways }).toEqual({
      ...{ assets: proposal.assets, points: proposal.points, gateways: proposal.gateways },
    })
    const own = { 'pv-2.powerKw': 'kW', 'battery.powerKw': 'kW', 'battery.soc': '1' }
    for (const ref of Object.keys(own)) expect(points).not.toHaveProperty([ref])
    const units = { ...own, ...Object.fromEntries(Object.entries(points).map(([ref, { unit }]) => [ref, unit])) }
    const [settings] = Object.values(gateways) as ModbusSettings[]
    expect(settings).toMatchObject({ protocol: 'modbus', host: '10.0.0.5', port: 502 })
    expect(modbusProtocol.check?.(gatewayOf(settings!, units))).toEqual([])
  })

  it('of nothing is nothing', () => {
    expect(proposeSite([], { host: 'x' })).toEqual({ assets: {}, points: {}, gateways: {}, yaml: '' })
  })
})

describe('framings', () => {
  it('carry the device identification too', () => {
    const pdu = Buffer.from([0x2b, 0x0e, 1, 1, 0, 0, 1, 0, 3, 65, 66, 66])
    for (const framing of [tcpFraming, rtuFraming]) {
      expect(framing.framer('answers').push(framing.encode(1, 7, pdu)).frames).toMatchObject([{ unitId: 7, pdu }])
    }
  })
})
