import { describe, expect, it } from 'vitest'
import { MangroveError } from '../../kernel/index.ts'
import { rulesOf, siteOf, usualCommands, yardText } from '../commands.fixture.ts'

/** What is wrong with a section, by place. */
function faults(commands: string): readonly (readonly [string | undefined, string])[] {
  try {
    siteOf(yardText(commands))
    return []
  } catch (error) {
    if (!(error instanceof MangroveError)) throw error
    return error.problems.map(({ place, detail }) => [place?.path, detail])
  }
}

describe('the section commands', () => {
  it('is read into plain numbers in the unit of each point', () => {
    const rules = rulesOf()
    expect(JSON.parse(JSON.stringify(rules))).toEqual(rules)
    expect(rules).toMatchObject({
      ...{ watchdogMs: 1_200_000, staleMs: 30_000, inputs: ['grid.powerKw'] },
      connection: { ref: 'grid.powerKw', importKw: 400, exportKw: 300 },
    })
    expect(rules.setpoints[0]).toMatchObject({
      ...{ ref: 'battery.targetKw', unit: 'kW', power: { asset: 'battery', perKw: 1 }, least: -150, most: 150 },
      readBack: { ref: 'battery.powerKw', tolerance: 5, withinMs: 10_000 },
      fallback: [
        { fromMinute: 360, value: 0 },
        { fromMinute: 1320, value: -40 },
      ],
    })
  })

  it('takes text with units, and the sign of what draws', () => {
    const rules = rulesOf(`
setpoints:
  works: { point: works.powerKw, least: 0, most: 0.2 MW, fallback: [{ from: "00:00", value: 100000 W }] }
  roof: { point: roof.limitKw, positive: draws, least: -300, most: 0, fallback: [{ from: "00:00", value: 0 }] }`)
    expect(rules.setpoints.map(({ most, power, fallback }) => [most, power?.perKw, fallback[0]?.value])).toEqual([
      [200, -1, 100],
      [0, -1, 0],
    ])
  })

  it('names everything that is wrong, each at its place', () => {
    const wrong = usualCommands
      .replace('battery.targetKw', 'battery.aimKw')
      .replace('inputs: [grid.powerKw]', 'inputs: [grid.nothing]')
      .replace('watchdog: 20m', 'watchdog: soon')
    expect(faults(wrong)).toEqual([
      ['commands.watchdog', 'This is no duration'],
      ['commands.inputs.0', 'The site has no such point'],
      ['commands.setpoints.battery.point', 'The site has no such point'],
    ])
    const within = usualCommands
      .replace('least: -150 kW', 'least: 200 kW')
      .replace('rampPerMinute: 600 kW', 'rampPerMinute: 600 kWh')
      .replace('tolerance: 5 kW', 'tolerance: -5 kW')
      .replace('battery.cellC > 45 degC', 'battery.cellC > 45 kW')
      .replace('force: 0', '')
    expect(faults(within).map(([path]) => path)).toEqual(
      expect.arrayContaining([
        'commands.setpoints.battery.least',
        'commands.setpoints.battery.rampPerMinute',
        'commands.setpoints.battery.readBack.tolerance',
        'commands.setpoints.battery.interlocks.hot.while',
        'commands.setpoints.battery.interlocks.door',
        'commands.setpoints.battery.fallback.0.value',
      ]),
    )
  })

  it.each([
    ['a computed point', 'point: battery.targetKw', 'point: roof.otherKw', 'point'],
    ['a gateway that is not there', 'title: Battery', 'gateway: plc', 'gateway'],
    ['an asset that is not there', 'title: Battery', 'asset: pack', 'asset'],
    ['a series of another unit', 'title: Battery', 'follows: battery.soc', 'follows'],
    ['a read-back of another unit', 'battery.powerKw, tolerance', 'battery.soc, tolerance', 'readBack.point'],
    ['an interlock outside of the limits', 'force: 0', 'force: 500', 'interlocks.door.force'],
  ])('refuses %s', (_, from, to, field) => {
    expect(faults(usualCommands.replace(from, to)).map(([path]) => path)).toContain(
      `commands.setpoints.battery.${field}`,
    )
  })

  it('refuses two setpoints of one point', () => {
    const twin = `${usualCommands}  twin: { point: battery.targetKw, least: 0, most: 1, fallback: [{ from: "00:00", value: 0 }] }\n`
    expect(faults(twin).map(([path]) => path)).toEqual(['commands.setpoints.twin.point'])
  })
})
