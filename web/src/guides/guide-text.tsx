import type { Token, Tokens } from 'marked'
import type { ReactNode } from 'react'
import { leadOf } from './guides.ts'
import { anchorOf, type Block, type Span, shownOf } from './markdown.ts'

/** Opens another guide, or a heading of this one. */
export type Go = (guide: string, heading: string | undefined) => void

interface GuideTextProps {
  readonly guide: string
  readonly blocks: readonly Token[]
  readonly onGo: Go
}

/** A guide as elements of the page: nothing in it can be more than text, code and links. */
export const GuideText = ({ guide, blocks, onGo }: GuideTextProps) =>
  shownOf(blocks).map((block, place) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a guide does not change while it is read.
    <BlockOf key={place} {...{ guide, onGo }} block={block as Block} />
  ))

function BlockOf({ guide, block, onGo }: { readonly guide: string; readonly block: Block; readonly onGo: Go }) {
  const line = (tokens: readonly Token[] | undefined): ReactNode => <Line {...{ guide, onGo }} tokens={tokens ?? []} />
  switch (block.type) {
    case 'heading': {
      const id = `guide-${anchorOf(block.text)}`
      return block.depth <= 2 ? <h3 id={id}>{line(block.tokens)}</h3> : <h4 id={id}>{line(block.tokens)}</h4>
    }
    case 'paragraph':
      return <p>{line(block.tokens)}</p>
    // The text of an item of a list.
    case 'text':
      return block.tokens ? line(block.tokens) : block.text
    case 'code':
      return <pre>{block.text}</pre>
    case 'list': {
      const items = (block as Tokens.List).items.map(({ tokens }, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a guide does not change while it is read.
        <li key={place}>
          <GuideText {...{ guide, onGo }} blocks={tokens} />
        </li>
      ))
      return block.ordered ? <ol>{items}</ol> : <ul>{items}</ul>
    }
    case 'table':
      return <TableOf table={block as Tokens.Table} line={line} />
    default:
      return (block as Token).raw
  }
}

interface TableOfProps {
  readonly table: Tokens.Table
  line(tokens: readonly Token[]): ReactNode
}

const TableOf = ({ table: { header, rows }, line }: TableOfProps) => (
  <div className="wide-table">
    <table className="data-table">
      <thead>
        <tr>
          {header.map(({ text, tokens }) => (
            <th key={text} scope="col">
              {line(tokens)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.map(({ text }) => text).join('|')}>
            {row.map(({ tokens }, place) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: columns keep their place.
              <td key={place}>{line(tokens)}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  </div>
)

interface LineProps {
  readonly guide: string
  readonly tokens: readonly Token[]
  readonly onGo: Go
}

const Line = ({ guide, tokens, onGo }: LineProps) =>
  tokens.map((span, place) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a guide does not change while it is read.
    <SpanOf key={place} {...{ guide, onGo }} span={span as Span} />
  ))

function SpanOf({ guide, span, onGo }: { readonly guide: string; readonly span: Span; readonly onGo: Go }) {
  switch (span.type) {
    case 'text':
    case 'escape':
      return span.text
    case 'codespan':
      return <code>{span.text}</code>
    case 'strong':
      return (
        <strong>
          <Line {...{ guide, onGo }} tokens={span.tokens ?? []} />
        </strong>
      )
    case 'em':
      return (
        <em>
          <Line {...{ guide, onGo }} tokens={span.tokens ?? []} />
        </em>
      )
    case 'link': {
      const { href, tokens = [] } = span as Tokens.Link
      const words = <Line {...{ guide, onGo }} tokens={tokens} />
      const lead = leadOf(href, guide)
      // A file of the repository: the console does not carry it.
      if (lead === undefined) return <span title={href}>{words}</span>
      if (typeof lead === 'string')
        return (
          <a href={lead} target="_blank" rel="noreferrer">
            {words}
          </a>
        )
      return (
        <button type="button" className="link" onClick={() => onGo(lead.guide, lead.heading)}>
          {words}
        </button>
      )
    }
    default:
      return (span as Token).raw
  }
}
