import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'
import { type Clock, MangroveError, type Problem } from '../../kernel/index.ts'
import type { ObservationBatch } from '../../store/index.ts'
import { gatewayErrors } from '../errors.ts'
import type { ParsedObservations } from '../formats/index.ts'
import { maxMessageBytes } from './connect.ts'
import type { MqttFigures, Taken } from './figures.ts'
import { joinBatches } from './join-batches.ts'
import { readMessage } from './read-message.ts'
import type { TopicNames, TopicTemplate } from './topic-template.ts'

/** A message that is not acknowledged yet. */
export interface HeldMessage {
  readonly topic: string
  readonly payload: Buffer
  readonly retain: boolean
  /** @returns false where the connection that it came on is gone */
  acknowledge(): boolean
}

export interface StoringParts {
  readonly templates: readonly TopicTemplate[]
  readonly source: string
  readonly site: string
  readonly clock: Clock
  take(batch: ObservationBatch): Promise<Taken>
  report(error: unknown, message: string): void
  /** Called when there is room for more. */
  taken(): void
}

export interface Storing {
  add(message: HeldMessage): void
  /** Messages that are not on the disk yet. */
  inHand(): number
  figures(): Pick<MqttFigures, 'acknowledged' | 'badMessages' | 'stored' | 'refused' | 'failures'>
  /** Ends after what is being stored; what waits is not acknowledged. */
  stop(): Promise<void>
}

/** Messages that one commit takes at most; each may hold many observations. */
const mostAtOnce = 1000
const limits = { maxBytes: maxMessageBytes, maxRows: 100_000, maxSeries: 10_000 }
const firstWaitMs = 100
const longestWaitMs = 10_000
/** Failures that are not the store's own, such as a bug that one message brings out, before messages are tried one by one. */
const mostTries = 5

interface ReadOne {
  readonly message: HeldMessage
  readonly batch: ObservationBatch
}

/** Stores messages in the order they came, as many in one commit as came during the one before. */
export function createStoring({ templates, source, site, clock, take, report, taken }: StoringParts): Storing {
  const waiting: HeldMessage[] = []
  const counted = { acknowledged: 0, badMessages: 0, stored: 0, failures: 0 }
  const refused: Record<string, number> = {}
  const stopping = new AbortController()
  let storing = 0
  let loop: Promise<void> | undefined

  const refuse = (problems: readonly Problem[], count: number): void => {
    for (const { code } of problems) refused[code] = (refused[code] ?? 0) + 1
    if (count > problems.length) refused.untold = (refused.untold ?? 0) + count - problems.length
    if (problems[0]) report(new MangroveError([problems[0]]), 'observations of the broker were refused')
  }
  const read = (message: HeldMessage): ParsedObservations | undefined => {
    const { topic, payload, retain: retained } = message
    try {
      const names = namesOf(templates, topic)
      return readMessage(names, payload, { site, source, limits, retained, receivedMs: clock.now() })
    } catch (error) {
      counted.badMessages += 1
      const problem = error instanceof MangroveError ? error.problems[0]! : unreadable(topic)
      refuse([{ ...problem, place: { path: topic.slice(0, 200) } }], 1)
      return undefined
    }
  }
  const done = (message: HeldMessage): void => {
    if (message.acknowledge()) counted.acknowledged += 1
  }
  /** @returns whether it is over; false when it stopped before */
  const keep = async (ones: readonly ReadOne[]): Promise<boolean> => {
    if (ones.length === 0) return true
    const batch = joinBatches(ones.map((one) => one.batch))
    for (let tries = 1, waitMs = firstWaitMs; !stopping.signal.aborted; tries += 1) {
      try {
        const { stored, refusedCount, refused: problems } = await take(batch)
        counted.stored += stored
        refuse(problems, refusedCount)
        for (const { message } of ones) done(message)
        return true
      } catch (error) {
        counted.failures += 1
        report(error, 'observations of the broker could not be stored')
        if (isRefusal(error) || (tries >= mostTries && !(error instanceof MangroveError))) return apart(ones, error)
        await sleep(waitMs, undefined, { signal: stopping.signal }).catch(() => undefined)
        waitMs = Math.min(longestWaitMs, 2 * waitMs)
      }
    }
    return false
  }
  /** One message that cannot be stored keeps none of the others. */
  const apart = async (ones: readonly ReadOne[], error: unknown): Promise<boolean> => {
    if (ones.length > 1) {
      for (const one of ones) if (!(await keep([one]))) return false
      return true
    }
    const [{ message, batch }] = ones as [ReadOne]
    counted.badMessages += 1
    refuse(error instanceof MangroveError ? error.problems.slice(0, 1) : [unreadable(message.topic)], batch.count)
    done(message)
    return true
  }
  const round = async (): Promise<void> => {
    const messages = waiting.splice(0, mostAtOnce)
    storing = messages.length
    const ones: ReadOne[] = []
    for (const message of messages) {
      const parsed = read(message)
      if (parsed && parsed.refusedCount > 0) refuse(parsed.refused, parsed.refusedCount)
      if (parsed && parsed.batch.count > 0) ones.push({ message, batch: parsed.batch })
      else done(message)
    }
    await keep(ones)
    storing = 0
    taken()
  }
  const run = async (): Promise<void> => {
    // What comes in the same turn goes into the same commit.
    await nextTurn()
    while (waiting.length > 0 && !stopping.signal.aborted) await round()
    loop = undefined
  }

  return {
    add(message) {
      waiting.push(message)
      loop ??= run()
    },
    inHand: () => waiting.length + storing,
    figures: () => ({ ...counted, refused: { ...refused } }),
    async stop() {
      stopping.abort()
      await loop
    },
  }
}

function namesOf(templates: readonly TopicTemplate[], topic: string): TopicNames {
  for (const template of templates) {
    const names = template.match(topic)
    if (names) return names
  }
  throw gatewayErrors.foreignTopic({ detail: 'The topic is none of those listened to', found: topic.slice(0, 200) })
}

const unreadable = (topic: string): Problem =>
  gatewayErrors.badBody.problem({ detail: 'The message cannot be stored', found: topic.slice(0, 200) })

/** The same would be refused again; all else is tried until it goes. */
const isRefusal = (error: unknown): boolean =>
  error instanceof MangroveError && error.status >= 400 && error.status < 500 && error.status !== 429
