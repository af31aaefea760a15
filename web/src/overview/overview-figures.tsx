import { showMoney } from '../format/numbers.ts'
import { Figure, Value } from '../ui/figure.tsx'
import { Stat } from '../ui/stat.tsx'
import { useWords } from '../words/words.ts'
import type { Sum, Sums } from './sums.ts'

/** What the sites come to together, each figure with how many sites it is of. */
export function OverviewFigures({ sums }: { readonly sums: Sums }) {
  const { say } = useWords()
  const ofSites = ({ of }: Sum, sites = sums.sites): string =>
    of === sites ? say('overview.ofAll', { count: sites }) : say('overview.ofSome', { known: of, count: sites })
  return (
    <dl className="stats overview-figures">
      <Stat label={say('overview.use')} note={ofSites(sums.useKw)}>
        <Value value={sums.useKw.value} unit="kW" />
      </Stat>
      <Stat label={say('overview.own')} note={ofSites(sums.ownKw)}>
        <Value value={sums.ownKw.value} unit="kW" />
      </Stat>
      <Stat label={say('overview.share')} note={ofSites(sums.renewableShare)}>
        <Value value={sums.renewableShare.value} unit="1" />
      </Stat>
      <Stat label={say('overview.alarms')} note={ofSites(sums.alarms)}>
        <span className="figure">{sums.alarms.value ?? '–'}</span>
      </Stat>
      {sums.cost.map((sum) => (
        <Stat
          key={sum.currency}
          label={say('overview.costDay')}
          note={`${ofSites(sum, sum.sites)}${sums.cost.length > 1 ? ` · ${say('overview.notAdded')}` : ''}`}
        >
          {sum.value === undefined ? (
            <Value value={undefined} unit={sum.currency} />
          ) : (
            <Figure {...showMoney(sum.value, sum.currency)} />
          )}
        </Stat>
      ))}
      <Stat label={say('overview.carbonDay')} note={ofSites(sums.carbonKg)}>
        <Value value={sums.carbonKg.value} unit="kgCO2e" />
      </Stat>
    </dl>
  )
}
