import { useWords } from '../words/words.ts'
import type { CheckedClaim } from './checked-claim.ts'

/** The tone of each verdict. */
export const claimTones = {
  consistent: 'good',
  'consistent if': 'advisory',
  'not explained': 'warning',
  impossible: 'alarm',
} as const
const shapes = { good: '●', advisory: '◆', warning: '▲', alarm: '■' } as const

/** The verdict in one sentence, what it holds under, and what is wrong with the claim. */
export function ClaimVerdict({ claim }: { readonly claim: CheckedClaim }) {
  const { say, knows } = useWords()
  const tone = claimTones[claim.verdict]
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
