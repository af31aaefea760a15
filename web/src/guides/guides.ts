import { useQuery } from '@tanstack/react-query'
import { type Block, blocksOf } from './markdown.ts'

/** The guides of the repository, each a file of its own in the built console: they come when they are read. */
const files = import.meta.glob<string>('../../../docs/guides/*.md', { query: '?raw', import: 'default' })

const pathOf = (name: string): string => `../../../docs/guides/${name}.md`

/** Whether there is a guide of this name. */
export const isGuide = (name: string): boolean => pathOf(name) in files

export interface Guide {
  readonly title: string
  readonly blocks: readonly Block[]
}

/** A guide without its title, which stands apart. */
export function guideOf(text: string): Guide {
  const [first, ...others] = blocksOf(text)
  return first?.type === 'heading' ? { title: first.text, blocks: others } : { title: '', blocks: blocksOf(text) }
}

async function bringGuide(name: string): Promise<Guide> {
  const bring = files[pathOf(name)]
  if (!bring) throw new Error(`There is no guide ${name}`)
  return guideOf(await bring())
}

/** A guide of the repository; once read it is kept for the day without a connection, as all files of the console are. */
export const useGuide = (name: string) =>
  useQuery({
    queryKey: ['guide', name],
    queryFn: () => bringGuide(name),
    staleTime: Number.POSITIVE_INFINITY,
    networkMode: 'always',
  })

/** Where a link of a guide leads: another guide, a heading of this one, or an address; undefined for a file of the repository. */
export function leadOf(
  to: string,
  guide: string,
): { readonly guide: string; readonly heading: string | undefined } | string | undefined {
  if (/^https?:/.test(to)) return to
  const [, name, heading] = /^(?:([\w-]+)\.md)?(?:#([\w-]+))?$/.exec(to) ?? []
  const led = name ?? (heading === undefined ? undefined : guide)
  return led !== undefined && isGuide(led) ? { guide: led, heading } : undefined
}
