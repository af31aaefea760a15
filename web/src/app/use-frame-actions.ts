import { useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect, useMemo, useRef, useState } from 'react'
import type { FrameActions } from './frame-actions.ts'
import { useMoment } from './moment.ts'
import { viewLink } from './view-link.ts'

const toldMs = 4000

export interface Frame {
  readonly actions: FrameActions
  readonly open: 'help' | 'palette' | undefined
  setOpen(open: 'help' | 'palette' | undefined): void
  /** What was just done, for a few seconds: a link was copied, or could not be. */
  readonly told: 'copied' | 'notCopied' | undefined
  readonly wall: string | number | undefined
  leaveWall(): void
}

/** What stands over the page, and what the frame can do. */
export function useFrame(): Frame {
  const { wall } = useSearch({ from: '/sites/$site' })
  const navigate = useNavigate()
  const moment = useMoment()
  const latest = useRef(moment)
  latest.current = moment
  const [open, setOpen] = useState<Frame['open']>()
  const [told, setTold] = useState<Frame['told']>()
  useEffect(() => {
    if (!told) return
    const timer = setTimeout(() => setTold(undefined), toldMs)
    return () => clearTimeout(timer)
  }, [told])
  const isWall = wall !== undefined
  const { actions, leaveWall } = useMemo(() => {
    const leave = (): void => {
      const search = ({ wall: _, every: __, ...rest }: Readonly<Record<string, unknown>>) => rest
      void navigate({ to: '.', search, replace: true })
    }
    const own: FrameActions = {
      now: () => latest.current.move(undefined),
      wall: () => {
        if (isWall) leave()
        else void navigate({ to: '.', search: (before: object) => ({ ...before, wall: 1 }) })
      },
      copy: () => {
        const link = viewLink(location.href, latest.current.timestampMs)
        void copyText(link).then((copied) => setTold(copied ? 'copied' : 'notCopied'))
      },
      print: () => void import('./print-view.ts').then(({ printView }) => printView()),
      help: () => setOpen('help'),
    }
    return { actions: own, leaveWall: leave }
  }, [navigate, isWall])
  return { actions, open, setOpen, told, wall, leaveWall }
}

/** Where the clipboard is closed to the page, as without TLS, the old way is tried. */
async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    const field = document.createElement('textarea')
    field.value = text
    document.body.append(field)
    field.select()
    const copied = document.execCommand('copy')
    field.remove()
    return copied
  }
}
