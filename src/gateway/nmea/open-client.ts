import { MangroveError, parseDuration } from '../../kernel/index.ts'
import { gatewayErrors } from '../errors.ts'
import type { FieldClient, FieldGateway, FieldPorts, LinkFigures } from '../field-protocol.ts'
import { backOffMs } from '../link/back-off.ts'
import { createLinkRecord } from '../link/link-record.ts'
import { createOutlet, type OutletValue } from '../link/outlet.ts'
import { rest } from '../link/rest.ts'
import { createLineCutter } from './cut-lines.ts'
import { nmeaErrors } from './errors.ts'
import { nmeaPoints } from './nmea-points.ts'
import { openSource } from './open-source.ts'
import type { Quantity } from './quantities.ts'
import { brokenFields, readFacts } from './read-facts.ts'
import { isSentence, longestSentence, readSentence } from './read-sentence.ts'
import type { NmeaSettings } from './settings.ts'
import { timeOfFacts } from './tell-time.ts'

const firstWaitMs = 500
const lookMs = 1000

/** Figures of a source of sentences: what every protocol has, and how many there were of each kind. */
export interface NmeaFigures extends LinkFigures {
  readonly sentences: Readonly<Record<string, number>>
}

export interface NmeaClient extends FieldClient {
  figures(): NmeaFigures
}

/**
 * Hears sentences; it only reads. The link is opened again by itself.
 *
 * @throws what is wrong with the settings
 */
export function openNmea(gateway: FieldGateway<NmeaSettings>, ports: FieldPorts): NmeaClient {
  const { id, settings } = gateway
  const { points, problems } = nmeaPoints(gateway)
  if (problems.length > 0) throw new MangroveError(problems.map((one) => gatewayErrors.badSettings.problem(one)))
  const everyMs = parseDuration(settings.every ?? '1s')
  const silenceMs = parseDuration(settings.silence ?? '10s')
  const longestWaitMs = parseDuration(settings.longestWait ?? '1m')
  const record = createLinkRecord(ports.clock)
  const outlet = createOutlet(ports, record, id)
  const stopping = new AbortController()
  const { signal } = stopping
  const sentences: Record<string, number> = {}
  /** When a quantity was told last, on a clock that no one sets, and at which event time. */
  const told = new Map<Quantity, { readonly atMs: number; readonly eventMs: number }>()
  let isMuddled = false
  const now = (): number => ports.clock.now()

  const broken = (problem: string, line: string): void => {
    record.malformed(1)
    // A line of the wrong rate is noise without end: one word is enough until something is understood.
    if (!isMuddled)
      ports.report(nmeaErrors.badSentence({ detail: problem, found: line.slice(0, 100) }), `${id} sends noise`)
    isMuddled = true
  }
  const hearLine = (line: string): void => {
    const sentence = readSentence(line)
    if (!sentence) return
    if (!isSentence(sentence)) {
      broken(sentence.problem, line)
      return
    }
    const { talker, kind } = sentence
    if (settings.talkers && !settings.talkers.includes(talker)) return
    const facts = readFacts(sentence)
    if (facts === brokenFields) {
      broken('the fields make no sense', line)
      return
    }
    sentences[kind] = (sentences[kind] ?? 0) + 1
    isMuddled = false
    record.heard()
    record.become('connected')
    if (!facts || outlet.isFull) return
    const timestampMs = timeOfFacts(facts, now())
    const values: OutletValue[] = []
    for (const [name, value] of Object.entries(facts.values) as [Quantity, number][]) {
      const point = points.get(name)
      if (!point) continue
      const before = told.get(name)
      const atMs = performance.now()
      // A little less than the time between, for no device keeps it to the ms.
      const isSoon = before && atMs - before.atMs < 0.8 * everyMs
      if (isSoon && !Number.isNaN(value)) continue
      told.set(name, { atMs, eventMs: timestampMs })
      const { ref, unit, scale, offset } = point
      values.push({ ref, unit, timestampMs, value: value * scale + offset, quality: facts.quality })
    }
    outlet.put(values)
  }
  /** Quantities that were not told for long have no value. */
  const tellSilence = (): void => {
    const nowMs = performance.now()
    const silent = [...points].filter(([name]) => nowMs - (told.get(name)?.atMs ?? beganMs) > silenceMs)
    outlet.gaps(
      silent.map(([, point]) => point),
      now(),
    )
  }
  const beganMs = performance.now()

  const running = (async (): Promise<void> => {
    for (let inVain = 0; !signal.aborted; ) {
      record.become('connecting')
      try {
        const lines = createLineCutter(longestSentence)
        let heardMs = performance.now()
        const source = await openSource(
          settings,
          (bytes) => {
            heardMs = performance.now()
            const cut = lines.push(bytes)
            for (let count = 0; count < cut.tooLong; count += 1) broken('a line without an end', '')
            for (const line of cut.lines) hearLine(line)
          },
          signal,
        )
        const over = new AbortController()
        let why: string | undefined
        void source.gone.then((reason) => {
          why = reason
          over.abort()
        })
        const either = AbortSignal.any([signal, over.signal])
        while (!either.aborted) {
          await rest(Math.min(lookMs, silenceMs / 4), either)
          tellSilence()
          // A dead connection may not have said so; who sends datagrams is waited for.
          if (settings.transport !== 'udp' && performance.now() - heardMs > 2 * silenceMs) {
            why = 'nothing comes'
            break
          }
        }
        source.close()
        if (signal.aborted) break
        throw gatewayErrors.noLink({ detail: 'The source of sentences is gone', found: why })
      } catch (error) {
        if (signal.aborted) break
        inVain = record.figures().state === 'connected' ? 1 : inVain + 1
        record.failed(error)
        ports.report(error, `The link ${id} is down; it is opened again`)
        outlet.gaps(points.values(), now())
        told.clear()
      }
      record.become('waiting')
      await rest(backOffMs(inVain, firstWaitMs, longestWaitMs, ports.random), signal)
    }
    record.become('stopped')
  })()

  return {
    figures: () => ({ ...record.figures(), sentences: { ...sentences } }),
    async stop() {
      stopping.abort()
      await running
      await outlet.close()
    },
  }
}
