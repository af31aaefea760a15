import { setImmediate as nextTurn } from 'node:timers/promises'

/** Longest that one of many small steps may hold the event loop, ms. */
const heldMs = 8

/** Lets others of the process have their turn, when long steps follow each other. */
export function createPace(): () => Promise<void> | undefined {
  let beganMs = performance.now()
  return () => {
    if (performance.now() - beganMs < heldMs) return undefined
    return nextTurn().then(() => {
      beganMs = performance.now()
    })
  }
}
