import { useWords } from '../words/words.ts'
import { type Priority, priorities } from './alarm.ts'

const outlines: Readonly<Record<Priority, string>> = {
  critical: 'M2 2h16v16H2z',
  high: 'M10 1.2 19.2 18H.8z',
  medium: 'M10 .8 19.2 10 10 19.2.8 10z',
  low: 'M10 1.2a8.8 8.8 0 1 0 0 17.6 8.8 8.8 0 0 0 0-17.6z',
}
/** Where the number stands in its shape. */
const numberY: Readonly<Record<Priority, number>> = { critical: 14, high: 15.6, medium: 13.8, low: 14 }

interface PriorityMarkProps {
  readonly priority: Priority
  /** Nobody acknowledged it yet: filled, else an outline. */
  readonly filled?: boolean
  readonly size?: number
}

/** A priority by shape, number and colour, so that none of the three is needed. */
export function PriorityMark({ priority, filled = true, size = 20 }: PriorityMarkProps) {
  const { say } = useWords()
  return (
    <svg
      className="priority-mark"
      data-priority={priority}
      data-filled={filled}
      viewBox="0 0 20 20"
      width={size}
      height={size}
      role="img"
      aria-label={say(`priority.${priority}`)}
    >
      <path d={outlines[priority]} />
      <text x="10" y={numberY[priority]} aria-hidden>
        {priorities.indexOf(priority) + 1}
      </text>
    </svg>
  )
}
