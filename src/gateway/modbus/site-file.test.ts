import { describe, expect, it } from 'vitest'
import { energyPack } from '../../energy/index.ts'
import { MangroveError, readSite, type Site } from '../../kernel/index.ts'
import { createGatewayPack } from '../pack.ts'
import { modbusProtocol } from './modbus-protocol.ts'

const head = `id: park
name: Park
location: { latitude: 31, longitude: 119, altitudeM: 8 }
zone: Asia/Shanghai
currency: CNY
assets:
  grid: { kind: grid, importLimitKw: 100 }
points:
  grid.energyImportKwh: { title: Register, unit: MWh }
tariff: { import: { feePerKwh: 1 } }
gateways:
  board:
    protocol: modbus
`
const read = (gateway: string): Site =>
  readSite(head + gateway, { file: 'site.yaml', packs: [energyPack, createGatewayPack([modbusProtocol])] })
const problemsOf = (gateway: string): readonly string[] => {
  try {
    read(gateway)
    return []
  } catch (error) {
    if (!(error instanceof MangroveError)) throw error
    return error.problems.map(({ place, detail }) => `${place?.line} ${place?.path}: ${detail}`)
  }
}

describe('a site file with a gateway on Modbus', () => {
  it('is read, with what it leaves out filled in', () => {
    const site = read(`    host: meter.local
    devices:
      main: { asset: grid, template: eastron-sdm630 }
`)
    expect(site.sections.gateways).toMatchObject({
      board: {
        protocol: 'modbus',
        transport: 'tcp',
        port: 502,
        period: '10s',
        retries: 1,
        devices: { main: { asset: 'grid' } },
      },
    })
  })

  it('is told what is wrong in it, each with its line', () => {
    const gateway = `    period: often
    devices:
      main: { asset: gird, template: eastron-sdm630 }
      other:
        asset: grid
        registers:
          - { point: powerKw, address: 1, unit: kWh }
`
    expect(problemsOf(gateway).join('\n')).toContain('gateways.board.period: This is no duration')
    const told = problemsOf(gateway.replace('period: often', 'period: 1s'))
    expect(told).toEqual([
      expect.stringMatching(/^13 gateways\.board\.host: The address of the device is missing/),
      expect.stringMatching(/^16 gateways\.board\.devices\.main: The site has none of the points/),
      expect.stringMatching(/^20 gateways\.board\.devices\.other\.registers\.0\.unit: .*kWh is energy; power is meant/),
    ])
    expect(
      problemsOf('    host: x\n    devices: { a: { asset: grid, registers: [{ point: powerKw, adress: 1 }] } }\n'),
    ).not.toEqual([])
    expect(problemsOf('    host: x\n    devices: {}\n')).not.toEqual([])
  })
})
