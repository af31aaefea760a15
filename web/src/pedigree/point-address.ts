/** Where a gateway finds a point in its device, in the words of the site file. */
export interface PointAddress {
  readonly gateway: string
  readonly title: string
  readonly protocol: string
  /** `192.0.2.10:502`, or a broker. */
  readonly host: string | undefined
  /** The device within, where a gateway has several. */
  readonly device: string | undefined
  /** Facts that the site file gives of the point itself: register, topic, template. */
  readonly facts: readonly (readonly [name: string, value: string])[]
}

type Fields = Readonly<Record<string, unknown>>
const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isPlain = (value: unknown): value is string | number | boolean =>
  ['string', 'number', 'boolean'].includes(typeof value)

/** Names that say where a point is, not what it is. */
const addressNames = [
  'unitId',
  'template',
  'address',
  'type',
  'topic',
  'path',
  'node',
  'nodeId',
  'oid',
  'object',
  'unit',
  'scale',
  'write',
]

const factsOf = (...sources: readonly Fields[]): PointAddress['facts'] =>
  sources.flatMap((fields) =>
    addressNames.flatMap((name) => (isPlain(fields[name]) ? [[name, String(fields[name])] as const] : [])),
  )

/**
 * The address of a point in the gateways of a site.
 *
 * @param gateways section of the site file
 * @param told the gateway that has told the point since the start, where one has
 */
export function addressOf(gateways: unknown, ref: string, told: string | undefined): PointAddress | undefined {
  if (!isFields(gateways)) return undefined
  const found = Object.entries(gateways).flatMap(([id, gateway]) => {
    if (!isFields(gateway) || (told !== undefined && id !== told)) return []
    const place = placeOf(gateway, ref)
    return place === undefined && told === undefined ? [] : [{ id, gateway, place }]
  })
  const [first] = found
  if (!first) return undefined
  const { id, gateway, place } = first
  const text = (value: unknown): string | undefined => (isPlain(value) ? String(value) : undefined)
  const host = text(gateway.host) ?? text(gateway.url) ?? text(gateway.broker)
  return {
    gateway: id,
    title: text(gateway.title) ?? id,
    protocol: text(gateway.protocol) ?? '',
    host: host === undefined ? undefined : isPlain(gateway.port) ? `${host}:${gateway.port}` : host,
    device: place?.device,
    facts: place?.facts ?? [],
  }
}

/** A device, or an entry of one, that names the point or its asset. */
function placeOf(gateway: Fields, ref: string): Pick<PointAddress, 'device' | 'facts'> | undefined {
  const owner = ref.slice(0, ref.indexOf('.'))
  const id = ref.slice(owner.length + 1)
  const devices = isFields(gateway.devices) ? Object.entries(gateway.devices) : []
  for (const [device, fields] of devices) {
    if (!isFields(fields)) continue
    for (const entry of entriesOf(fields)) {
      if (entry.point === ref || (fields.asset === owner && entry.point === id)) {
        return { device, facts: factsOf(fields, entry) }
      }
    }
  }
  const ofAsset = devices.find(([, fields]) => isFields(fields) && fields.asset === owner && 'template' in fields)
  if (ofAsset) return { device: ofAsset[0], facts: factsOf(ofAsset[1] as Fields) }
  const entry = entriesOf(gateway).find(({ point }) => point === ref)
  return entry ? { device: undefined, facts: factsOf(entry) } : undefined
}

/** All lists of entries that a device or gateway holds: registers, topics, signals. */
const entriesOf = (fields: Fields): readonly Fields[] =>
  Object.values(fields).flatMap((value) => (Array.isArray(value) ? value.filter(isFields) : []))
