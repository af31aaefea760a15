import { readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { guides } from '../app/guides-of-pages.ts'
import { type Block, blocksOf, spansOf } from './markdown.ts'

const folder = new URL('../../../docs/guides/', import.meta.url)
const names = readdirSync(folder).filter((name) => name.endsWith('.md'))

it('Markdown becomes headings, lists with what is indented in them, code and tables', () => {
  const text =
    '# Title\n\nOne\ntwo.\n\n- a\n  b\n\n  ```sh\n  run\n  ```\n- c\n\n| x | y |\n| - | - |\n| 1 \\| 2 | `z` |\n'
  expect(blocksOf(text)).toEqual([
    { kind: 'heading', level: 1, text: 'Title', id: 'title' },
    { kind: 'paragraph', text: 'One two.' },
    {
      kind: 'list',
      ordered: false,
      items: [
        [
          { kind: 'paragraph', text: 'a b' },
          { kind: 'code', text: 'run' },
        ],
        [{ kind: 'paragraph', text: 'c' }],
      ],
    },
    { kind: 'table', head: ['x', 'y'], rows: [['1 | 2', '`z`']] },
  ])
})

it('a line is read as code, stress and links', () => {
  expect(spansOf('see **all** of `a_b_c` in [there](park.md#now), *not* a_b_c')).toEqual([
    { kind: 'text', text: 'see ' },
    { kind: 'strong', text: 'all' },
    { kind: 'text', text: ' of ' },
    { kind: 'code', text: 'a_b_c' },
    { kind: 'text', text: ' in ' },
    { kind: 'link', text: 'there', to: 'park.md#now' },
    { kind: 'text', text: ', ' },
    { kind: 'em', text: 'not' },
    { kind: 'text', text: ' a_b_c' },
  ])
})

/** Lines of text of a guide, without its code. */
const textsOf = (blocks: readonly Block[]): readonly string[] =>
  blocks.flatMap((block) => {
    if (block.kind === 'code') return []
    if (block.kind === 'list') return block.items.flatMap(textsOf)
    return block.kind === 'table' ? [...block.head, ...block.rows.flat()] : [block.text]
  })

it.each(names)('%s is written in the Markdown that the console reads', (name) => {
  const blocks = blocksOf(readFileSync(new URL(name, folder), 'utf8'))
  expect(blocks[0]).toMatchObject({ kind: 'heading', level: 1 })
  for (const table of blocks.filter(({ kind }) => kind === 'table'))
    if (table.kind === 'table') for (const row of table.rows) expect(row, row.join('|')).toHaveLength(table.head.length)
  const plain = textsOf(blocks)
    .flatMap(spansOf)
    .flatMap((span) => (span.kind === 'text' ? [span.text] : []))
  for (const text of plain) expect(text).not.toMatch(/```|\*\*|\]\(|^#|^>|^\||!\[/)
})

it('every guide that a page names is there', () => {
  for (const guide of Object.values(guides).flat()) expect(names).toContain(`${guide}.md`)
})
