/**
 * A device whose event times run ahead of the time they were received at has a clock that is wrong, or it talks about
 * the future. Ten minutes are let pass: clocks drift by seconds a day, and a gateway may be set a few minutes wrong.
 */
export const clockAheadMs = 600_000

/**
 * Whether an event time is further ahead of its receive time than a sound clock can be. Such a row is kept, its
 * quality is no better than `suspect`, and for `latest` it comes after every row that is not.
 */
export const isAhead = (eventMs: number, receivedMs: number): boolean => eventMs > receivedMs + clockAheadMs
