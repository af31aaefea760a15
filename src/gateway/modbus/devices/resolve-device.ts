import { MangroveError, type ProblemDetails, parseDuration } from '../../../kernel/index.ts'
import type { FieldGateway } from '../../field-protocol.ts'
import type { ReadLimits } from '../registers/group-reads.ts'
import { makeRegister, type Register, type RegisterDefaults, type RegisterPoint } from '../registers/register.ts'
import type { RegisterEntry } from '../registers/register-schema.ts'
import type { DeviceSettings, ModbusSettings } from '../settings.ts'
import { findTemplate, type SunspecPoint, type Template } from './template.ts'

/** A device as the client reads it and the twin plays it. */
export interface Device {
  readonly id: string
  readonly unitId: number
  readonly registers: readonly Register[]
  /** Points to be looked for in the SunSpec models of the device. */
  readonly sunspec: readonly SunspecUse[]
  readonly limits: ReadLimits
  readonly template: Template | undefined
}

/** A point of SunSpec and where it goes. */
export interface SunspecUse extends RegisterPoint {
  readonly spec: SunspecPoint
  readonly periodMs: number
}

export interface ResolvedDevices {
  readonly devices: readonly Device[]
  readonly problems: readonly ProblemDetails[]
}

const usualPeriod = '10s'
const usualGap = 8

/** The devices of a gateway with all their registers; what is wrong has its path in the entry of the gateway. */
export function resolveDevices(gateway: FieldGateway<ModbusSettings>): ResolvedDevices {
  const problems: ProblemDetails[] = []
  const { timeout, longestWait, period, pause } = gateway.settings
  for (const [path, text] of Object.entries({ period, timeout, longestWait, pause })) {
    if (text !== undefined) durationMs(text, path, problems)
  }
  if (problems.length > 0) return { devices: [], problems }
  const devices = Object.entries(gateway.settings.devices).flatMap(([id, settings]) => {
    const resolved = resolveDevice(id, settings, gateway)
    problems.push(
      ...resolved.problems.map((one) => ({
        ...one,
        place: { ...one.place, path: ['devices', id, one.place?.path].filter(Boolean).join('.') },
      })),
    )
    return resolved.device ?? []
  })
  return { devices, problems: [...problems, ...twice(devices)] }
}

function resolveDevice(
  id: string,
  settings: DeviceSettings,
  gateway: FieldGateway<ModbusSettings>,
): { readonly device?: Device; readonly problems: readonly ProblemDetails[] } {
  const problems: ProblemDetails[] = []
  let template: Template | undefined
  if (settings.template !== undefined) {
    try {
      template = findTemplate(settings.template, gateway.site.source.file)
    } catch (error) {
      if (!(error instanceof MangroveError)) throw error
      return { problems: error.problems.map((one) => ({ ...one, place: { path: 'template' } })) }
    }
  }
  if (!template && settings.registers === undefined) {
    problems.push({ detail: 'The device has no registers', expected: '`template`, `registers`, or both' })
  }
  const defaults: RegisterDefaults = {
    ...pick('table', settings.table ?? template?.table),
    ...pick('order', settings.order ?? template?.order),
    ...pick('addressBase', settings.addressBase ?? template?.addressBase),
    periodMs: durationMs(settings.period ?? gateway.settings.period ?? usualPeriod, 'period', problems),
  }
  const registers: Register[] = []
  const make = (entry: RegisterEntry, point: RegisterPoint, path: string): void => {
    const periodMs =
      entry.period === undefined ? defaults.periodMs : durationMs(entry.period, `${path}.period`, problems)
    const made = makeRegister(entry, point, { ...defaults, periodMs })
    if ('ref' in made) registers.push(made)
    else
      problems.push(
        ...made.map((one) => ({ ...one, place: { path: [path, one.place?.path].filter(Boolean).join('.') } })),
      )
  }
  const uses = pointUses(settings, template, gateway, problems)
  // What the site file says of a point stands above the template.
  const own = new Set((settings.registers ?? []).map(({ point }) => knownPoint(point, settings, gateway)?.ref))
  for (const entry of template?.registers ?? []) {
    const point = uses(entry.point)
    if (point && !own.has(point.ref)) make(entry, point, 'template')
  }
  const sunspec = (template?.sunspec ?? []).flatMap((spec): readonly SunspecUse[] => {
    const point = uses(spec.point)
    const factor = (point?.factor ?? 1) * (spec.factor ?? 1)
    return point && !own.has(point.ref) ? [{ ...point, factor, spec, periodMs: defaults.periodMs }] : []
  })
  for (const [index, entry] of (settings.registers ?? []).entries()) {
    const point = knownPoint(entry.point, settings, gateway)
    if (point) make(entry, point, `registers.${index}`)
    else problems.push(unknownPoint(entry.point, settings, `registers.${index}.point`))
  }
  if (problems.length === 0 && registers.length + sunspec.length === 0) {
    problems.push({
      detail: 'The site has none of the points that the template reads',
      found: settings.asset ?? settings.template,
      expected: `\`asset\`, and one of its points: ${(template?.registers ?? template?.sunspec ?? []).map(({ point }) => point).join(', ')}`,
    })
  }
  const device: Device = {
    ...{ id, registers, sunspec, template },
    unitId: settings.unitId ?? template?.unitId ?? 1,
    limits: {
      maxGap: settings.maxGap ?? template?.maxGap ?? usualGap,
      maxRegisters: settings.maxRegisters ?? template?.maxRegisters ?? 125,
    },
  }
  return { device, problems }
}

/** A duration of the settings; what is none becomes a problem at its place. */
export function durationMs(text: string, path: string, problems: ProblemDetails[]): number {
  try {
    return parseDuration(text)
  } catch (error) {
    if (!(error instanceof MangroveError)) throw error
    problems.push(...error.problems.map((one) => ({ ...one, place: { path } })))
    return Number.NaN
  }
}

const pick = <Name extends string, Value>(name: Name, value: Value | undefined) =>
  (value === undefined ? {} : { [name]: value }) as { readonly [Key in Name]?: Value }

/** Where the points of a template go: by `points`, else to the asset, as far as the site has them. */
function pointUses(
  settings: DeviceSettings,
  template: Template | undefined,
  gateway: FieldGateway<ModbusSettings>,
  problems: ProblemDetails[],
): (point: string) => RegisterPoint | undefined {
  const uses = settings.points ?? {}
  const offered = new Set((template?.registers ?? template?.sunspec ?? []).map(({ point }) => point))
  for (const [point, use] of Object.entries(uses)) {
    const ref = typeof use === 'string' ? use : use.ref
    const path = `points.${point}`
    if (!offered.has(point)) {
      problems.push({
        detail: 'The template has no such point',
        found: point,
        place: { path },
        expected: [...offered].join(', '),
      })
    } else if (!knownPoint(ref, settings, gateway)) problems.push(unknownPoint(ref, settings, path))
  }
  return (point) => {
    const use = Object.hasOwn(uses, point) ? uses[point] : undefined
    if (use === undefined || typeof use === 'string') return knownPoint(use ?? point, settings, gateway)
    const found = knownPoint(use.ref, settings, gateway)
    return found && { ...found, factor: use.factor }
  }
}

function knownPoint(
  point: string,
  { asset }: DeviceSettings,
  gateway: FieldGateway<ModbusSettings>,
): RegisterPoint | undefined {
  const ref = point.includes('.') ? point : `${asset}.${point}`
  const unit = gateway.unitOf(ref)
  return unit === undefined ? undefined : { ref, unit }
}

const unknownPoint = (point: string, { asset }: DeviceSettings, path: string): ProblemDetails => ({
  detail: 'The site has no such point',
  place: { path },
  found: point.includes('.') || asset === undefined ? point : `${asset}.${point}`,
  expected: 'a point of the kind of the asset, or one that `points` of the site declares',
})

/** A point that two registers would fill. */
function twice(devices: readonly Device[]): readonly ProblemDetails[] {
  const seen = new Map<string, string>()
  return devices.flatMap(({ id, registers, sunspec }) =>
    [...registers, ...sunspec].flatMap(({ ref }) => {
      const other = seen.get(ref)
      seen.set(ref, id)
      if (other === undefined) return []
      return [
        {
          detail: `Two registers have one point: of ${other} and of ${id}`,
          place: { path: `devices.${id}` },
          found: ref,
          expected: 'one source for each point',
        },
      ]
    }),
  )
}
