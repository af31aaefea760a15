import type { ReactNode } from 'react'
import type { Tone } from './tone.tsx'

interface BadgeProps {
  readonly tone?: Tone
  /** Told while the pointer rests on it. */
  readonly why?: string
  readonly children: ReactNode
}

/** A word about a thing, beside its name. */
export const Badge = ({ tone, why, children }: BadgeProps) => (
  <span className="badge" data-tone={tone} title={why}>
    {children}
  </span>
)
