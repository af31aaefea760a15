import type { Handlers, Outcome, Scene } from './scene.ts'

/** A message that is kept and needs no more than an answer. */
export function notice(
  name: string,
  content: unknown,
  { station, nowMs }: Scene,
  answer: Readonly<Record<string, unknown>> = {},
): Outcome {
  return { answer, records: [{ kind: 'notice', stationId: station.id, atMs: nowMs, name, content }] }
}

export const notices = (names: readonly string[]): Handlers =>
  Object.fromEntries(names.map((name) => [name, (params: unknown, scene: Scene) => notice(name, params, scene)]))
