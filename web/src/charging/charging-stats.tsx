import { Sourced } from '../pedigree/sourced.tsx'
import { Value } from '../ui/figure.tsx'
import { Stat } from '../ui/stat.tsx'
import { useWords } from '../words/words.ts'
import type { ChargingFigures } from './charging-figures.ts'
import type { Charging } from './charging-queries.ts'

interface ChargingStatsProps {
  readonly site: string
  readonly charging: Charging
  readonly figures: ChargingFigures
}

/** One line: how many charge, what they draw and may, how much of it is the sun, and the meter of the connection. */
export function ChargingStats({ site, charging: { meter }, figures }: ChargingStatsProps) {
  const { say } = useWords()
  const { charging, waiting, chargers, drawnKw, grantedKw, sunShare } = figures
  return (
    <dl className="stats charging-stats">
      <Stat label={say('charging.vehicles')} note={say('charging.ofChargers', { chargers })}>
        <span className="figure">{charging}</span>
      </Stat>
      <Stat label={say('charging.waiting')} note={say(waiting > 0 ? 'charging.waitingSays' : 'charging.waitingNone')}>
        <span className="figure">{waiting}</span>
      </Stat>
      <Stat label={say('charging.drawn')} note={say('charging.drawnSays')}>
        <Value value={drawnKw} unit="kW" />
      </Stat>
      <Stat label={say('charging.granted')} note={say('charging.grantedSays')}>
        <Value value={grantedKw} unit="kW" />
      </Stat>
      <Stat label={say('charging.sun')} note={say(sunShare === undefined ? 'charging.sunUnknown' : 'charging.sunSays')}>
        <Value value={sunShare} unit="1" />
      </Stat>
      {meter && (
        <Stat label={say('charging.meter')} note={say(meter.silent ? 'charging.meterOld' : 'charging.meterSays')}>
          <Sourced from={{ kind: 'point', site, ref: meter.ref }}>
            <Value value={meter.powerKw ?? undefined} unit="kW" />
          </Sourced>
        </Stat>
      )}
    </dl>
  )
}
