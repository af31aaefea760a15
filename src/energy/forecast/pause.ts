/** Lets others have their turn between two parts of a long computation; throws when the run was cancelled. */
export type Pause = () => Promise<void>

/** Learning takes seconds; a server that runs it in its own thread answers others in the pauses. */
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
