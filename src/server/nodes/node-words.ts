import { maxNewsBytes, type News } from '../../store/index.ts'

/** What nodes tell each other; each word only says what is worth to be read anew. */
export type NodeWord =
  /** A job waits that the teller has no room for. */
  | { readonly kind: 'queue' }
  /** A job has ended. */
  | { readonly kind: 'job'; readonly id: string }
  /** Observations of sites came in. */
  | { readonly kind: 'sites'; readonly ids: readonly string[] }
  /** Points of a site were declared or removed. */
  | { readonly kind: 'points'; readonly site: string }
  /** There is more in the log of the alarms of a site. */
  | { readonly kind: 'alarms'; readonly site: string }

export interface NodeWords {
  /** False for a node alone: nothing is told and nothing heard. */
  readonly shared: boolean
  tell(word: NodeWord): void
  /** Calls back with each word of the kind that another node, or this one, told; with undefined where some may have been missed. */
  hear<Kind extends NodeWord['kind']>(
    kind: Kind,
    listener: (word: Extract<NodeWord, { kind: Kind }> | undefined) => void,
  ): () => void
}

const kinds: ReadonlySet<string> = new Set<NodeWord['kind']>(['queue', 'job', 'sites', 'points', 'alarms'])

/** Words as JSON in the news of the store. What is no word, as a later version may tell, is not heard. */
export function createNodeWords(news: News): NodeWords {
  return {
    shared: news.shared,
    tell(word) {
      const text = JSON.stringify(word)
      if (Buffer.byteLength(text) <= maxNewsBytes) news.tell(text)
    },
    hear: (kind, listener) =>
      news.hear((text) => {
        const word = text === undefined ? undefined : readWord(text)
        if (text === undefined) listener(undefined)
        else if (word?.kind === kind) listener(word as Parameters<typeof listener>[0])
      }),
  }
}

function readWord(text: string): NodeWord | undefined {
  try {
    const word = JSON.parse(text) as NodeWord
    return kinds.has(word?.kind) ? word : undefined
  } catch {
    return undefined
  }
}
