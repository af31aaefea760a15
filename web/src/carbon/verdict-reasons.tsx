import { formatNumber } from '../format/numbers.ts'
import { type UsedWords, useWords } from '../words/words.ts'
import type { Verdict, VerdictReason } from './carbon-queries.ts'

/** Said elsewhere on the page: by the readings, the list of guiding indicators, what is missing, and what is to be verified. */
const saidElsewhere = [
  'within',
  'above',
  'missing',
  'verify',
  'guiding-missed',
  'guiding-not-known',
  'guiding-left-out',
]
const standsIn = 'factor-stands-in'
const shares = ['chance', 'relative']
const years = ['not-in-force', 'year-not-over']

const nameOf = ({ code }: VerdictReason): string => code.replace(/^\w+\./, '')

/** A reason of a verdict or a path in the language of the reader; undefined where only the engine has words for it. */
export function reasonText(
  reason: VerdictReason,
  { say, knows }: Pick<UsedWords, 'say' | 'knows'>,
): string | undefined {
  const name = nameOf(reason)
  const key = `carbon.reason.${name}`
  if (!knows(key)) return undefined
  const shown = Object.entries(reason.values).map(([field, value]) => [
    field,
    typeof value === 'string' || years.includes(name)
      ? value
      : formatNumber(shares.includes(field) ? 100 * value : value),
  ])
  return say(key, Object.fromEntries(shown))
}

/** What decided the verdict, and what stood in for what was not there. */
export function VerdictReasons({ verdict: { reasons } }: { readonly verdict: Pick<Verdict, 'reasons'> }) {
  const words = useWords()
  const told = reasons.filter((reason) => ![...saidElsewhere, standsIn].includes(nameOf(reason)))
  const stoodIn = reasons.filter((reason) => nameOf(reason) === standsIn)
  // Readings with the same figures give the same sentence.
  const texts = new Map(told.map((reason) => [reasonText(reason, words) ?? reason.text, reason]))
  return (
    <>
      {texts.size > 0 && (
        <ul className="verdict-reasons">
          {[...texts].map(([text, reason]) => (
            <li key={text} lang={text === reason.text ? 'en' : undefined}>
              {text}
            </li>
          ))}
        </ul>
      )}
      {stoodIn.length > 0 && (
        <details className="carbon-verify">
          <summary>{words.say('carbon.standsIn', { number: stoodIn.length })}</summary>
          <ul className="carbon-warnings" lang="en">
            {stoodIn.map(({ text }) => (
              <li key={text}>
                <span aria-hidden>▲</span> {text}
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  )
}
