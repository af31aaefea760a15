import { useQuery } from '@tanstack/react-query'
import { ask } from '../api/client.ts'

/** A document as the list of the API has it. */
export interface ListedDocument {
  readonly kind: string
  readonly name: string
  readonly version: number
  readonly createdMs: number
}

/** A file that was kept as a document. */
export interface KeptFile {
  readonly fileName: string
  readonly mediaType: string
  readonly base64: string
}

interface DocumentPage {
  readonly documents: readonly ListedDocument[]
  readonly next?: string
}

/** A document is JSON of 1 MiB at most; a file in it takes four thirds of its size. */
export const mostFileBytes = 750_000
const longestName = 63

const rootOf = (site: string): string => `/api/v1/sites/${encodeURIComponent(site)}/documents`

/** Documents of one asset are of a kind of their own. */
export const kindOf = (asset: string): string => `asset-${asset}`.slice(0, longestName)

/** The name of a document that holds a file: letters, digits and dashes of its name. */
export function nameOf(fileName: string): string {
  const plain = fileName
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+/, '')
    .slice(0, longestName)
    .replace(/-+$/, '')
  return plain === '' ? `file-${hashOf(fileName)}` : plain
}

/** Names of other letters than Latin ones differ too. */
function hashOf(text: string): string {
  let hash = 0
  for (const letter of text) hash = (Math.imul(hash, 31) + letter.codePointAt(0)!) >>> 0
  return hash.toString(36)
}

export const useDocuments = (site: string, asset: string) =>
  useQuery({
    queryKey: ['documents', site, asset],
    queryFn: async ({ signal }) => {
      const found: ListedDocument[] = []
      let cursor: string | undefined
      do {
        const query = new URLSearchParams(cursor === undefined ? {} : { cursor })
        const page = await ask<DocumentPage>(`${rootOf(site)}?${query}`, { signal })
        found.push(...page.documents.filter(({ kind }) => kind === kindOf(asset)))
        cursor = page.next
      } while (cursor !== undefined)
      return found as readonly ListedDocument[]
    },
  })

const addressOf = (site: string, asset: string, name: string): string =>
  `${rootOf(site)}/${encodeURIComponent(kindOf(asset))}/${encodeURIComponent(name)}`

/** Keeps a file with an asset: the next version of the one of the same name. @throws ApiError */
export async function keepFile(
  site: string,
  asset: string,
  file: File,
  known: readonly ListedDocument[],
): Promise<unknown> {
  const name = nameOf(file.name)
  const before = known.find((own) => own.name === name)
  const content: KeptFile = {
    fileName: file.name,
    mediaType: file.type || 'application/octet-stream',
    base64: toBase64(new Uint8Array(await file.arrayBuffer())),
  }
  return ask(addressOf(site, asset, name), {
    method: 'PUT',
    headers: { 'content-type': 'application/json', ...(before ? { 'if-match': `"${before.version}"` } : {}) },
    body: JSON.stringify(content),
  })
}

/** The newest version of a document as a file: as it was kept, or as JSON where it was put in another way. @throws ApiError */
export async function readFile(site: string, asset: string, name: string): Promise<File> {
  const { content } = await ask<{ readonly content: unknown }>(addressOf(site, asset, name))
  const kept = content as Partial<KeptFile> | null
  if (typeof kept?.base64 === 'string' && typeof kept.fileName === 'string') {
    // A file is saved, never opened: what a stranger kept as HTML is not shown here.
    return new File([fromBase64(kept.base64)], kept.fileName, { type: 'application/octet-stream' })
  }
  return new File([JSON.stringify(content, undefined, 2)], `${name}.json`, { type: 'application/json' })
}

const partBytes = 0x8000

export function toBase64(bytes: Uint8Array): string {
  let text = ''
  for (let from = 0; from < bytes.length; from += partBytes) {
    text += String.fromCharCode(...bytes.subarray(from, from + partBytes))
  }
  return btoa(text)
}

export const fromBase64 = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))
