import { type KeyboardEvent, type PointerEvent, useState } from 'react'
import type { ChartFrame } from '../charts/spec.ts'
import { show } from '../format/numbers.ts'
import { useWords } from '../words/words.ts'

interface LimitHandleProps {
  readonly frame: ChartFrame
  readonly valueKw: number
  readonly maxKw: number
  /** While it is dragged. */
  onMove(valueKw: number): void
  /** When it is let go, or a key has moved it. */
  onSettle(valueKw: number): void
}

const stepKw = 10
const keySteps: Readonly<Record<string, number>> = { ArrowUp: 1, ArrowDown: -1, PageUp: 10, PageDown: -10 }

/** The import limit as a line on the chart that a hand or the arrow keys move. */
export function LimitHandle({ frame, valueKw, maxKw, onMove, onSettle }: LimitHandleProps) {
  const { say } = useWords()
  const [dragging, setDragging] = useState(false)
  const bounded = (value: number): number => Math.min(maxKw, Math.max(0, Math.round(value / stepKw) * stepKw))
  const valueAt = (event: PointerEvent<HTMLElement>): number => {
    const top = event.currentTarget.parentElement?.getBoundingClientRect().top ?? 0
    return bounded(frame.pxToValue(event.clientY - top))
  }
  const onKey = (event: KeyboardEvent): void => {
    const steps = keySteps[event.key]
    if (steps === undefined) return
    event.preventDefault()
    const next = bounded(valueKw + steps * stepKw)
    onMove(next)
    onSettle(next)
  }
  const shown = show(valueKw, 'kW')
  const topPx = Math.max(frame.topPx, Math.min(frame.bottomPx, frame.valueToPx(valueKw)))
  return (
    <div
      className="limit-handle"
      role="slider"
      tabIndex={0}
      aria-label={say('whatIf.importLimit')}
      aria-orientation="vertical"
      aria-valuemin={0}
      aria-valuemax={maxKw}
      aria-valuenow={valueKw}
      aria-valuetext={`${shown.text} ${shown.unit}`}
      data-dragging={dragging}
      style={{ top: topPx, left: frame.leftPx, width: frame.rightPx - frame.leftPx }}
      onKeyDown={onKey}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId)
        setDragging(true)
      }}
      onPointerMove={(event) => dragging && onMove(valueAt(event))}
      onPointerUp={(event) => {
        if (!dragging) return
        setDragging(false)
        onSettle(valueAt(event))
      }}
      onPointerCancel={() => setDragging(false)}
    >
      <span>
        {say('whatIf.importLimit')} {shown.text} <span className="unit">{shown.unit}</span>
      </span>
    </div>
  )
}
