import { CircleAlert, CircleCheck, Info, TriangleAlert } from 'lucide-react'
import type { Site } from '../api/types.ts'
import { shortName } from '../format/short-name.ts'
import { ageOf } from '../format/times.ts'
import { RelaxedSentence } from '../plan/sentences.tsx'
import { useWords } from '../words/words.ts'
import type { Attention, AttentionState } from './attention.ts'

const icons = { alarm: CircleAlert, warning: TriangleAlert, advisory: Info }

interface AttentionListProps {
  readonly items: readonly Attention[]
  readonly site: Site
}

/** What needs a person, in order; each state with its shape and its word. */
export function AttentionList({ items, site }: AttentionListProps) {
  const { say } = useWords()
  return (
    <section className="attention" aria-labelledby="attention-title">
      <h2 id="attention-title">{say('park.attention')}</h2>
      {items.length === 0 ? (
        <p className="attention-item" data-state="good">
          <CircleCheck size={18} aria-hidden /> <span>{say('park.nothing')}</span>
        </p>
      ) : (
        <ul>
          {items.map((item) => (
            <li key={keyOf(item)} className="attention-item" data-state={item.state}>
              <StateIcon state={item.state} />
              <span>
                <span className="visually-hidden">{say(`state.${item.state}`)}: </span>
                <Sentence item={item} site={site} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

const keyOf = (item: Attention): string =>
  item.kind === 'relaxed'
    ? `${item.relaxed.asset} ${item.relaxed.reason}`
    : `${item.kind} ${'title' in item ? item.title : ''}`

function StateIcon({ state }: { readonly state: AttentionState }) {
  const Icon = icons[state]
  return <Icon size={18} aria-hidden />
}

function Sentence({ item, site }: { readonly item: Attention; readonly site: Site }) {
  const { say } = useWords()
  const age = (ageMs: number): string => {
    const { count, unit } = ageOf(ageMs)
    return say(`age.${unit}`, { count })
  }
  switch (item.kind) {
    case 'disconnected':
      return say('park.disconnected')
    case 'missing':
      return say('park.missing', { title: shortName(item.title) })
    case 'stale':
      return say('park.stale', { title: shortName(item.title), age: age(item.ageMs) })
    case 'noPlan':
      return say('park.noPlan')
    case 'oldPlan':
      return say('park.oldPlan', { age: age(item.ageMs) })
    case 'relaxed':
      return <RelaxedSentence relaxed={item.relaxed} assets={site.assets} />
  }
}
