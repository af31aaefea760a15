import { show } from '../format/numbers.ts'
import { Figure } from '../ui/figure.tsx'
import { useWords } from '../words/words.ts'
import type { Measured, Scale } from './quantities.ts'
import { unitOf } from './quantities.ts'
import { tokensOf } from './scale-tokens.ts'

/** What the colours say. */
export function PlaceLegend({ quantity, scale }: { readonly quantity: Measured; readonly scale: Scale }) {
  const { say } = useWords()
  const unit = unitOf[quantity]
  return (
    <figure className="place-legend">
      <figcaption>{say(`place.colour.${quantity}`)}</figcaption>
      <div className="place-steps" aria-hidden>
        {tokensOf(scale).map((token) => (
          <i key={token} style={{ background: `var(--${token})` }} />
        ))}
      </div>
      <div className="place-ends">
        <span>
          {scale.signed && <small>{say('place.takes')} </small>}
          <Figure {...show(scale.signed ? Math.abs(scale.least) : scale.least, unit)} />
        </span>
        <span>
          {scale.signed && <small>{say('place.gives')} </small>}
          <Figure {...show(scale.most, unit)} />
        </span>
      </div>
      <p className="place-untold">
        <i style={{ background: 'var(--place-untold)' }} /> {say('place.untold')}
      </p>
    </figure>
  )
}
