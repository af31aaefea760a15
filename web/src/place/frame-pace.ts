/** How fast a scene is drawn while things move, and how finely. */
export interface Pace {
  /** Pixels of the canvas for a pixel of the page. A picture in which nothing moves is drawn as finely as the screen can show. */
  readonly ratio: number
  /** From one picture to the next, ms. */
  readonly everyMs: number
}

/** What moves by itself, moves at most so often: dashes and rotors need no more. */
const fastestMs = 50
const slowestMs = 500
/** What drawing may take of the time while things move. */
const busyShare = 0.4
const coarsest = 0.6

/** The pace after a picture that took so long: coarser where drawing is slow, finer again where it is quick. */
export function nextPace(pace: Pace, costMs: number, finest: number): Pace {
  const ratio = costMs > 45 ? pace.ratio * 0.8 : costMs < 12 ? pace.ratio * 1.1 : pace.ratio
  return {
    ratio: Math.min(finest, Math.max(Math.min(coarsest, finest), Math.round(ratio * 20) / 20)),
    everyMs: Math.max(fastestMs, Math.min(slowestMs, costMs / busyShare)),
  }
}
