import { readTemplates, type Template } from '../devices/template.ts'
import { sunspecModels } from '../sunspec/models.ts'
import { readModel } from '../sunspec/read-model.ts'
import { type Ask, type FoundModel, readCommon, walkModels } from '../sunspec/walk-models.ts'
import { tcpFraming } from '../wire/framing.ts'
import { type Answer, createLink } from '../wire/link.ts'
import { openSocket } from '../wire/open-stream.ts'
import { identificationRequest, readIdentification, readRequest } from '../wire/pdu.ts'
import { matchTemplates } from './match-templates.ts'

/** A unit that answers, and what is known of it. */
export interface FoundDevice {
  readonly unitId: number
  /** Empty texts where it does not say. */
  readonly maker: string
  readonly model: string
  readonly version: string
  readonly serial: string
  /** Models of SunSpec in the order of the device; empty: it has none. */
  readonly models: readonly { readonly id: number; readonly title: string }[]
  /** Ratings by field of SunSpec, as `120.WRtg`, in its units. */
  readonly ratings: Readonly<Record<string, number>>
  /** Templates that fit, the best first. */
  readonly templates: readonly string[]
}

export interface DiscoverOptions {
  /** Units to ask; default: those that devices come with. */
  readonly unitIds?: readonly number[]
  /** For an answer. Default 500 ms. */
  readonly timeoutMs?: number
  readonly templates?: readonly Template[]
  /** Called after each unit. */
  readonly onUnit?: (unitId: number, found: FoundDevice | undefined) => void
}

/** Units as devices come from their makers: 1 most, 3 SMA, 100 Victron, 126 SunSpec, 200 and 240 Fronius meters, 247 GoodWe, 255 KEBA. */
export const usualUnitIds: readonly number[] = [1, 2, 3, 100, 126, 200, 240, 247, 255]

const usualTimeoutMs = 500
const connectMs = 3000
/** Models that tell ratings. */
const ratingModels = new Set([120, 121, 124, 702, 713])

/**
 * Asks the units behind an address who they are: device identification, SunSpec models, registers of templates. It only reads.
 *
 * @throws what the connection fails with
 */
export async function discoverDevices(
  host: string,
  port = 502,
  options: DiscoverOptions = {},
): Promise<readonly FoundDevice[]> {
  const { unitIds = usualUnitIds, timeoutMs = usualTimeoutMs, templates = readTemplates(), onUnit } = options
  const found: FoundDevice[] = []
  for (const unitId of unitIds) {
    // A connection each: some devices close it after a request they do not like.
    const link = createLink(await openSocket(host, port, connectMs), tcpFraming, () => performance.now())
    try {
      const device = await identify(unitId, (pdu) => link.request(unitId, pdu, timeoutMs), templates)
      if (device) found.push(device)
      onUnit?.(unitId, device)
    } finally {
      link.close()
      await link.closed
    }
  }
  return found
}

async function identify(unitId: number, ask: Ask, templates: readonly Template[]): Promise<FoundDevice | undefined> {
  const objects = await askIdentification(ask)
  if (!objects && !(await speaks(ask))) return undefined
  const walk = await walkModels(ask)
  const models: readonly FoundModel[] = walk.kind === 'models' ? walk.models : []
  const common = await readCommon(ask, models)
  const ratings: Record<string, number> = {}
  for (const model of models.filter(({ id }) => ratingModels.has(id))) {
    for (const [field, value] of await readModel(ask, model)) ratings[`${model.id}.${field}`] = value
  }
  const object = (id: number): string => objects?.get(id) ?? ''
  return {
    unitId,
    maker: common.maker || object(0),
    model: common.model || object(5) || object(4) || object(1),
    version: common.version || object(2),
    serial: common.serial,
    models: models.map(({ id }) => ({ id, title: sunspecModels.get(id)?.title ?? 'unknown' })),
    ratings,
    templates: await matchTemplates(templates, { objects: objects ?? new Map(), models, ratings, ask }),
  }
}

/** Objects of the device identification; undefined where the unit does not have one. */
async function askIdentification(ask: Ask): Promise<ReadonlyMap<number, string> | undefined> {
  const objects = new Map<number, string>()
  for (let next: number | undefined = 0, asked = 0; next !== undefined && asked < 10; asked += 1) {
    const answer: Answer = await ask(identificationRequest(next))
    const part = answer.kind === 'answer' ? readIdentification(answer.pdu) : undefined
    if (!part) break
    for (const [id, text] of part.objects) objects.set(id, text)
    // A device that names no later object would be asked for ever.
    next = part.next !== undefined && part.next > next ? part.next : undefined
  }
  return objects.size > 0 ? objects : undefined
}

/** Whether the unit answers anything; a gateway that speaks for a device that is not there does not count. */
async function speaks(ask: Ask): Promise<boolean> {
  for (const table of ['holding', 'input'] as const) {
    const answer = await ask(readRequest(table, 0, 1))
    if (answer.kind === 'answer') return true
    if (answer.kind === 'exception') return answer.code < 10
  }
  return false
}
