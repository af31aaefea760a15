import type { Engine } from './engine.ts'
import type { Pack, PackReport, Vocabulary } from './pack.ts'

/** An engine before it is loaded: what a list of engines shows. */
export interface EngineEntry extends Pick<Engine, 'id' | 'title' | 'positional'> {
  // biome-ignore lint/suspicious/noExplicitAny: engines of unlike schemas stand in one list
  load(): Promise<Engine<any, any>>
}

/**
 * A pack before it is loaded. Whoever runs one engine, or lists them all, does not wait for the modules of the others.
 * A file of an entry imports nothing but types: what it names comes with `import()`.
 */
export interface PackEntry extends Pick<Pack, 'name' | 'title'> {
  readonly engines: readonly EngineEntry[]
  /** What a site file may say of it. */
  loadVocabulary(): Promise<Vocabulary>
  loadReports?(): Promise<readonly PackReport[]>
}

/** A pack with all that its entry names. */
export async function loadPack({ name, title, ...entry }: PackEntry): Promise<Pack> {
  const [{ assets, sections }, reports, ...engines] = await Promise.all([
    entry.loadVocabulary(),
    entry.loadReports?.(),
    ...entry.engines.map(({ load }) => load()),
  ])
  return { name, title, assets, sections, engines, ...(reports ? { reports } : {}) }
}

/** A pack that is loaded, as an entry: beside others that are not. */
export const entryOf = (pack: Pack): PackEntry => ({
  name: pack.name,
  title: pack.title,
  engines: pack.engines.map((engine) => ({ id: engine.id, title: engine.title, load: async () => engine })),
  loadVocabulary: async () => pack,
  loadReports: async () => pack.reports ?? [],
})
