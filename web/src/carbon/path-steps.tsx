import { useSite } from '../api/queries.ts'
import { formatNumber, showMoney } from '../format/numbers.ts'
import { useRunJob } from '../jobs/use-run-job.ts'
import { useMay } from '../sign-in/session.ts'
import { Progress } from '../ui/progress.tsx'
import { useWords } from '../words/words.ts'
import type { ParkPath, PathStep } from './carbon-queries.ts'
import { indicatorText, printed } from './carbon-text.ts'
import { pathEngine, usePathOf } from './path-of-verdict.ts'
import { stepText } from './step-text.ts'
import { reasonText } from './verdict-reasons.tsx'

interface PathStepsProps {
  readonly site: string
  /** Run of the verdict: the path is looked for with its figures. */
  readonly run: string
}

/** The cheapest steps to the limit, with what each closes of the gap. */
export function PathSteps({ site, run }: PathStepsProps) {
  const { say } = useWords()
  const mayPlan = useMay('plan', site)
  const { input, path, none } = usePathOf(site, run)
  const job = useRunJob(pathEngine, site)
  const find = (): void => {
    const { draws: _, ...asked } = input ?? {}
    void job.start({ ...asked, site })
  }
  return (
    <section className="carbon-path" aria-labelledby="path-title">
      <header>
        <h3 id="path-title">{say('carbon.path')}</h3>
        <button
          type="button"
          className="button small"
          disabled={!mayPlan || job.pending || !input}
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
      {path && <Steps path={path} site={site} />}
      {none && !job.pending && <p className="quiet">{say('carbon.path.none')}</p>}
    </section>
  )
}

/** Said by the status, by the steps themselves, or by the list of what is to be verified. */
const saidElsewhere = ['path.found', 'path.no-need', 'path.not-known', 'verdict.verify']

function Steps({ path, site }: { readonly path: ParkPath; readonly site: string }) {
  const words = useWords()
  const { say } = words
  const { steps, currency, status, needed, emissionsUnit, reasons } = path
  const enough = steps.filter((step) => step.needed)
  const shown = enough.length > 0 ? enough : steps.slice(0, 3)
  const notes = reasons.filter(({ code }) => !saidElsewhere.includes(code))
  return (
    <>
      <p>{say(`carbon.path.status.${status}`)}</p>
      {shown.length > 0 && (
        <ol className="carbon-steps">
          {shown.map((step) => (
            <Step key={step.id} step={step} path={path} site={site} />
          ))}
        </ol>
      )}
      {needed && (
        <p>
          {say('carbon.path.needed', {
            saved: `${formatNumber(needed.saved)} ${printed(emissionsUnit)}`,
            cost: `${showMoney(needed.costPerYear, currency).text} ${currency}`,
            capex: `${showMoney(needed.capex, currency).text} ${currency}`,
          })}
        </p>
      )}
      {notes.length > 0 && (
        <ul className="carbon-warnings quiet">
          {notes.map((note) => {
            const text = reasonText(note, words)
            return (
              <li key={note.text} lang={text === undefined ? 'en' : undefined}>
                <span aria-hidden>{note.code === 'path.site-differs' ? '▲' : '–'}</span> {text ?? note.text}
              </li>
            )
          })}
        </ul>
      )}
    </>
  )
}

interface StepProps {
  readonly step: PathStep
  readonly path: ParkPath
  readonly site: string
}

function Step({ step, path: { currency, emissionsUnit, energyUnit, start }, site }: StepProps) {
  const { say } = useWords()
  const assets = useSite(site).data?.assets ?? []
  const cost = showMoney(step.costPerYear, currency)
  return (
    <li data-needed={step.needed}>
      <strong>{stepText(step, assets) ?? say('carbon.path.runOtherwise')}</strong>
      <span>
        {say('carbon.path.saves')} {formatNumber(step.saved)} <span className="unit">{printed(emissionsUnit)}</span>
        {step.needed && step.neededShare < 1 && (
          <small> · {say('carbon.path.share', { share: formatNumber(100 * step.neededShare, 2) })}</small>
        )}
      </span>
      <span>
        {step.costPerTonne === null ? '–' : showMoney(step.costPerTonne, currency).text}{' '}
        <span className="unit">
          {currency}/{printed('tCO2')}
        </span>
      </span>
      <span>
        {cost.text} <span className="unit">{say('carbon.path.aYear', { unit: cost.unit })}</span>
      </span>
      <span>
        {showMoney(step.capex, currency).text}{' '}
        <span className="unit">{say('carbon.curve.capex', { unit: currency })}</span>
      </span>
      <small>
        {say('carbon.path.after', {
          value: indicatorText(String(step.indicatorAfter), start.limit === null ? null : String(start.limit)),
          unit: printed(`${emissionsUnit}/${energyUnit}`),
        })}{' '}
        <span className="carbon-step-result" data-passes={step.passesAfter}>
          {step.passesAfter ? '●' : '■'} {say(step.passesAfter ? 'carbon.reading.passes' : 'carbon.reading.fails')}
        </span>
      </small>
    </li>
  )
}
