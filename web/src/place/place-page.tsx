import { useMemo, useRef, useState, useSyncExternalStore } from 'react'
import { useLive } from '../api/live.ts'
import { useSite } from '../api/queries.ts'
import type { Site } from '../api/types.ts'
import { useMoment, useSiteId } from '../app/moment.ts'
import { useTheme } from '../app/theme.ts'
import { useMomentValues } from '../park/moment-values.ts'
import { Segmented } from '../ui/segmented.tsx'
import { Failure, Skeleton } from '../ui/states.tsx'
import { ToneMark } from '../ui/tone.tsx'
import { useWords } from '../words/words.ts'
import { AssetList } from './asset-list.tsx'
import { drawingPower } from './drawing-power.ts'
import { drawnPlace } from './drawn-place.ts'
import { placeMoment } from './moment-state.ts'
import type { LabelOf } from './place-labels.tsx'
import { PlaceLegend } from './place-legend.tsx'
import { type PictureHandle, PlacePicture } from './place-picture.tsx'
import { PlacePlan } from './place-plan.tsx'
import { placeRefs, powerOf, type Quantity, quantitiesOf, quantityOf, unitOf } from './quantities.ts'
import { SunLine } from './sun-line.tsx'
import { ThingCard } from './thing-card.tsx'
import { useModels } from './use-models.ts'
import type { View } from './views.ts'
import './place.css'

/** The site in three dimensions, at the moment of the time bar. */
export function PlacePage() {
  const siteId = useSiteId()
  const { say } = useWords()
  const site = useSite(siteId)
  return (
    <div className="place">
      <h1 className="visually-hidden">{say('page.place')}</h1>
      {site.error ? (
        <Failure error={site.error} retry={() => void site.refetch()} />
      ) : site.data ? (
        <Place site={site.data} />
      ) : (
        <Skeleton height={620} />
      )}
    </div>
  )
}

const stillness = matchMedia('(prefers-reduced-motion: reduce)')
const watchStillness = (listener: () => void): (() => void) => {
  stillness.addEventListener('change', listener)
  return () => stillness.removeEventListener('change', listener)
}

type Shape = 'space' | 'plan'

function Place({ site }: { readonly site: Site }) {
  const { say } = useWords()
  const { shown: theme } = useTheme()
  const { timestampMs } = useMoment()
  const still = useSyncExternalStore(watchStillness, () => stillness.matches)
  const refs = useMemo(() => placeRefs(site), [site])
  const { lookUp, known } = useMomentValues(site, refs)
  const live = useLive(site.id)
  const place = useMemo(() => drawnPlace(site), [site])
  const models = useModels(site.id, place)
  const [canDraw, setCanDraw] = useState(() => drawingPower() !== 'none')
  const [wanted, setWanted] = useState<Shape>('space')
  const [quantity, setQuantity] = useState<Quantity>('kind')
  const [selected, setSelected] = useState<string>()
  const lastView = useRef<View>(undefined)
  const picture = useRef<PictureHandle>(undefined)
  const shape = canDraw ? wanted : 'plan'
  const { state, scale } = placeMoment({ site, place, lookUp, timestampMs, quantity })
  const written = quantity === 'kind' ? 'power' : quantity
  const labels = useLabels(site, place.things, (asset) => quantityOf(written, asset, lookUp), unitOf[written])
  const thing = place.things.find(({ id }) => id === selected)
  const asset = site.assets.find(({ id }) => id === selected)
  if (site.assets.length === 0) return <p className="quiet">{say('place.empty')}</p>
  return (
    <>
      <div className="place-tools">
        {canDraw && (
          <Segmented<Shape>
            label={say('place.shape')}
            options={(['space', 'plan'] as const).map((id) => ({ id, title: say(`place.shape.${id}`) }))}
            value={shape}
            onChange={setWanted}
          />
        )}
        <label className="place-colour">
          {say('place.colour')}
          <select className="select" value={quantity} onChange={({ target }) => setQuantity(target.value as Quantity)}>
            {quantitiesOf(site).map((id) => (
              <option key={id} value={id}>
                {say(`place.colour.${id}`)}
              </option>
            ))}
          </select>
        </label>
        <SunLine sun={state.sun} />
      </div>
      <section className="place-stage" aria-label={say('page.place')}>
        {shape === 'space' ? (
          <PlacePicture
            // Colours of another theme are another scene.
            key={theme}
            {...{ site, place, state, labels, selected, still, lastView }}
            models={models.loaded}
            handle={picture}
            onSelect={setSelected}
            onFailure={() => setCanDraw(false)}
          />
        ) : (
          <PlacePlan {...{ place, state, labels, selected }} handle={picture} onSelect={setSelected} />
        )}
        {scale && quantity !== 'kind' && <PlaceLegend quantity={quantity} scale={scale} />}
        {thing && (
          <ThingCard
            {...{ site, thing, asset, lookUp }}
            bays={state.bays.get(thing.id)}
            onLook={() => picture.current?.lookAt(thing.id)}
            onClose={() => setSelected(undefined)}
          />
        )}
      </section>
      <aside className="place-side">
        <AssetList
          assets={site.assets}
          read={(own) => (quantity === 'kind' ? powerOf(own, lookUp) : quantityOf(quantity, own, lookUp))}
          unit={unitOf[written]}
          selected={selected}
          onSelect={setSelected}
        />
        <ul className="place-notes">
          {!known && live.now !== undefined && <li>{say('park.noMoment')}</li>}
          {place.schematic && <li>{say('place.schematic')}</li>}
          {!canDraw && <li>{say('place.noWebgl')}</li>}
          {models.waiting && <li>{say('place.modelsWait')}</li>}
          {models.failed.map(({ title, error }) => (
            <li key={title}>
              <ToneMark tone="warning">{say('place.modelFailed', { title })}</ToneMark>
              <small className="place-fault">{error instanceof Error ? error.message : String(error)}</small>
            </li>
          ))}
        </ul>
      </aside>
    </>
  )
}

/** Names of assets: what carries much power is named first. */
function useLabels(
  site: Site,
  things: ReturnType<typeof drawnPlace>['things'],
  value: (asset: Site['assets'][number]) => number | undefined,
  unit: string,
): readonly LabelOf[] {
  const assets = new Map(site.assets.map((asset) => [asset.id, asset]))
  const labels = things.flatMap((thing): LabelOf[] => {
    const asset = assets.get(thing.id)
    if (!asset || thing.bodies.length === 0) return []
    const own = value(asset)
    const token = thing.family && thing.family !== 'network' && thing.family !== 'reserve' ? thing.family : 'ink-soft'
    return [{ id: thing.id, title: thing.title, token, value: own, unit, rank: Math.abs(own ?? 0) }]
  })
  const key = JSON.stringify(labels)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key is what they say
  return useMemo(() => labels, [key])
}
