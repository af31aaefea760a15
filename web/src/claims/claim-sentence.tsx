import { useState } from 'react'
import { formatNumber } from '../format/numbers.ts'
import { useWords } from '../words/words.ts'
import type { CheckedClaim } from './checked-claim.ts'
import { markSentence } from './mark-sentence.ts'

interface ClaimSentenceProps {
  readonly claim: CheckedClaim
  /** As it was sent. */
  readonly text: string
}

/** The sentence with its quantities underlined in place; each opens what was read of it. */
export function ClaimSentence({ claim, text }: ClaimSentenceProps) {
  const { say, knows } = useWords()
  const [open, setOpen] = useState<number>()
  const pieces = markSentence(
    text,
    claim.understood.map((one) => one.text),
    claim.notUnderstood,
  )
  // The same number may stand twice: of those with the same text, the one that is as many behind.
  const quantityOf = (index: number) => {
    const before = pieces
      .slice(0, index)
      .filter(({ mark, text: own }) => mark === 'read' && own === pieces[index]?.text)
    return claim.understood.filter((one) => one.text === pieces[index]?.text)[before.length]
  }
  const shown = open === undefined ? undefined : quantityOf(open)
  const role = `claims.role.${shown?.role}`
  const period = `claims.period.${shown?.period}`
  return (
    <div className="claim-read">
      <blockquote className="claim-sentence">
        {pieces.map(({ text: piece, mark }, index) =>
          mark === 'read' ? (
            <button
              // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text do not move
              key={index}
              type="button"
              className="claim-quantity"
              aria-expanded={open === index}
              title={say('claims.whatWasRead')}
              onClick={() => setOpen(open === index ? undefined : index)}
            >
              <mark className={mark}>{piece}</mark>
            </button>
          ) : mark ? (
            // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text do not move
            <mark key={index} className={mark} title={say('claims.notRead')}>
              {piece}
            </mark>
          ) : (
            // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text do not move
            <span key={index}>{piece}</span>
          ),
        )}
      </blockquote>
      <p className="claim-reading" aria-live="polite">
        {shown ? (
          <>
            <strong>{shown.text}</strong> {knows(role) ? say(role) : shown.role}: {formatNumber(shown.low)} –{' '}
            {formatNumber(shown.high)} <span className="unit">{shown.unit}</span>
            {shown.gas && ` · ${shown.gas}`}
            {shown.period && ` · ${knows(period) ? say(period) : shown.period}`}
          </>
        ) : (
          <span className="quiet">{say('claims.pressQuantity')}</span>
        )}
      </p>
    </div>
  )
}
