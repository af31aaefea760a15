import { CircleAlert, CircleCheck, Clock, Hand, Info, type LucideIcon, OctagonAlert } from 'lucide-react'
import type { ReactNode } from 'react'

/** States apart from sources: each has a shape and a word beside its colour. */
export type Tone = 'good' | 'advisory' | 'warning' | 'alarm' | 'stale' | 'manual'

const shapes: Readonly<Record<Tone, LucideIcon>> = {
  good: CircleCheck,
  advisory: Info,
  warning: CircleAlert,
  alarm: OctagonAlert,
  stale: Clock,
  manual: Hand,
}

/** A state in a word, with its shape and colour. */
export function ToneMark({ tone, children }: { readonly tone: Tone; readonly children: ReactNode }) {
  const Shape = shapes[tone]
  return (
    <span className="tone" data-tone={tone}>
      <Shape size={14} aria-hidden /> {children}
    </span>
  )
}

/** The shape of a state alone, where its word stands elsewhere. */
export const toneShape = (tone: Tone): LucideIcon => shapes[tone]
