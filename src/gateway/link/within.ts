/** Settles as the promise does, or fails after a time, or when a stop comes. Late failures of the promise are nobody's. */
export async function within<Value>(
  promise: Promise<Value>,
  ms: number,
  failure: () => Error,
  signal?: AbortSignal,
): Promise<Value> {
  const late = Promise.withResolvers<never>()
  const stop = (): void => late.reject(new Error('stopped'))
  const timer = setTimeout(() => late.reject(failure()), ms)
  if (signal?.aborted) stop()
  signal?.addEventListener('abort', stop)
  promise.catch(() => undefined)
  try {
    return await Promise.race([promise, late.promise])
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', stop)
  }
}
