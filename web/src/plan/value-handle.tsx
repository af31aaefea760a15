import { type KeyboardEvent, type PointerEvent, useState } from 'react'
import type { ChartFrame } from '../charts/spec.ts'
import type { Shown } from '../format/numbers.ts'

interface ValueHandleProps {
  readonly label: string
  /** `limit`, `price`, `reserve`: how it looks. */
  readonly look: 'limit' | 'price' | 'reserve'
  readonly frame: ChartFrame
  readonly value: number
  readonly min: number
  readonly max: number
  /** What a drag rounds to, and an arrow key moves by; page keys move ten times as far. */
  readonly step: number
  /** Where on the left axis it stands, where that is not its value. */
  toAxis?(value: number): number
  fromAxis?(axis: number): number
  show(value: number): Shown
  /** From where to where it reaches across the chart, 0 to 1; all of it where it is not told. */
  readonly reach?: readonly [number, number]
  readonly disabled?: boolean
  /** While it is dragged. */
  onMove(value: number): void
  /** When it is let go, or a key has moved it. */
  onSettle(value: number): void
}

const keySteps: Readonly<Record<string, number>> = {
  ...{ ArrowUp: 1, ArrowRight: 1, ArrowDown: -1, ArrowLeft: -1, PageUp: 10, PageDown: -10 },
}
const same = (value: number): number => value

/** A limit or a price as a line on its chart that a hand or the arrow keys move. */
export function ValueHandle(props: ValueHandleProps) {
  const { label, look, frame, value, min, max, step, reach = [0, 1], disabled = false, show, onMove, onSettle } = props
  const { toAxis = same, fromAxis = same } = props
  const [dragging, setDragging] = useState(false)
  const bounded = (next: number): number =>
    Number(Math.min(max, Math.max(min, Math.round(next / step) * step)).toFixed(6))
  const valueAt = (event: PointerEvent<HTMLElement>): number => {
    const top = event.currentTarget.parentElement?.getBoundingClientRect().top ?? 0
    return bounded(fromAxis(frame.pxToValue(event.clientY - top)))
  }
  const onKey = (event: KeyboardEvent): void => {
    const steps = keySteps[event.key]
    const next = event.key === 'Home' ? min : event.key === 'End' ? max : steps && bounded(value + steps * step)
    if (next === undefined || disabled) return
    event.preventDefault()
    onMove(next)
    onSettle(next)
  }
  const shown = show(value)
  const topPx = Math.max(frame.topPx, Math.min(frame.bottomPx, frame.valueToPx(toAxis(value))))
  const widthPx = frame.rightPx - frame.leftPx
  return (
    <div
      className="plan-handle"
      role="slider"
      tabIndex={0}
      aria-label={label}
      aria-orientation="vertical"
      aria-valuemin={min}
      aria-valuemax={max}
      aria-valuenow={value}
      aria-valuetext={`${shown.text} ${shown.unit}`}
      aria-disabled={disabled}
      title={label}
      data-look={look}
      data-dragging={dragging}
      style={{ top: topPx, left: frame.leftPx + reach[0] * widthPx, width: (reach[1] - reach[0]) * widthPx }}
      onKeyDown={onKey}
      onPointerDown={(event) => {
        if (disabled) return
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
        <span className="plan-handle-name">{label} </span>
        {shown.text}
        <span className="unit"> {shown.unit}</span>
      </span>
    </div>
  )
}
