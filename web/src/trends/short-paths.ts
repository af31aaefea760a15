import type { Pen } from './trace.ts'

/** Corners of one path: a path of a thousand takes the processor more than ten times as long as the same in pieces. */
export const mostCorners = 48

/** A pen whose line is kept as paths of few corners, each of which goes on where the last one ends. */
export interface ShortPaths extends Pen {
  readonly paths: readonly Path2D[]
}

export function shortPaths(): ShortPaths {
  const paths: Path2D[] = []
  let path: Path2D | undefined
  let corners = 0
  let last: readonly [number, number] = [0, 0]
  const begin = (): Path2D => {
    const next = new Path2D()
    next.moveTo(...last)
    paths.push(next)
    corners = 0
    return next
  }
  return {
    paths,
    moveTo(x, y) {
      last = [x, y]
      path?.moveTo(x, y)
    },
    lineTo(x, y) {
      if (!path || corners >= mostCorners) path = begin()
      path.lineTo(x, y)
      last = [x, y]
      corners += 1
    },
  }
}
