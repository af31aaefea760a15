// A yard whose gateway is a stand-in: what is written to it is noted down, in a file where a process is to be killed.
import { appendFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Type from 'typebox'
import { dawnMs, hours, planOf, usualCommands, yardText } from '../../commands/commands.fixture.ts'
import { commandsPack } from '../../commands/index.ts'
import { energyPack } from '../../energy/index.ts'
import { type FieldProtocol, type FieldReading, gatewayErrors } from '../../gateway/index.ts'
import { canonicalJson, hashOf, type Pack, quality, sha256Hex } from '../../kernel/index.ts'
import { createInlineSolver } from '../../solve/index.ts'
import type { Store } from '../../store/index.ts'
import { publishPlan } from '../published-plan.ts'

export const noonMs: number = dawnMs + 12 * 3_600_000

const standInSchema = Type.Object({ map: Type.Array(Type.String()) })

/** Gateways of the stand-in alone. */
const standInPack: Pack = {
  ...{ name: 'stand-in', title: 'Stand-in', assets: [], engines: [] },
  sections: [
    {
      ...{ name: 'gateways', title: 'Gateways', schema: Type.Object({}) },
      entries: { by: 'protocol', schemas: { 'stand-in': standInSchema }, example: '{ plc: { protocol: stand-in } }' },
    },
  ],
}
export const packs: readonly Pack[] = [energyPack, commandsPack, standInPack]
export const packsModule: string = import.meta.url

/** A machine behind the stand-in. */
export interface StandIn {
  readonly protocol: FieldProtocol<typeof standInSchema>
  readonly written: { readonly ref: string; readonly value: number }[]
  /** Writes are refused while set. */
  broken: boolean
  /** Writes do not end while set. */
  silent: boolean
  take(readings: readonly FieldReading[]): Promise<void>
}

export function createStandIn(noteDown: (ref: string, value: number) => void = () => undefined): StandIn {
  let take: StandIn['take'] = async () => undefined
  const standIn: StandIn = {
    ...{ written: [], broken: false, silent: false },
    take: (readings) => take(readings),
    protocol: {
      ...{ name: 'stand-in', title: 'Stand-in', schema: standInSchema },
      open({ settings }, ports) {
        take = (readings) => ports.take(readings)
        const client = {
          figures: () => ({
            ...{ state: 'connected' as const, sinceMs: 0, lastHeardMs: undefined, lastProblem: undefined },
            ...{ connects: 1, failures: 0, readings: 0, malformed: 0 },
          }),
          writes: (ref: string) => settings.map.includes(ref),
          async write(ref: string, value: number) {
            if (standIn.silent) await new Promise<void>(() => undefined)
            if (standIn.broken) throw gatewayErrors.noLink({ detail: 'The cable is pulled' })
            noteDown(ref, value)
            standIn.written.push({ ref, value })
            return { ref, written: value, readBack: value, acknowledgedMs: ports.clock.now() }
          },
          stop: async () => undefined,
        }
        return client
      },
    },
  }
  return standIn
}

/** The yard with a gateway that takes the setpoint of the battery. */
export const yard = (commands = usualCommands, map = 'battery.targetKw'): string =>
  yardText(commands, `gateways: { plc: { protocol: stand-in, map: [${map}] } }`)

export async function yardFile(text: string): Promise<{ readonly file: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'mangrove-yard-'))
  const file = join(folder, 'yard.yaml')
  await writeFile(file, text)
  return { file, remove: () => rm(folder, { recursive: true, force: true }) }
}

/** What the meters of the yard say. */
export const metered = (
  timestampMs: number,
  {
    powerKw = 0,
    gridKw = 50,
    doorOpen = 0,
  }: { readonly powerKw?: number; readonly gridKw?: number; readonly doorOpen?: number } = {},
): readonly FieldReading[] =>
  (
    [
      ['grid.powerKw', gridKw, 'kW'],
      ['battery.powerKw', powerKw, 'kW'],
      ['battery.doorOpen', doorOpen, '1'],
      ['battery.cellC', 25, 'degC'],
    ] as const
  ).map(([ref, value, unit]) => ({ ref, timestampMs, value, unit, quality: quality.good }))

/** Publishes a plan of the yard with its evidence. @returns the id of its run */
export async function publishYardPlan(
  store: Store,
  powerKw: number,
  publishedMs: number,
  startMs = dawnMs,
): Promise<string> {
  const { output } = planOf({ 'battery.powerKw': hours(powerKw) }, startMs)
  const texts = [canonicalJson({ site: 'yard' }), canonicalJson(output)]
  const [inputSha256, outputSha256] = texts.map(sha256Hex) as [string, string]
  const rest = {
    ...{ engine: 'energy.plan', engineVersion: '1.0.0', clockMs: publishedMs, seed: 1, inputSha256, outputSha256 },
    readings: [],
  }
  const record = { id: hashOf(rest), ...rest }
  await store.evidence.put(record, new Map(texts.map((text) => [sha256Hex(text), text])))
  await publishPlan(store, 'yard', { ...output, evidence: record.id, publishedMs })
  return record.id
}

/** Serves a yard in a process of its own, whose machine does as it is told and says so every half second. */
async function serve({
  folder,
  file,
  note,
}: {
  readonly folder: string
  readonly file: string
  readonly note: string
}) {
  const { startServer } = await import('../start-server.ts')
  let powerKw = 0
  const standIn = createStandIn((_, value) => {
    powerKw = value
    appendFileSync(note, `${Date.now()} ${value}\n`)
  })
  const running = await startServer({
    ...{ packs, packsModule, solver: await createInlineSolver(), dataFolder: folder, port: 0 },
    ...{ sites: [{ file }], protocols: [standIn.protocol] },
  })
  const { parts } = running.server
  if (parts.field.links().length === 0) for (const { site } of parts.sites.all()) parts.field.open(site)
  // The middle of the plan is now, whatever the time of day.
  const hourMs = 3_600_000
  await publishYardPlan(parts.store, 120, Date.now(), (Math.floor(Date.now() / hourMs) - 12) * hourMs)
  setInterval(() => void standIn.take(metered(Date.now(), { powerKw })).catch(() => undefined), 500)
  process.send?.(running.url)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await serve(JSON.parse(process.argv[2] ?? '{}'))
