import type { Clock } from '../../../kernel/index.ts'
import type { ObservationBatch } from '../../../store/index.ts'
import { createBodyMemory } from '../../formats/body-memory.ts'
import type { Taken } from '../figures.ts'
import { createStoring, type Storing } from '../store-messages.ts'
import type { TopicTemplate } from '../topic-template.ts'
import type { BrokerFigures } from './figures.ts'

export interface StoringsParts {
  readonly templates: readonly TopicTemplate[]
  readonly site: string
  readonly clock: Clock
  report(error: unknown, message: string): void
}

type Sums = Pick<BrokerFigures, 'acknowledged' | 'badMessages' | 'stored' | 'refused' | 'failures'>

/** Messages of each credential are stored in their order, by its own rules; one that fails holds up no other. */
export function createStorings({ templates, site, clock, report }: StoringsParts) {
  // Read in turn, they may share what they remember.
  const memory = createBodyMemory()
  const open = new Map<string, Storing>()
  let before: Sums = { acknowledged: 0, badMessages: 0, stored: 0, refused: {}, failures: 0 }
  return {
    of(key: string, source: string, take: (batch: ObservationBatch) => Promise<Taken>): Storing {
      const found = open.get(key)
      if (found) return found
      const made = createStoring({
        ...{ templates, site, clock, memory, report, source, take, taken: () => undefined },
      })
      open.set(key, made)
      return made
    },
    /** The last connection of a credential is gone. */
    async end(key: string): Promise<void> {
      const storing = open.get(key)
      if (!storing || storing.inHand() > 0) return
      open.delete(key)
      before = sum(before, storing.figures())
      await storing.stop()
    },
    inHand: (): number => total([...open.values()], (one) => one.inHand()),
    figures: (): Sums => [...open.values()].reduce((sums, one) => sum(sums, one.figures()), before),
    async stop(): Promise<void> {
      await Promise.all([...open.values()].map((one) => one.stop()))
    },
  }
}

const total = <T>(list: readonly T[], of: (one: T) => number): number => list.reduce((all, one) => all + of(one), 0)

function sum(a: Sums, b: Sums): Sums {
  const refused: Record<string, number> = { ...a.refused }
  for (const [code, count] of Object.entries(b.refused)) refused[code] = (refused[code] ?? 0) + count
  return {
    acknowledged: a.acknowledged + b.acknowledged,
    badMessages: a.badMessages + b.badMessages,
    stored: a.stored + b.stored,
    failures: a.failures + b.failures,
    refused,
  }
}
