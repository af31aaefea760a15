import { RotateCcw } from 'lucide-react'
import { useState } from 'react'
import { dayYearAndTime } from '../format/times.ts'
import { engineTitle } from '../jobs/engine-title.ts'
import { jobs } from '../jobs/jobs.ts'
import { Failure, Skeleton } from '../ui/states.tsx'
import { ToneMark } from '../ui/tone.tsx'
import { useWords } from '../words/words.ts'
import type { Pedigree } from './pedigree.ts'
import { replay, useEvidence, type Verdict } from './pedigree-queries.ts'
import { factorsOf, pathText, readingTitle, valueAt } from './run-facts.ts'

interface RunPedigreeProps {
  readonly from: Extract<Pedigree, { kind: 'run' }>
  readonly zone: string
}

/** Engines whose runs have a report as a file. */
const reported: ReadonlySet<string> = new Set(['carbon.account', 'carbon.park-verdict'])
const shownReadings = 12
const shownFactors = 12

/** A run: the number in its result, the engine, what it read, and whether it gives the same bytes again. */
export function RunPedigree({ from: { run, title, path = [] }, zone }: RunPedigreeProps) {
  const words = useWords()
  const { say, language } = words
  const evidence = useEvidence(run)
  if (evidence.error) return <Failure error={evidence.error} retry={() => void evidence.refetch()} />
  if (!evidence.data) return <Skeleton height={360} />
  const { engine, engineVersion, clockMs, seed, readings, output } = evidence.data
  const value = path.length === 0 ? undefined : valueAt(output, path)
  const factors = factorsOf(output)
  return (
    <>
      <h3 className="pedigree-name">{title}</h3>
      {path.length > 0 && (
        <section>
          <h4>{say('pedigree.inResult')}</h4>
          <p className="pedigree-newest">
            <code>{isPlain(value) ? String(value) : '–'}</code>
          </p>
          <code className="sample">{pathText(path)}</code>
        </section>
      )}
      <section>
        <h4>{say('pedigree.run')}</h4>
        <dl className="pedigree-facts">
          <div>
            <dt>{say('pedigree.engine')}</dt>
            <dd title={engine}>
              {engineTitle(words, engine)} <code>{engineVersion}</code>
            </dd>
          </div>
          <div>
            <dt>{say('pedigree.clock')}</dt>
            <dd>{dayYearAndTime(clockMs, zone, language)}</dd>
          </div>
          <div>
            <dt>{say('pedigree.seed')}</dt>
            <dd>{seed}</dd>
          </div>
          <div>
            <dt>{say('plan.evidence')}</dt>
            <dd>
              <a href={`/api/v1/runs/${encodeURIComponent(run)}`} title={run}>
                <code>{run.slice(0, 16)}</code>
              </a>
            </dd>
          </div>
        </dl>
        {reported.has(engine) && (
          <p>
            <a
              href={`/api/v1/runs/${encodeURIComponent(run)}/report?format=html&lang=${encodeURIComponent(reportLanguage(language))}`}
            >
              {say('pedigree.report')}
            </a>
          </p>
        )}
      </section>
      <Replay run={run} />
      <section>
        <h4>{say('pedigree.read', { count: readings.length })}</h4>
        <ul className="pedigree-parts">
          <Hashed title={say('pedigree.input')} sha256={evidence.data.inputSha256} />
          {readings.slice(0, shownReadings).map((reading) => (
            <Hashed
              key={`${reading.kind} ${readingTitle(reading)} ${reading.sha256}`}
              title={`${say(`pedigree.reading.${reading.kind}`)} ${readingTitle(reading)}`}
              sha256={reading.sha256}
            />
          ))}
        </ul>
        {readings.length > shownReadings && (
          <p className="quiet">{say('pedigree.more', { count: readings.length - shownReadings })}</p>
        )}
      </section>
      {factors.length > 0 && (
        <section>
          <h4>{say('pedigree.factors')}</h4>
          <ul className="pedigree-parts">
            {factors.slice(0, shownFactors).map(({ id, value: factor, document: source }) => (
              <li key={id}>
                <span title={source}>{id}</span>
                <span className="figure">{factor}</span>
              </li>
            ))}
          </ul>
          {factors.length > shownFactors && (
            <p className="quiet">{say('pedigree.more', { count: factors.length - shownFactors })}</p>
          )}
        </section>
      )}
    </>
  )
}

const isPlain = (value: unknown): value is string | number | boolean =>
  ['string', 'number', 'boolean'].includes(typeof value)

const reportLanguage = (language: string): string => (language === 'zh-Hans' ? 'zh-Hans' : language)

const Hashed = ({ title, sha256 }: { readonly title: string; readonly sha256: string }) => (
  <li>
    <span title={title}>{title}</span>
    <code title={`SHA-256 ${sha256}`}>{sha256.slice(0, 12)}</code>
  </li>
)

type Replaying =
  | { readonly kind: 'running' }
  | { readonly kind: 'job' }
  | { readonly kind: 'done'; readonly verdict: Verdict }
  | { readonly kind: 'failed'; readonly why: string }

/** Runs it again on the server, and says whether the bytes are the same. */
function Replay({ run }: { readonly run: string }) {
  const { say } = useWords()
  const [state, setState] = useState<Replaying>()
  const start = async (): Promise<void> => {
    setState({ kind: 'running' })
    try {
      const answer = await replay(run, AbortSignal.timeout(120_000))
      if ('identical' in answer) setState({ kind: 'done', verdict: answer })
      else {
        jobs.started(answer.id)
        setState({ kind: 'job' })
      }
    } catch (error) {
      setState({ kind: 'failed', why: error instanceof Error ? error.message : String(error) })
    }
  }
  return (
    <section>
      <h4>{say('pedigree.replay')}</h4>
      <p className="quiet">{say('pedigree.replaySays')}</p>
      <button type="button" className="button" disabled={state?.kind === 'running'} onClick={() => void start()}>
        <RotateCcw size={16} aria-hidden />{' '}
        {say(state?.kind === 'running' ? 'pedigree.replaying' : 'pedigree.replayDo')}
      </button>
      <div role="status">
        {state?.kind === 'job' && <p>{say('pedigree.replayJob')}</p>}
        {state?.kind === 'failed' && <p className="problem">{state.why}</p>}
        {state?.kind === 'done' && (
          <p>
            <ToneMark tone={state.verdict.identical ? 'good' : 'alarm'}>
              {state.verdict.identical
                ? say('pedigree.identical')
                : say('pedigree.different', { count: state.verdict.differences.length })}
            </ToneMark>
          </p>
        )}
        {state?.kind === 'done' && !state.verdict.identical && (
          <ul className="pedigree-parts">
            {state.verdict.differences.slice(0, 8).map(({ path, was, is }) => (
              <li key={path}>
                <code>{path}</code>
                <span>
                  {JSON.stringify(was)?.slice(0, 40)} → {JSON.stringify(is)?.slice(0, 40)}
                </span>
              </li>
            ))}
          </ul>
        )}
      </div>
    </section>
  )
}
