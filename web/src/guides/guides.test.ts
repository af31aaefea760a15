import { readdirSync, readFileSync } from 'node:fs'
import { walkTokens } from 'marked'
import { expect, it } from 'vitest'
import { guides } from '../app/guides-of-pages.ts'
import { anchorOf, blocksOf } from './markdown.ts'

const folder = new URL('../../../docs/guides/', import.meta.url)
const names = readdirSync(folder).filter((name) => name.endsWith('.md'))

const shown = new Set([
  ...(['heading', 'paragraph', 'text', 'code', 'list', 'list_item', 'table', 'space'] as const),
  ...(['codespan', 'strong', 'em', 'link', 'escape'] as const),
])

it.each(names)('%s is written in the Markdown that the console shows', (name) => {
  const blocks = blocksOf(readFileSync(new URL(name, folder), 'utf8'))
  expect(blocks[0]).toMatchObject({ type: 'heading', depth: 1 })
  const others = new Set<string>()
  walkTokens([...blocks], ({ type }) => void (shown.has(type as 'text') || others.add(type)))
  expect([...others]).toEqual([])
})

it('text comes as it is written, with signs that HTML would change', () => {
  const [paragraph] = blocksOf('a < b & `c > "d"` <b>e</b>')
  expect(JSON.stringify(paragraph)).not.toMatch(/&(lt|gt|amp|quot);/)
})

it('a heading is found by the anchor that GitHub gives it', () => {
  expect(anchorOf('What `--fault` does, and when')).toBe('what---fault-does-and-when')
})

it('every guide that a page names is there', () => {
  for (const guide of Object.values(guides).flat()) expect(names).toContain(`${guide}.md`)
})
