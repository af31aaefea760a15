import { Search } from 'lucide-react'
import { useDeferredValue, useMemo, useRef, useState } from 'react'
import { formatNumber } from '../format/numbers.ts'
import { useWords } from '../words/words.ts'
import { searchPoints } from './search-points.ts'
import { mostPoints } from './trend-address.ts'
import type { TrendPoint } from './trend-points.ts'

interface PointChoiceProps {
  readonly points: readonly TrendPoint[]
  readonly chosen: readonly string[]
  onToggle(ref: string): void
  onClear(): void
}

/** Points that are listed at once; a site may have thousands. */
const mostListed = 80

/** The points of the site, found by words; those that are chosen are ticked. */
export function PointChoice({ points, chosen, onToggle, onClear }: PointChoiceProps) {
  const { say } = useWords()
  const [question, setQuestion] = useState('')
  const asked = useDeferredValue(question)
  const ticked = useMemo(() => new Set(chosen), [chosen])
  /** Those that were ticked when the question was asked come first; a list that moves under the pointer is none. */
  const first = useRef({ asked: '-', refs: ticked })
  if (first.current.asked !== asked) first.current = { asked, refs: ticked }
  const { shown, count } = useMemo(() => {
    const { refs } = first.current
    return searchPoints(
      points.toSorted((a, b) => Number(refs.has(b.ref)) - Number(refs.has(a.ref))),
      asked,
      mostListed,
    )
  }, [points, asked])
  const full = chosen.length >= mostPoints
  return (
    <div className="trends-choice">
      <label className="trends-search">
        <Search size={16} aria-hidden />
        <input
          type="search"
          value={question}
          placeholder={say('trends.search')}
          aria-label={say('trends.search')}
          onChange={({ target }) => setQuestion(target.value)}
        />
      </label>
      <div className="trends-count">
        <span role="status">
          {asked === ''
            ? say('trends.chosen', { count: chosen.length, most: mostPoints })
            : say('trends.found', { count: formatNumber(count) })}
        </span>
        <button type="button" className="button plain" disabled={chosen.length === 0} onClick={onClear}>
          {say('trends.clear')}
        </button>
      </div>
      {full && <p className="notice">{say('trends.full', { most: mostPoints })}</p>}
      <ul className="trends-points">
        {shown.map(({ ref, title, ownerTitle, unit }) => (
          <li key={ref}>
            <label className="trends-point" title={`${ownerTitle} · ${title} (${ref})`}>
              <input
                type="checkbox"
                checked={ticked.has(ref)}
                disabled={full && !ticked.has(ref)}
                onChange={() => onToggle(ref)}
              />
              <span className="trends-point-name">
                <span>{title}</span>
                <small>{ownerTitle}</small>
              </span>
              <span className="unit">{unit === '1' ? '' : unit}</span>
            </label>
          </li>
        ))}
      </ul>
      {count === 0 && <p className="quiet">{say('trends.noMatch')}</p>}
      {count > shown.length && (
        <p className="quiet">{say('trends.more', { count: formatNumber(count - shown.length) })}</p>
      )}
    </div>
  )
}
