import { stringify } from 'yaml'
import { pointUnit } from '../devices/point-unit.ts'
import { readTemplates, type Template } from '../devices/template.ts'
import type { FoundDevice } from './discover-devices.ts'

export interface ProposeOptions {
  readonly host: string
  readonly port?: number
  /** Names that the site already has. */
  readonly taken?: ReadonlySet<string>
  /** Points that the kinds of assets have by themselves. */
  readonly kindPoints?: Readonly<Record<string, readonly string[]>>
  readonly templates?: readonly Template[]
}

/** Parts of a site file for what was found. */
export interface Proposal {
  readonly assets: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  readonly points: Readonly<Record<string, { readonly title: string; readonly unit: string }>>
  readonly gateways: Readonly<Record<string, unknown>>
  /** The same as text, with what the devices did not tell as remarks. */
  readonly yaml: string
}

const usualKindPoints: Readonly<Record<string, readonly string[]>> = {
  pv: ['powerKw'],
  battery: ['powerKw', 'soc'],
}

/**
 * Proposes assets, points and a gateway for devices that were found. Inverters and batteries become assets; what a meter or
 * charger measures becomes points of a group, for which machine of the site it stands only its owner knows. A rating that the device
 * did not tell is a remark, never a number.
 */
export function proposeSite(found: readonly FoundDevice[], options: ProposeOptions): Proposal {
  const { host, port = 502, templates = readTemplates(), kindPoints = usualKindPoints } = options
  const taken = new Set(options.taken)
  const assets: Record<string, Record<string, unknown>> = {}
  const points: Record<string, { title: string; unit: string }> = {}
  const devices: Record<string, unknown> = {}
  const remarks: string[] = []
  for (const device of found) {
    const used = device.templates.filter(
      (_, index) => index === 0 || device.templates[index]?.startsWith('sunspec-meter'),
    )
    if (used.length === 0)
      remarks.push(`unit ${device.unitId}: ${nameOf(device)} answers, but no template is known for it`)
    for (const id of used) {
      const template = templates.find((one) => one.id === id)
      if (!template) continue
      const name = freeName(template.kind, taken)
      const title = nameOf(device) || template.title
      const kind = template.kind === 'pv' || template.kind === 'battery' ? template.kind : undefined
      if (kind) {
        const { fields, unknown } = ratingsOf(kind, device)
        assets[name] = { kind, title, ...fields }
        remarks.push(...unknown.map((field) => `assets.${name}.${field}: the device does not tell it`))
        if (kind === 'pv') remarks.push(...outputOf(name, device))
      }
      const ready = new Set(kind ? (kindPoints[kind] ?? []) : [])
      for (const { point } of template.registers ?? template.sunspec ?? []) {
        if (!ready.has(point)) points[`${name}.${point}`] = { title: `${title}, ${point}`, unit: pointUnit(point) }
      }
      devices[name] = { unitId: device.unitId, asset: name, template: id }
      if (template.verify) remarks.push(`gateways: ${id} was not held against its document; verify it`)
      if (template.note) remarks.push(`${name}: ${template.note}`)
    }
  }
  const gateways =
    Object.keys(devices).length > 0 ? { [freeName('modbus', taken)]: { protocol: 'modbus', host, port, devices } } : {}
  const parts = { assets, points, gateways }
  const filled = Object.fromEntries(Object.entries(parts).filter(([, part]) => Object.keys(part).length > 0))
  const head = remarks.map((remark) => `# ${remark}\n`).join('')
  return { ...parts, yaml: head + (Object.keys(filled).length > 0 ? stringify(filled) : '') }
}

const nameOf = ({ maker, model, serial }: FoundDevice): string =>
  [maker, model, serial && `no. ${serial}`].filter(Boolean).join(' ').slice(0, 100)

function freeName(wish: string, taken: Set<string>): string {
  let name = wish
  for (let number = 2; taken.has(name); number += 1) name = `${wish}-${number}`
  taken.add(name)
  return name
}

/** First of some ratings that the device tells, in thousands of its unit. */
function kilo({ ratings }: FoundDevice, ...names: readonly string[]): number | undefined {
  const value = names.map((name) => ratings[name]).find((one) => one !== undefined && one > 0)
  return value === undefined ? undefined : value / 1000
}

/** What an inverter gives at most is not what its modules have. */
function outputOf(name: string, device: FoundDevice): readonly string[] {
  const outputKw = kilo(device, '120.WRtg', '702.WMaxRtg', '121.WMax')
  return outputKw === undefined ? [] : [`assets.${name}: the output of the inverter is ${outputKw} kW`]
}

/** Fields of an asset from the ratings of SunSpec: nameplate (120), storage (124), capacity (702, 713). */
function ratingsOf(
  kind: 'pv' | 'battery',
  device: FoundDevice,
): { readonly fields: Readonly<Record<string, number>>; readonly unknown: readonly string[] } {
  const wanted: Readonly<Record<string, number | undefined>> =
    kind === 'pv'
      ? { capacityKwp: undefined }
      : {
          capacityKwh: kilo(device, '713.WHRtg', '120.WHRtg'),
          maxChargeKw: kilo(device, '702.WChaRteMaxRtg', '120.MaxChaRte', '124.WChaMax'),
          maxDischargeKw: kilo(device, '702.WDisChaRteMaxRtg', '120.MaxDisChaRte', '124.WChaMax'),
        }
  const entries = Object.entries(wanted)
  return {
    fields: Object.fromEntries(entries.filter((entry): entry is [string, number] => entry[1] !== undefined)),
    unknown: entries.filter(([, value]) => value === undefined).map(([field]) => field),
  }
}
