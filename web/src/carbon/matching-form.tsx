import { type FormEvent, useState } from 'react'
import type { Site, SiteAsset } from '../api/types.ts'
import { useRunJob } from '../jobs/use-run-job.ts'
import { useMay } from '../sign-in/session.ts'
import { Progress } from '../ui/progress.tsx'
import { useWords } from '../words/words.ts'
import { matchingInput, meteredAssets, tellsGridFactor } from './matching.ts'
import { toggled } from './toggled.ts'

interface MatchingFormProps {
  readonly site: Site
  readonly open: boolean
  onMatched(run: string | undefined): void
}

const dayMs = 86_400_000
const day = (timestampMs: number, zone: string): string =>
  new Intl.DateTimeFormat('en-CA', { timeZone: zone, dateStyle: 'short' }).format(timestampMs)

/** Which meters are uses and which are clean plants, over which days; the site's own points stand in it from the start. */
export function MatchingForm({ site, open, onMatched }: MatchingFormProps) {
  const { say } = useWords()
  const mayPlan = useMay('plan', site.id)
  const { uses, plants, battery } = meteredAssets(site)
  const [from, setFrom] = useState(() => day(Date.now() - 30 * dayMs, site.zone))
  const [to, setTo] = useState(() => day(Date.now() + dayMs, site.zone))
  const [region, setRegion] = useState('')
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set())
  const job = useRunJob('carbon.match-hours', site.id)
  const chosen = (assets: readonly SiteAsset[]): readonly string[] =>
    assets.map(({ id }) => id).filter((id) => !left.has(id))
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    const choice = { from, to, region, uses: chosen(uses), plants: chosen(plants) }
    const kept = battery && !left.has(battery.id) ? battery.id : undefined
    void job.start(matchingInput(site, { ...choice, battery: kept })).then(onMatched)
  }
  const box = ({ id, title }: SiteAsset) => (
    <label key={id} className="carbon-check" title={`${id}.powerKw`}>
      <input type="checkbox" checked={!left.has(id)} onChange={() => setLeft(toggled(left, id))} />
      <span>{title}</span>
    </label>
  )
  const needsRegion = !tellsGridFactor(site)
  return (
    <details className="carbon-form" open={open || undefined}>
      <summary>{say('carbon.hours.again')}</summary>
      <form onSubmit={submit}>
        <label className="field">
          <span>{say('carbon.hours.from')}</span>
          <input type="date" required value={from} max={to} onChange={({ target }) => setFrom(target.value)} />
        </label>
        <label className="field">
          <span>{say('carbon.hours.to')}</span>
          <input type="date" required value={to} min={from} onChange={({ target }) => setTo(target.value)} />
        </label>
        <label className="field">
          <span>{say('claims.region')}</span>
          <input
            value={region}
            required={needsRegion}
            placeholder={needsRegion ? 'CN-JS' : say('carbon.hours.tariffFactor')}
            pattern="[A-Za-z]{2}([\-+][A-Za-z0-9]{1,20})?"
            onChange={({ target }) => setRegion(target.value)}
          />
        </label>
        <fieldset className="carbon-checks">
          <legend>{say('carbon.hours.uses')}</legend>
          {uses.map(box)}
        </fieldset>
        <fieldset className="carbon-checks">
          <legend>{say('carbon.hours.clean')}</legend>
          {plants.map(box)}
          {battery && box(battery)}
        </fieldset>
        <button
          type="submit"
          className="button primary"
          disabled={!mayPlan || job.pending || chosen(uses).length === 0}
          title={mayPlan ? undefined : say('carbon.mayNot')}
        >
          {say(job.pending ? 'carbon.working' : 'carbon.hours.match')}
        </button>
        {job.pending && (
          <>
            <Progress label={say('carbon.working')} share={job.share} />
            <button type="button" className="button" onClick={job.cancel}>
              {say('carbon.cancel')}
            </button>
          </>
        )}
        {!mayPlan && <p className="quiet">{say('carbon.mayNot')}</p>}
      </form>
      {job.error && (
        <p className="dialog-problem" role="alert">
          {job.error.message}
        </p>
      )}
    </details>
  )
}
