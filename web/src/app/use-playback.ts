import { useEffect, useRef, useState } from 'react'
import type { Moment } from './moment.ts'
import { isTyping } from './shortcuts.ts'

/** How many times faster than the clock. */
export const speeds = [1, 60, 600] as const
export type Speed = (typeof speeds)[number]

const tickMs = 250

export interface Playback {
  readonly playing: boolean
  readonly speed: Speed
  toggle(): void
  faster(): void
}

/** The moment after a stretch of real time, and whether that is the end. */
export function playedTo(
  {
    timestampMs,
    speed,
    elapsedMs,
  }: { readonly timestampMs: number; readonly speed: number; readonly elapsedMs: number },
  endMs: number,
): { readonly timestampMs: number; readonly ended: boolean } {
  const next = timestampMs + speed * elapsedMs
  return next >= endMs ? { timestampMs: endMs, ended: true } : { timestampMs: next, ended: false }
}

const pressable = 'button, a, summary, label, [role], [contenteditable]'

/** Lets time run from the moment shown to the end of the plan; the space bar starts and stops it. */
export function usePlayback(moment: Moment, endMs: number): Playback {
  const [playing, setPlaying] = useState(false)
  const [speed, setSpeed] = useState<Speed>(60)
  const latest = useRef({ moment, endMs })
  latest.current = { moment, endMs }
  useEffect(() => {
    if (!playing) return
    let beforeMs = performance.now()
    const timer = setInterval(() => {
      const now = performance.now()
      const { moment: own, endMs: end } = latest.current
      const next = playedTo({ timestampMs: own.timestampMs, speed, elapsedMs: now - beforeMs }, end)
      beforeMs = now
      own.scrub(Math.round(next.timestampMs))
      if (next.ended) setPlaying(false)
    }, tickMs)
    return () => clearInterval(timer)
  }, [playing, speed])
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== ' ' || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
      if (event.target instanceof Element && event.target.closest(pressable)) return
      event.preventDefault()
      setPlaying((before) => !before)
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [])
  return {
    playing,
    speed,
    toggle: () => setPlaying(!playing),
    faster: () => setSpeed(speeds[(speeds.indexOf(speed) + 1) % speeds.length] ?? 1),
  }
}
