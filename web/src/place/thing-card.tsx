import { Link } from '@tanstack/react-router'
import { ArrowRight, Crosshair, X } from 'lucide-react'
import type { ReactNode } from 'react'
import type { Site, SiteAsset } from '../api/types.ts'
import { useMoment } from '../app/moment.ts'
import type { LookUp } from '../park/flow.ts'
import { Sourced } from '../pedigree/sourced.tsx'
import { carrierPoint } from '../ui/carriers.ts'
import { Figure, Value } from '../ui/figure.tsx'
import { useWords } from '../words/words.ts'
import type { Bay } from './bays.ts'
import type { Thing } from './place-types.ts'
import { type Measured, quantitiesOf, quantityOf, unitOf } from './quantities.ts'

interface ThingCardProps {
  readonly site: Site
  readonly thing: Thing
  /** Absent: a building that is no asset. */
  readonly asset: SiteAsset | undefined
  readonly lookUp: LookUp
  readonly bays: readonly Bay[] | undefined
  /** Absent where the picture cannot go nearer. */
  onLook?(): void
  onClose(): void
}

/** What is known of the thing that is chosen, and the way to its page. */
export function ThingCard({ site, thing, asset, lookUp, bays, onLook, onClose }: ThingCardProps) {
  const { say } = useWords()
  return (
    <section className="place-card" aria-label={thing.title}>
      <header>
        <h2 title={thing.title}>{thing.title}</h2>
        <button type="button" className="button plain icon" title={say('app.close')} onClick={onClose}>
          <X size={16} aria-hidden />
          <span className="visually-hidden">{say('app.close')}</span>
        </button>
      </header>
      {asset ? (
        <dl>
          {quantitiesOf({ assets: [asset] }).map((quantity) =>
            quantity === 'kind' ? null : <Row key={quantity} {...{ site, asset, quantity, lookUp }} />,
          )}
          {bays && bays.length > 0 && (
            <Line title={say('place.charging')}>
              <Figure text={say('place.baysOf', { number: charging(bays), total: bays.length })} unit="" />
            </Line>
          )}
        </dl>
      ) : (
        <p className="quiet">{say('place.noAsset')}</p>
      )}
      <footer>
        {onLook && (
          <button type="button" className="button" onClick={onLook}>
            <Crosshair size={14} aria-hidden /> {say('place.look')}
          </button>
        )}
        {asset && (
          <Link
            className="button primary"
            to="/sites/$site/assets/$asset"
            params={{ site: site.id, asset: asset.id }}
            search={(before) => before}
          >
            {say('place.open')} <ArrowRight size={14} aria-hidden />
          </Link>
        )}
      </footer>
    </section>
  )
}

const charging = (bays: readonly Bay[]): number => bays.filter((bay) => bay === 'charges').length

const Line = ({ title, children }: { readonly title: string; readonly children: ReactNode }) => (
  <div>
    <dt>{title}</dt>
    <dd>{children}</dd>
  </div>
)

interface RowProps {
  readonly site: Site
  readonly asset: SiteAsset
  readonly quantity: Measured
  readonly lookUp: LookUp
}

function Row({ site, asset, quantity, lookUp }: RowProps) {
  const { say } = useWords()
  const { kind, timestampMs } = useMoment()
  const value = quantityOf(quantity, asset, lookUp)
  const figure =
    quantity === 'power' && value !== undefined ? (
      <>
        <small>{say(value < 0 ? 'place.takes' : 'place.gives')} </small>
        <Value value={Math.abs(value)} unit={unitOf.power} />
      </>
    ) : (
      <Value value={value} unit={unitOf[quantity]} />
    )
  const point = refOf(asset, quantity)
  const from = {
    kind: 'point',
    site: site.id,
    ref: point ?? '',
    ...(kind === 'history' ? { timestampMs } : {}),
  } as const
  return (
    <Line title={say(`place.colour.${quantity}`)}>
      {point !== undefined && value !== undefined && kind !== 'plan' ? <Sourced from={from}>{figure}</Sourced> : figure}
    </Line>
  )
}

/** The point that a quantity is read from as it is; undefined where it is computed of several. */
function refOf(asset: SiteAsset, quantity: Measured): string | undefined {
  const id =
    quantity === 'power' ? carrierPoint(asset.kind, 'electricity')?.point : quantity === 'soc' ? 'soc' : undefined
  return asset.points.find((point) => point.id === id)?.ref
}
