import { Plus } from 'lucide-react'
import { useCallback } from 'react'
import { useSite } from '../api/queries.ts'
import type { Site } from '../api/types.ts'
import { useSiteId } from '../app/moment.ts'
import { Segmented } from '../ui/segmented.tsx'
import { Failure, Skeleton } from '../ui/states.tsx'
import { useWords } from '../words/words.ts'
import { EarlierRuns } from './earlier-runs.tsx'
import { FormPage } from './form-page.tsx'
import { JobPanel } from './job-panel.tsx'
import { ResultPage } from './result-page.tsx'
import { candidatesOf } from './sizable.ts'
import './sizing.css'
import './sizing-result.css'
import { type SizingView, useSizingView } from './sizing-address.ts'
import { VillageForm } from './village-form.tsx'

/** What to build: asked in a form, found by a job, read as a front of designs. */
export function SizingPage() {
  const siteId = useSiteId()
  const { data, error, refetch } = useSite(siteId)
  const view = useSizingView()
  if (error) return <Failure error={error} retry={() => void refetch()} />
  if (!data) return <Skeleton height={640} />
  return <Sizing key={siteId} site={data} view={view} />
}

function Sizing({ site, view }: { readonly site: Site; readonly view: SizingView }) {
  const { say } = useWords()
  const { address, go } = view
  const fresh = address.run === undefined && address.job === undefined
  const onDone = useCallback((run: string) => go({ run }, true), [go])
  return (
    <div className="sizing">
      <header className="sizing-head">
        <div>
          <h1>{say('page.sizing')}</h1>
          <p className="quiet">{say('sizing.noTime')}</p>
        </div>
        {!fresh && (
          <button type="button" className="button" onClick={() => go({})}>
            <Plus size={16} aria-hidden /> {say('sizing.new')}
          </button>
        )}
      </header>
      {address.run !== undefined ? (
        <ResultPage key={address.run} site={site} view={view} />
      ) : address.job !== undefined ? (
        <div className="sizing-ask">
          <JobPanel site={site.id} id={address.job} onDone={onDone} onAgain={() => go({})} />
          <EarlierRuns site={site.id} zone={site.zone} shown={undefined} />
        </div>
      ) : (
        <Ask site={site} view={view} />
      )}
      {address.run !== undefined && <EarlierRuns site={site.id} zone={site.zone} shown={address.run} />}
    </div>
  )
}

/** Nothing is shown yet: what to do in three steps, the form, and what was asked before. */
function Ask({ site, view: { address, go } }: { readonly site: Site; readonly view: SizingView }) {
  const { say } = useWords()
  const sizable = candidatesOf(site).length > 0
  const shown = address.form ?? (sizable ? 'new' : 'simple')
  const started = (job: string): void => go({ job })
  return (
    <div className="sizing-ask">
      <div className="sizing-main">
        <Segmented
          label={say('sizing.which')}
          options={[
            { id: 'new', title: say('sizing.full') },
            { id: 'simple', title: say('sizing.simple') },
          ]}
          value={shown}
          onChange={(form) => go({ form }, true)}
        />
        {shown === 'simple' ? (
          <VillageForm site={site} onStarted={started} />
        ) : sizable ? (
          <FormPage site={site} onStarted={started} />
        ) : (
          <p className="quiet">{say('sizing.nothingToSize')}</p>
        )}
      </div>
      <aside className="sizing-side">
        <section aria-labelledby="sizing-steps">
          <h2 id="sizing-steps">{say('sizing.steps')}</h2>
          <ol className="sizing-steps">
            <li>{say('sizing.step.1')}</li>
            <li>{say('sizing.step.2')}</li>
            <li>{say('sizing.step.3')}</li>
          </ol>
        </section>
        <EarlierRuns site={site.id} zone={site.zone} shown={undefined} />
      </aside>
    </div>
  )
}
