import type { ListedRun } from '../api/types.ts'
import { dayAndTime } from '../format/times.ts'
import { useWords } from '../words/words.ts'

interface RunChoiceProps {
  readonly runs: readonly ListedRun[]
  readonly id: string
  readonly zone: string
  onChoose(id: string): void
}

/** Which run is shown, and its evidence. */
export function RunChoice({ runs, id, zone, onChoose }: RunChoiceProps) {
  const { say, language } = useWords()
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
            {dayAndTime(run.clockMs, zone, language)} · {run.id.slice(0, 8)}
          </option>
        ))}
      </select>
      <a href={`/api/v1/runs/${encodeURIComponent(id)}`}>{say('plan.evidence')}</a>
    </p>
  )
}
