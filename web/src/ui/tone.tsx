import { CircleCheck, Clock, Hand, Info, type LucideIcon, OctagonAlert, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'

/** States apart from sources: each has a shape and a word beside its colour. */
export const tones = ['good', 'advisory', 'warning', 'alarm', 'stale', 'manual'] as const
export type Tone = (typeof tones)[number]

const shapes: Readonly<Record<Tone, LucideIcon>> = {
  good: CircleCheck,
  advisory: Info,
  warning: TriangleAlert,
  alarm: OctagonAlert,
  stale: Clock,
  manual: Hand,
}

/** The shape of a state alone: only beside its word. */
export function ToneShape({ tone, size = 14 }: { readonly tone: Tone; readonly size?: number }) {
  const Shape = shapes[tone]
  return <Shape size={size} aria-hidden />
}

/** A state in a word, with its shape and colour. */
export const ToneMark = ({ tone, children }: { readonly tone: Tone; readonly children: ReactNode }) => (
  <span className="tone" data-tone={tone}>
    <ToneShape tone={tone} />
    <span>{children}</span>
  </span>
)
