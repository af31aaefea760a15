import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { Panel } from '../ui/panel.tsx'
import { Failure, Skeleton } from '../ui/states.tsx'
import { useWords } from '../words/words.ts'
import { checkConsistency } from './check-consistency.ts'
import { readCheckpoint } from './check-proof.ts'
import { keepCheckpoint, keptCheckpoint } from './kept-checkpoint.ts'
import { exportAddress, fetchConsistency, type Ledger } from './ledger-queries.ts'
import { Step } from './proof-panel.tsx'

interface ConsistencyPanelProps {
  readonly site: string
  readonly ledger: Ledger
}

/** Holds the ledger of now against a checkpoint of an earlier day: its reader's own, or the one this browser kept. */
export function ConsistencyPanel({ site, ledger: { origin, checkpoint } }: ConsistencyPanelProps) {
  const { say } = useWords()
  const [kept, setKept] = useState(() => keptCheckpoint(origin))
  const [pasted, setPasted] = useState('')
  // What a first visit saw is what later visits are held against.
  useEffect(() => {
    if (kept !== undefined || checkpoint === null) return
    keepCheckpoint(origin, checkpoint)
    setKept(checkpoint)
  }, [kept, checkpoint, origin])
  const own = pasted.trim() === '' ? undefined : `${pasted.trim()}\n`
  const earlier = own ?? kept
  const then = earlier === undefined ? undefined : readCheckpoint(earlier)
  const keep = (): void => {
    if (checkpoint === null) return
    keepCheckpoint(origin, checkpoint)
    setKept(checkpoint)
    setPasted('')
  }
  return (
    <div className="ledger-check">
      <Panel
        title={say('ledger.consistency')}
        actions={
          <button type="button" className="button small" onClick={keep}>
            {say('ledger.keepNow')}
          </button>
        }
      >
        <p className="quiet">{say('ledger.consistencyWhy')}</p>
        <label className="field">
          <span>{say('ledger.earlier')}</span>
          <textarea
            rows={5}
            spellCheck={false}
            maxLength={4000}
            value={pasted}
            placeholder={kept}
            onChange={({ target }) => setPasted(target.value)}
          />
          <small>{say(own === undefined ? 'ledger.earlierKept' : 'ledger.earlierOwn')}</small>
        </label>
        {earlier !== undefined && !then && (
          <p className="dialog-problem" role="alert">
            {say('ledger.noCheckpoint')}
          </p>
        )}
        {earlier !== undefined && then && checkpoint !== null && (
          <Checked site={site} earlier={earlier} first={then.size} now={checkpoint} />
        )}
      </Panel>
      <Panel title={say('ledger.offline')}>
        <p className="quiet">{say('ledger.offlineWhy')}</p>
        <ol className="ledger-how">
          <li>
            <a className="button" href={exportAddress(site)} download>
              {say('ledger.export')}
            </a>
          </li>
          <li>
            {say('ledger.offlineRun')}
            <pre className="sample">{`node docs/verify-ledger.mjs ledger-${site}.ndjson '${origin}+…'`}</pre>
          </li>
          <li>{say('ledger.offlineKey')}</li>
        </ol>
      </Panel>
    </div>
  )
}

interface CheckedProps {
  readonly site: string
  readonly earlier: string
  readonly first: number
  readonly now: string
}

function Checked({ site, earlier, first, now }: CheckedProps) {
  const { say } = useWords()
  const { data, error, refetch } = useQuery({
    queryKey: ['consistency', site, earlier, now],
    queryFn: async () => {
      const proof = await fetchConsistency(site, first)
      return { proof, found: (await checkConsistency(earlier, proof)) ?? null }
    },
    retry: false,
  })
  if (error) return <Failure error={error} retry={() => void refetch()} />
  if (!data) return <Skeleton height={160} />
  const { proof, found } = data
  if (found === null) return <p className="ledger-warn">■ {say('ledger.otherLedger')}</p>
  const result = !found.goesOn || found.signed === false ? 'bad' : found.signed === undefined ? 'unknown' : 'good'
  const words = { good: '● ', unknown: '◆ ', bad: '■ ' } as const
  return (
    <section className="proof" aria-labelledby="consistency-title" aria-live="polite">
      <h3 id="consistency-title">
        {say('ledger.consistencyOf', { first: found.first, second: found.second })}{' '}
        <span data-result={result}>
          {words[result]}
          {say(`ledger.consistency.${result}`)}
        </span>
      </h3>
      <ol>
        <Step
          ok={true}
          text={say('ledger.step.then', { size: found.first, time: found.firstTime })}
          value={found.knownRoot}
        />
        <Step
          ok={found.goesOn}
          text={say('ledger.step.goesOn', { number: proof.path.length })}
          value={proof.path[0] ?? '–'}
        />
        <Step
          ok={found.goesOn}
          text={say('ledger.step.now', { size: found.second, time: found.secondTime })}
          value={found.signedRoot}
        />
        <Step
          ok={found.signed}
          text={say(found.signed === undefined ? 'ledger.step.unsigned' : 'ledger.step.both')}
          value={proof.verifierKey}
        />
      </ol>
    </section>
  )
}
