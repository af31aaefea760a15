import { useWords } from '../words/words.ts'

/** How lines say what a value is worth. */
export function QualityKey() {
  const { say } = useWords()
  return (
    <ul className="trends-legend" aria-label={say('trends.legend')}>
      <li>
        <svg viewBox="0 0 28 10" aria-hidden="true">
          <path d="M0 5H28" />
        </svg>
        {say('trends.quality.good')}
      </li>
      <li>
        <svg viewBox="0 0 28 10" aria-hidden="true">
          <path d="M1 5H28" strokeDasharray="0.5 3.5" strokeLinecap="round" />
        </svg>
        {say('trends.quality.suspect')}
      </li>
      <li>
        <svg viewBox="0 0 28 10" aria-hidden="true">
          <path d="M0 5H28" />
          <circle cx="14" cy="5" r="3" className="trends-hollow" />
        </svg>
        {say('trends.quality.estimated')}
      </li>
      <li>
        <svg viewBox="0 0 28 10" aria-hidden="true">
          <path d="M0 5H28" />
          <rect x="11" y="2" width="6" height="6" className="trends-hollow" />
        </svg>
        {say('trends.quality.synthetic')}
      </li>
      <li>
        <svg viewBox="0 0 28 10" aria-hidden="true">
          <path d="M0 5H9M19 5H28" />
        </svg>
        {say('trends.quality.missing')}
      </li>
      <li>
        <svg viewBox="0 0 28 10" aria-hidden="true">
          <path d="M0 5H12" />
          <path d="M12 5H28" strokeDasharray="4 4" strokeWidth="1" opacity="0.6" />
        </svg>
        {say('trends.stale')}
      </li>
      <li>
        <svg viewBox="0 0 28 10" aria-hidden="true">
          <path d="M0 0H28V10H0Z" className="trends-band" />
          <path d="M0 5H28" />
        </svg>
        {say('trends.band')}
      </li>
    </ul>
  )
}
