/** Lets others have their turn between two parts of a long computation; throws when the run was cancelled. */
export type Pause = () => Promise<void>

/** Work that takes seconds hears of a cancel in the pauses, and lets whoever shares its thread have their turn. */
export const pauseFor =
  (signal: AbortSignal): Pause =>
  async () => {
    signal.throwIfAborted()
    await new Promise<void>((resolve) => {
      setImmediate(resolve)
    })
  }

/** Goes on without a pause. */
export const noPause: Pause = async () => {}
