import { useWords } from '../words/words.ts'
import type { CheckedClaim } from './checked-claim.ts'
import { markSentence } from './mark-sentence.ts'

const tones = {
  consistent: 'good',
  'consistent if': 'advisory',
  'not explained': 'warning',
  impossible: 'alarm',
} as const
const shapes = { good: '●', advisory: '◆', warning: '▲', alarm: '■' } as const

interface ClaimVerdictProps {
  readonly claim: CheckedClaim
  /** As it was sent. */
  readonly text: string
}

/** The sentence with its numbers underlined, the verdict, and what is wrong with it. */
export function ClaimVerdict({ claim, text }: ClaimVerdictProps) {
  const { say, knows } = useWords()
  const tone = tones[claim.verdict]
  const pieces = markSentence(
    text,
    claim.understood.map((one) => one.text),
    claim.notUnderstood,
  )
  const key = `claims.verdict.${tone}` as const
  const assumed = [
    ...new Set(
      claim.quotients.flatMap(({ standing, matches: [best] }) =>
        standing === 'explained if' ? (best?.assumptions ?? []) : [],
      ),
    ),
  ].filter((one) => knows(`claims.if.${one}`))
  return (
    <>
      <blockquote className="claim-sentence">
        {pieces.map(({ text: piece, mark }, index) =>
          mark ? (
            // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text do not move
            <mark key={index} className={mark}>
              {piece}
            </mark>
          ) : (
            // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text do not move
            <span key={index}>{piece}</span>
          ),
        )}
      </blockquote>
      <p className={`claim-verdict ${tone}`}>
        <span aria-hidden>{shapes[tone]}</span> {say(key)}
      </p>
      {claim.verdict === 'consistent if' && (
        <ul className="claim-list">
          {assumed.map((one) => {
            const condition = `claims.if.${one}`
            return knows(condition) ? <li key={one}>{say(condition)}</li> : null
          })}
        </ul>
      )}
      {claim.faults.length > 0 && (
        <ul className="claim-list faults">
          {claim.faults.map(({ code, about }) => {
            const fault = `claims.fault.${code}`
            return (
              <li key={`${code} ${about.join()}`}>
                {knows(fault) ? say(fault, { about: about.map((one) => `“${one}”`).join(', ') }) : code}
              </li>
            )
          })}
        </ul>
      )}
      {claim.notUnderstood.length > 0 && (
        <p className="claim-unread">{say('claims.unread', { numbers: claim.notUnderstood.join(', ') })}</p>
      )}
    </>
  )
}
