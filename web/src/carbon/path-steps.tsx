import { useRun } from '../api/queries.ts'
import { formatNumber, showMoney } from '../format/numbers.ts'
import { useRunJob } from '../jobs/use-run-job.ts'
import { useMay } from '../sign-in/session.ts'
import { Progress } from '../ui/progress.tsx'
import { useWords } from '../words/words.ts'
import { type ParkPath, useOutput, useRunsOf } from './carbon-queries.ts'
import { printed } from './carbon-text.ts'

const engine = 'carbon.park-path'

interface PathStepsProps {
  readonly site: string
  /** Run of the verdict: the path is looked for with its figures. */
  readonly run: string
}

/** The three cheapest steps to the limit, with what each closes of the gap. */
export function PathSteps({ site, run }: PathStepsProps) {
  const { say } = useWords()
  const mayPlan = useMay('plan', site)
  const verdictRun = useRun(run)
  const runs = useRunsOf(site, engine)
  const output = useOutput<ParkPath>(runs.data?.[0]?.id)
  const job = useRunJob(engine, site)
  const path = output.data
  const find = (): void => {
    const { draws: _, ...asked } = verdictRun.data?.input ?? {}
    void job.start({ ...asked, site })
  }
  return (
    <section className="carbon-path" aria-labelledby="path-title">
      <header>
        <h3 id="path-title">{say('carbon.path')}</h3>
        <button
          type="button"
          className="button small"
          disabled={!mayPlan || job.pending || !verdictRun.data}
          title={mayPlan ? undefined : say('carbon.mayNot')}
          onClick={find}
        >
          {say(job.pending ? 'carbon.working' : 'carbon.path.find')}
        </button>
      </header>
      {job.pending && <Progress label={say('carbon.working')} share={job.share} />}
      {job.error && (
        <p className="dialog-problem" role="alert">
          {job.error.message}
        </p>
      )}
      {path && <Steps path={path} />}
      {runs.data?.length === 0 && !job.pending && <p className="quiet">{say('carbon.path.none')}</p>}
    </section>
  )
}

function Steps({ path }: { readonly path: ParkPath }) {
  const { say } = useWords()
  const { steps, currency, status, needed, emissionsUnit, energyUnit, reasons } = path
  return (
    <>
      <p>{say(`carbon.path.status.${status}`)}</p>
      {steps.length === 0 ? (
        <ul className="verdict-reasons" lang="en">
          {reasons.slice(0, 2).map(({ code, text }) => (
            <li key={code}>{text}</li>
          ))}
        </ul>
      ) : (
        <ol className="carbon-steps">
          {steps.slice(0, 3).map((step) => {
            const cost = showMoney(step.costPerYear, currency)
            return (
              <li key={step.id} data-needed={step.needed}>
                <strong>{step.title}</strong>
                <span>
                  {say('carbon.path.saves')} {formatNumber(step.saved)}{' '}
                  <span className="unit">{printed(emissionsUnit)}</span>
                </span>
                <span>
                  {step.costPerTonne === null ? '–' : formatNumber(step.costPerTonne)}{' '}
                  <span className="unit">
                    {currency}/{printed('tCO2')}
                  </span>
                </span>
                <span>
                  {cost.text} <span className="unit">{say('carbon.path.aYear', { unit: cost.unit })}</span>
                </span>
                <small>
                  {say('carbon.path.after', {
                    value: formatNumber(step.indicatorAfter, 3),
                    unit: printed(`${emissionsUnit}/${energyUnit}`),
                  })}{' '}
                  · {say(step.passesAfter ? 'carbon.reading.passes' : 'carbon.reading.fails')}
                </small>
              </li>
            )
          })}
        </ol>
      )}
      {needed && (
        <p className="quiet">
          {say('carbon.path.needed', {
            saved: formatNumber(needed.saved),
            cost: `${showMoney(needed.costPerYear, currency).text} ${currency}`,
            capex: `${showMoney(needed.capex, currency).text} ${currency}`,
          })}
        </p>
      )}
    </>
  )
}
