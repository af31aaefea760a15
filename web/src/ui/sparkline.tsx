import { sparklinePath } from './sparkline-path.ts'

interface SparklineProps {
  /** What it says, for those who do not see it. */
  readonly label: string
  readonly values: readonly (number | null)[]
  /** Token of its colour; ink without it. */
  readonly token?: string
  readonly widthPx?: number
  readonly heightPx?: number
}

/** The course of a value in the height of a line of text. */
export function Sparkline({ label, values, token = 'ink-soft', widthPx = 96, heightPx = 20 }: SparklineProps) {
  const { path, last } = sparklinePath(values, widthPx, heightPx)
  return (
    <svg
      className="ui-spark"
      role="img"
      aria-label={label}
      width={widthPx}
      height={heightPx}
      viewBox={`0 0 ${widthPx} ${heightPx}`}
      style={{ color: `var(--${token})` }}
    >
      <path d={path} />
      {last && <circle cx={last.x} cy={last.y} r={2.5} />}
    </svg>
  )
}
