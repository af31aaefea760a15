import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { runEngine } from '../api/client.ts'
import { formatNumber } from '../format/numbers.ts'
import { useMay } from '../sign-in/session.ts'
import { Failure, Skeleton } from '../ui/states.tsx'
import { runAbout } from '../verify/run-about.ts'
import { useWords } from '../words/words.ts'
import {
  type GuidingIndicator,
  mostNamedRuns,
  useOutput,
  useOutputs,
  useRunsOf,
  type Verdict,
} from './carbon-queries.ts'
import { printed } from './carbon-text.ts'
import { PathSteps } from './path-steps.tsx'
import { RunChoice } from './run-choice.tsx'
import { StartYear } from './start-year.tsx'
import { decidingReading, VerdictDial } from './verdict-dial.tsx'
import { VerdictReadings } from './verdict-readings.tsx'
import { VerdictReasons } from './verdict-reasons.tsx'

const engine = 'carbon.park-verdict'

/** Whether the park is a zero-carbon park: dial, gap, the readings side by side, what else is asked for. */
export function VerdictSection({ site, zone }: { readonly site: string; readonly zone: string }) {
  const { say, language } = useWords()
  const runs = useRunsOf(site, engine)
  const [chosen, setChosen] = useState<string>()
  const id = chosen ?? runs.data?.[0]?.id
  const output = useOutput<Verdict>(id)
  const newest = useOutputs<Verdict>((runs.data ?? []).slice(0, mostNamedRuns).map((one) => one.id))
  const about = new Map(newest.map((one) => [one.id, runAbout(one.output, language)]))
  const error = runs.error ?? output.error
  return (
    <section className="carbon-section" aria-labelledby="verdict-title">
      <header>
        <h2 id="verdict-title">{say('carbon.verdict')}</h2>
        {runs.data && id !== undefined && <RunChoice runs={runs.data} {...{ id, zone, about }} onChoose={setChosen} />}
      </header>
      {error ? (
        <Failure error={error} retry={() => void runs.refetch()} />
      ) : output.data ? (
        <Judged verdict={output.data} site={site} run={id ?? ''} />
      ) : runs.data?.length === 0 ? (
        <div className="carbon-empty">
          <p>{say('carbon.noVerdict')}</p>
          <StartYear site={site} zone={zone} />
        </div>
      ) : (
        <Skeleton height={320} />
      )}
      <JudgeForm site={site} open={runs.data?.length === 0} onJudged={() => setChosen(undefined)} />
    </section>
  )
}

const tones = { passes: 'good', fails: 'alarm', 'not-decided': 'advisory' } as const
const shapes = { good: '●', alarm: '■', advisory: '◆' } as const

interface JudgedProps {
  readonly verdict: Verdict
  readonly site: string
  readonly run: string
}

function Judged({ verdict, site, run }: JudgedProps) {
  const { say } = useWords()
  const tone = tones[verdict.verdict]
  return (
    <>
      <div className="verdict">
        <VerdictDial verdict={verdict} />
        <div className="verdict-says">
          <p className="verdict-word" data-tone={tone}>
            <span aria-hidden>{shapes[tone]}</span> {say(`carbon.verdict.${verdict.verdict}`)}
          </p>
          <p className="quiet">
            {verdict.organisation} · {verdict.year} · <span lang="en">{verdict.scheme.title}</span>
          </p>
          <VerdictGap verdict={verdict} />
          <VerdictReasons verdict={verdict} />
          {verdict.missing.length > 0 && (
            <p className="carbon-warn">▲ {say('carbon.missing', { what: verdict.missing.join(', ') })}</p>
          )}
        </div>
      </div>
      <VerdictReadings verdict={verdict} />
      <PathSteps site={site} run={run} />
      <Guiding verdict={verdict} />
      {verdict.verify.length > 0 && (
        <details className="carbon-verify">
          <summary>
            <span className="verify-mark">{say('claims.verify')}</span>{' '}
            {say('carbon.verifyList', { number: verdict.verify.length })}
          </summary>
          <dl>
            {verdict.verify.map(({ what, why }) => (
              <div key={`${what} ${why}`}>
                <dt>{what}</dt>
                <dd>{why}</dd>
              </div>
            ))}
          </dl>
        </details>
      )}
    </>
  )
}

/** How far the reading that decides is from the limit: the number a city asks for first. */
function VerdictGap({ verdict: { readings, indicator } }: { readonly verdict: Verdict }) {
  const { say } = useWords()
  const gap = decidingReading(readings)?.gap
  if (!gap) return null
  const emissions = Number(gap.emissions)
  return (
    <p className="verdict-gap" data-over={emissions > 0}>
      <strong>{formatNumber(Math.abs(emissions))}</strong>{' '}
      <span className="unit">{printed(indicator.emissionsUnit)}</span>{' '}
      {say(emissions > 0 ? 'carbon.gap.over' : 'carbon.gap.spare')}
    </p>
  )
}

const resultTones = { meets: 'good', misses: 'warning', 'not-known': 'advisory', 'left-out': 'none' } as const
const resultShapes = { meets: '●', misses: '▲', 'not-known': '◆', 'left-out': '–' } as const

function Guiding({ verdict: { guiding } }: { readonly verdict: Verdict }) {
  const { say, knows } = useWords()
  if (guiding.length === 0) return null
  const titleOf = ({ id, title }: GuidingIndicator): string => {
    const key = `carbon.guide.${id}`
    return knows(key) ? say(key) : title
  }
  return (
    <>
      <h3>{say('carbon.guiding')}</h3>
      <ul className="guiding">
        {guiding.map((one) => {
          const { id, kind, unit, relation, limit, value, result } = one
          return (
            <li key={id} data-tone={resultTones[result]}>
              <span className="guiding-title">
                {titleOf(one)}
                {kind === 'veto' && <strong> · {say('carbon.veto')}</strong>}
              </span>
              <span>
                <strong>{value === null ? '–' : formatNumber(Number(value))}</strong>{' '}
                <span className="unit">
                  {unit === 'level' ? say('carbon.guide.level') : unit} {relation === 'at-least' ? '≥' : '≤'} {limit}
                </span>
              </span>
              <span className="guiding-result">
                <span aria-hidden>{resultShapes[result]}</span> {say(`carbon.result.${result}`)}
              </span>
            </li>
          )
        })}
      </ul>
    </>
  )
}

interface JudgeFormProps {
  readonly site: string
  readonly open: boolean
  onJudged(): void
}

/** Judges a year whose figures stand in a file beside the site file. */
function JudgeForm({ site, open, onJudged }: JudgeFormProps) {
  const { say } = useWords()
  const client = useQueryClient()
  const mayPlan = useMay('plan', site)
  const [file, setFile] = useState('')
  const judge = useMutation({
    mutationFn: () => runEngine<Verdict>(engine, { site, figuresFile: file.trim() }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['runs-of', site, engine] })
      onJudged()
    },
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    judge.mutate()
  }
  return (
    <details className="carbon-form" open={open || undefined}>
      <summary>{say('carbon.judgeAgain')}</summary>
      <form onSubmit={submit}>
        <label className="field">
          <span>{say('carbon.figuresFile')}</span>
          <input
            required
            value={file}
            placeholder="verdict-2025.yaml"
            maxLength={200}
            onChange={({ target }) => setFile(target.value)}
          />
        </label>
        <button type="submit" className="button primary" disabled={!mayPlan || judge.isPending || file.trim() === ''}>
          {say(judge.isPending ? 'carbon.working' : 'carbon.judge')}
        </button>
        {!mayPlan && <p className="quiet">{say('carbon.mayNot')}</p>}
      </form>
      {judge.error && (
        <p className="dialog-problem" role="alert">
          {judge.error.message}
        </p>
      )}
    </details>
  )
}
