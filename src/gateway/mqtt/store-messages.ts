import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'
import { type Clock, MangroveError, type Problem } from '../../kernel/index.ts'
import type { ObservationBatch } from '../../store/index.ts'
import { gatewayErrors } from '../errors.ts'
import { type BatchBuilder, createBatchBuilder } from '../formats/batch-builder.ts'
import { type BodyMemory, createBodyMemory } from '../formats/body-memory.ts'
import { maxToldProblems } from '../formats/index.ts'
import { maxMessageBytes } from './connect.ts'
import type { MqttFigures, Taken } from './figures.ts'
import { addMessage } from './read-message.ts'
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
  /** Of names; absent: one of its own. What is read in turn may share one. */
  readonly memory?: BodyMemory
  take(batch: ObservationBatch): Promise<Taken>
  report(error: unknown, message: string): void
  /** Called when there is room for more. */
  taken(): void
}

export interface Storing {
  add(message: HeldMessage): void
  /** Messages that are not on the disk yet. */
  inHand(): number
  /** Bytes of these. */
  inHandBytes(): number
  figures(): Pick<MqttFigures, 'acknowledged' | 'badMessages' | 'stored' | 'refused' | 'failures'>
  /** Ends after what is being stored; what waits is not acknowledged. */
  stop(): Promise<void>
}

/** Messages that one commit takes at most; each may hold many observations. */
const mostAtOnce = 4000
const mostBytesAtOnce = 8 * maxMessageBytes
const limits = { maxBytes: maxMessageBytes, maxRows: 5_000_000, maxSeries: 100_000 }
const firstWaitMs = 100
const longestWaitMs = 10_000
/** Failures that are not the store's own, such as a bug that one message brings out, before messages are tried one by one. */
const mostTries = 5

/** A message and when it came. */
interface Waiting {
  readonly message: HeldMessage
  readonly receivedMs: number
}

/** A batch of several messages that is being read. */
interface OpenBatch extends BatchBuilder {
  rows(): number
}

/** Stores messages in the order they came, as many in one commit as came during the one before. */
export function createStoring(parts: StoringParts): Storing {
  const { templates, source, site, clock, memory = createBodyMemory(), take, report, taken } = parts
  let waiting: Waiting[] = []
  const names = createTopicNames(templates)
  const counted = { acknowledged: 0, badMessages: 0, stored: 0, failures: 0 }
  const refused: Record<string, number> = {}
  const stopping = new AbortController()
  let bytes = 0
  let storing = 0
  let loop: Promise<void> | undefined

  const refuse = (problems: readonly Problem[], count: number): void => {
    for (const { code } of problems) refused[code] = (refused[code] ?? 0) + 1
    if (count > problems.length) refused.untold = (refused.untold ?? 0) + count - problems.length
    if (problems[0]) report(new MangroveError([problems[0]]), 'observations of the broker were refused')
  }
  const openBatch = (messages: number): OpenBatch => {
    const builder = createBatchBuilder({ limits }, memory, messages)
    let rows = 0
    let told = 0
    return {
      ...builder,
      rows: () => rows,
      add(...row) {
        const problem = builder.add(...row)
        if (!problem) rows += 1
        return problem
      },
      refuse(problem, count = 1) {
        told += 1
        refuse(told > maxToldProblems ? [] : [problem()], count)
      },
    }
  }
  /** @returns whether there is something in the batch that has to be stored before the message is acknowledged */
  const read = ({ message, receivedMs }: Waiting, into: OpenBatch): boolean => {
    const { topic, payload, retain: retained } = message
    const before = into.rows()
    try {
      addMessage(names(topic), payload, { site, source, limits, retained, receivedMs }, into)
    } catch (error) {
      counted.badMessages += 1
      const problem = error instanceof MangroveError ? error.problems[0]! : unreadable(topic)
      refuse([{ ...problem, place: { path: topic.slice(0, 200) } }], 1)
    }
    return into.rows() > before
  }
  const done = ({ message }: Waiting): void => {
    bytes -= message.payload.length
    if (message.acknowledge()) counted.acknowledged += 1
  }
  /** @returns whether it is over; false when it stopped before */
  const keep = async (ones: readonly Waiting[], batch: ObservationBatch): Promise<boolean> => {
    if (ones.length === 0) return true
    for (let tries = 1, waitMs = firstWaitMs; !stopping.signal.aborted; tries += 1) {
      try {
        const { stored, refusedCount, refused: problems } = await take(batch)
        counted.stored += stored
        refuse(problems, refusedCount)
        for (const one of ones) done(one)
        return true
      } catch (error) {
        counted.failures += 1
        report(error, 'observations of the broker could not be stored')
        if (isRefusal(error) || (tries >= mostTries && !(error instanceof MangroveError)))
          return apart(ones, batch, error)
        await sleep(waitMs, undefined, { signal: stopping.signal }).catch(() => undefined)
        waitMs = Math.min(longestWaitMs, 2 * waitMs)
      }
    }
    return false
  }
  /** One message that cannot be stored keeps none of the others. */
  const apart = async (ones: readonly Waiting[], batch: ObservationBatch, error: unknown): Promise<boolean> => {
    const [only] = ones as [Waiting]
    if (ones.length === 1) {
      counted.badMessages += 1
      refuse(
        error instanceof MangroveError ? error.problems.slice(0, 1) : [unreadable(only.message.topic)],
        batch.count,
      )
      done(only)
      return true
    }
    for (const one of ones) {
      // What it was refused was told when it was read first.
      const again = { ...openBatch(1), refuse: () => undefined }
      read(one, again)
      if (!(await keep([one], again.finish().batch))) return false
    }
    return true
  }
  const round = async (): Promise<void> => {
    const messages = waiting.slice(0, fitting(waiting))
    waiting = waiting.slice(messages.length)
    storing = messages.length
    const batch = openBatch(messages.length)
    const ones = messages.filter((one) => {
      if (read(one, batch)) return true
      done(one)
      return false
    })
    await keep(ones, batch.finish().batch)
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
      bytes += message.payload.length
      waiting.push({ message, receivedMs: clock.now() })
      loop ??= run()
    },
    inHand: () => waiting.length + storing,
    inHandBytes: () => bytes,
    figures: () => ({ ...counted, refused: { ...refused } }),
    async stop() {
      stopping.abort()
      await loop
    },
  }
}

/** How many messages one commit takes of those that wait: one at least. */
function fitting(waiting: readonly Waiting[]): number {
  let bytes = 0
  let count = 0
  while (count < Math.min(waiting.length, mostAtOnce)) {
    bytes += waiting[count]!.message.payload.length
    if (count > 0 && bytes > mostBytesAtOnce) break
    count += 1
  }
  return count
}

const mostTopics = 50_000

/** What topics say, remembered: meters send under the same ones again and again. @throws `gateway.foreign-topic` */
function createTopicNames(templates: readonly TopicTemplate[]): (topic: string) => TopicNames {
  const known = new Map<string, TopicNames>()
  return (topic) => {
    const found = known.get(topic)
    if (found) return found
    const names = namesOf(templates, topic)
    if (known.size >= mostTopics) known.clear()
    known.set(topic, names)
    return names
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
