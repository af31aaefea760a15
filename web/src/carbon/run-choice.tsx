import { Link } from '@tanstack/react-router'
import type { ListedRun } from '../api/types.ts'
import { useSiteId } from '../app/moment.ts'
import { dayAndTime } from '../format/times.ts'
import { useWords } from '../words/words.ts'

interface RunChoiceProps {
  readonly runs: readonly ListedRun[]
  readonly id: string
  readonly zone: string
  onChoose(id: string): void
  /** What runs are about, by their id, where their time alone does not tell them apart. */
  readonly about?: ReadonlyMap<string, string>
  /** Whether its runs have reports. */
  readonly reported?: boolean
}

const reportFormats = ['pdf', 'html', 'xlsx'] as const

/** Which run is shown, its evidence, and its report as a file. */
export function RunChoice({ runs, id, zone, onChoose, about, reported = true }: RunChoiceProps) {
  const { say, language } = useWords()
  const site = useSiteId()
  const address = `/api/v1/runs/${encodeURIComponent(id)}`
  return (
    <p className="run-choice">
      <select
        className="select"
        aria-label={say('carbon.run')}
        value={id}
        onChange={({ target }) => onChoose(target.value)}
      >
        {runs.map((run) => (
          <option key={run.id} value={run.id}>
            {[about?.get(run.id), dayAndTime(run.clockMs, zone, language), run.id.slice(0, 8)]
              .filter(Boolean)
              .join(' · ')}
          </option>
        ))}
      </select>
      <Link to="/sites/$site/runs" params={{ site }} search={{ run: id } as object}>
        {say('plan.evidence')}
      </Link>
      {reported &&
        reportFormats.map((format) => (
          <a
            key={format}
            href={`${address}/report?format=${format}&lang=${language.split('-')[0]}`}
            target="_blank"
            rel="noopener"
          >
            {say('carbon.report', { format: format.toUpperCase() })}
          </a>
        ))}
    </p>
  )
}
