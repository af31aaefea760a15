import { Link } from '@tanstack/react-router'
import { Droplets, Sun, Thermometer, Waves, Wind } from 'lucide-react'
import type { Pedigree } from '../pedigree/pedigree.ts'
import { Sourced } from '../pedigree/sourced.tsx'
import { lastDayOf } from '../trends/trend-address.ts'
import { Value } from '../ui/figure.tsx'
import { useWords } from '../words/words.ts'
import type { AroundKind, AroundPoint } from './around.ts'
import type { LookUp } from './flow.ts'

const icons: Readonly<Record<AroundKind, typeof Sun>> = {
  sun: Sun,
  warmth: Thermometer,
  wind: Wind,
  air: Droplets,
  water: Waves,
}

interface AroundListProps {
  readonly points: readonly AroundPoint[]
  readonly site: string
  readonly lookUp: LookUp
  readonly sourceOf: (ref: string) => Pedigree | undefined
}

/** Air and water beside the energy, as stations and gauges tell them. */
export function AroundList({ points, site, lookUp, sourceOf }: AroundListProps) {
  const { say } = useWords()
  return (
    <section className="around" aria-labelledby="around-title">
      <h2 id="around-title">{say('park.around')}</h2>
      <dl>
        {points.map(({ ref, title, unit, kind }) => {
          const Icon = icons[kind]
          const value = lookUp(ref)
          const source = value === undefined ? undefined : sourceOf(ref)
          const shown = <Value value={value} unit={unit} />
          return (
            <div key={ref}>
              <dt>
                <Icon size={18} aria-hidden />
                <Link
                  to="/sites/$site/trends"
                  params={{ site }}
                  search={({ at }) => ({ ...(at === undefined ? {} : { at }), ...lastDayOf([ref]) })}
                >
                  {title}
                </Link>
              </dt>
              <dd>{source ? <Sourced from={source}>{shown}</Sourced> : shown}</dd>
            </div>
          )
        })}
      </dl>
    </section>
  )
}
