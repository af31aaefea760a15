import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { conversion, seededRandom } from '../../../kernel/index.ts'
import { openModbus } from '../client/open-client.ts'
import { gatewayOf, keepReadings, openThings, playSite, until } from '../modbus.fixture.ts'
import { modbusProtocol } from '../modbus-protocol.ts'
import { sunspecModels } from '../sunspec/models.ts'
import { startModbusTwin } from '../twin/start-twin.ts'
import { pointUnit } from './point-unit.ts'
import { readTemplate, readTemplates, type Template } from './template.ts'

const things = openThings()
afterEach(things.close)
const templates = readTemplates()

const pointsOf = ({ registers, sunspec }: Template): readonly string[] =>
  (registers ?? sunspec ?? []).map(({ point }) => point)

/** A value that the point may have, and how fine the register tells it, both in the unit of the point. */
function example(
  template: Template,
  point: string,
  chance: () => number,
): { readonly value: number; readonly step: number } {
  const register = template.registers?.find((one) => one.point === point)
  const usual: Readonly<Record<string, number>> = { Hz: 50, V: 230, A: 20, '1': 0.7, degC: 31, kWh: 20_000 }
  const unit = pointUnit(point)
  if (register?.values || ['state', 'limitEnabled', 'setpointEnabled'].includes(point)) return { value: 1, step: 1 }
  const value = (usual[unit] ?? 6) * (0.9 + 0.2 * chance())
  if (!register) return { value, step: Math.abs(value) * 1e-3 + 1e-3 }
  const { scale } = conversion(register.unit ?? '1', unit)
  const isFloat = register.type?.startsWith('f') ?? false
  return { value, step: isFloat ? Math.abs(value) * 1e-6 : Math.abs(scale * (register.scale ?? 1)) }
}

describe.each(templates.map((template) => [template.id, template] as const))('the template %s', (id, template) => {
  const points = pointsOf(template)
  const units = Object.fromEntries(points.map((point) => [`device.${point}`, pointUnit(point)]))
  const gateway = gatewayOf({ host: 'x', period: '0.1s', devices: { one: { asset: 'device', template: id } } }, units)

  it('says what it is from, and reads into the units of its points', () => {
    expect(template.document.length).toBeGreaterThan(10)
    expect(points).toContain('powerKw')
    expect(modbusProtocol.check?.(gateway)).toEqual([])
  })

  it('gives the values of its twin through the wire, and writes setpoints', async () => {
    const random = seededRandom(3)
    const examples = new Map(points.map((point) => [point, example(template, point, random.next)]))
    const site = playSite(Object.fromEntries([...examples].map(([point, { value }]) => [`device.${point}`, value])))
    const twin = things.add(await startModbusTwin(gateway, site))
    const house = keepReadings()
    const settings = { ...gateway.settings, ...twin.settings }
    const client = things.add(openModbus({ ...gateway, settings }, house))
    const readable = points.filter((point) => !template.registers?.find((one) => one.point === point)?.writeOnly)
    await until(() => readable.every((point) => house.last(`device.${point}`)), 'all points speak')
    for (const point of readable) {
      const { value, step } = examples.get(point)!
      const found = house.last(`device.${point}`)!
      expect(Math.abs(found.value - value), point).toBeLessThanOrEqual(step * 0.501)
      expect(found.quality, point).toBe(0)
    }
    for (const { point, write } of template.registers ?? template.sunspec ?? []) {
      if (!write) continue
      const wanted = point.endsWith('Enabled') ? 0 : examples.get(point)!.value / 2
      const { written, readBack } = await client.write(`device.${point}`, wanted)
      expect(readBack, point).toBe(readable.includes(point) ? written : undefined)
      expect(Math.abs(written - wanted), point).toBeLessThanOrEqual(examples.get(point)!.step * 0.501)
      expect(site.writes.at(-1), point).toEqual([`device.${point}`, written])
    }
    expect(client.figures()).toMatchObject({ failures: 0, malformed: 0 })
  })
})

describe('templates', () => {
  it('are a dozen and more, of every kind', () => {
    expect(templates.length).toBeGreaterThanOrEqual(12)
    expect(new Set(templates.map(({ kind }) => kind))).toEqual(new Set(['meter', 'pv', 'battery', 'charger']))
  })

  it('name fields of SunSpec that exist, with their units', () => {
    for (const { id, sunspec = [] } of templates) {
      for (const { point, from } of sunspec) {
        for (const one of from) {
          const [model, field = ''] = one.split('.')
          const found = sunspecModels.get(Number(model))?.points.get(field)
          expect(found, `${id}: ${one}`).toBeDefined()
          expect(() => conversion(found!.unit, pointUnit(point))).not.toThrow()
        }
      }
    }
  })

  it('that were dropped into a folder beside the site file work, by name and by path, without code', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'mangrove-templates-'))
    try {
      const text = `title: Meter of the works
kind: meter
document: Our own drawing 12
registers: [{ point: powerKw, table: input, address: 7, type: i16, unit: kW }]
`
      mkdirSync(join(folder, 'templates'))
      writeFileSync(join(folder, 'templates/works-meter.yaml'), text)
      writeFileSync(join(folder, 'other.yaml'), text.replace('address: 7', 'address: 8'))
      const units = { 'a.powerKw': 'kW', 'b.powerKw': 'kW' }
      const devices = {
        one: { unitId: 1, asset: 'a', template: 'works-meter' },
        two: { unitId: 2, asset: 'b', template: 'other.yaml', points: { powerKw: { ref: 'powerKw', factor: -1 } } },
      }
      const gateway = gatewayOf({ host: 'x', period: '0.05s', devices }, units, join(folder, 'site.yaml'))
      const twin = things.add(await startModbusTwin(gateway, playSite({ 'a.powerKw': 12, 'b.powerKw': 4 })))
      const house = keepReadings()
      things.add(openModbus({ ...gateway, settings: { ...gateway.settings, ...twin.settings } }, house))
      await until(() => house.last('b.powerKw') !== undefined && house.last('a.powerKw') !== undefined, 'both speak')
      expect(house.last('a.powerKw')!.value).toBe(12)
      expect(house.last('b.powerKw')!.value).toBe(4)
      await things.close()
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })

  it.each([
    ['works', 'No template has the name "works"'],
    ['../../etc/passwd.yaml', 'below the folder of its site file'],
    ['absent.yaml', 'There is no such file'],
    ['eastron-sdm63', 'did you mean "eastron-sdm630"'],
  ])('that are not there are told by name: %s', (template, words) => {
    const gateway = gatewayOf({ host: 'x', devices: { one: { asset: 'a', template } } }, {})
    expect(modbusProtocol.check?.(gateway)[0]).toMatchObject({
      place: { path: 'devices.one.template' },
      detail: expect.stringContaining(words) as string,
    })
  })

  it.each([
    ['title: x', 'document'],
    ['title: x\nkind: meter\ndocument: y', 'registers, or points of SunSpec'],
    ['title: x\nkind: meter\ndocument: y\nregisters: [{ point: a, adress: 1 }]', 'adress'],
    [
      'title: x\nkind: meter\ndocument: y\nregisters: [{ point: a, address: 1 }, { point: a, address: 2 }]',
      'one point',
    ],
    ['title: [', 'no YAML'],
  ])('that are wrong say so: %s', (text, words) => {
    expect(() => readTemplate(text, 'x.yaml')).toThrow(words)
  })

  it('hold nothing but what the schema knows: a file without its document is refused', () => {
    const text = readFileSync(join(import.meta.dirname, '../../templates/abb-b23.yaml'), 'utf8')
    expect(() => readTemplate(text.replace(/^document:.*$/m, ''), 'x.yaml')).toThrow('document')
  })
})
