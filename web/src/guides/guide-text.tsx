import type { ReactNode } from 'react'
import { leadOf } from './guides.ts'
import { type Block, type Span, spansOf } from './markdown.ts'

/** Opens another guide, or a heading of this one. */
export type Go = (guide: string, heading: string | undefined) => void

interface GuideTextProps {
  readonly guide: string
  readonly blocks: readonly Block[]
  readonly onGo: Go
}

/** A guide as elements of the page: nothing in it can be more than text, code and links. */
export const GuideText = ({ guide, blocks, onGo }: GuideTextProps) =>
  blocks.map((block, place) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a guide does not change while it is read.
    <BlockOf key={place} {...{ guide, block, onGo }} />
  ))

function BlockOf({ guide, block, onGo }: { readonly guide: string; readonly block: Block; readonly onGo: Go }) {
  const line = (text: string): ReactNode => <Line {...{ guide, text, onGo }} />
  switch (block.kind) {
    case 'heading':
      return block.level <= 2 ? (
        <h3 id={`guide-${block.id}`}>{line(block.text)}</h3>
      ) : (
        <h4 id={`guide-${block.id}`}>{line(block.text)}</h4>
      )
    case 'paragraph':
      return <p>{line(block.text)}</p>
    case 'code':
      return <pre>{block.text}</pre>
    case 'list': {
      const items = block.items.map((own, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a guide does not change while it is read.
        <li key={place}>
          <GuideText {...{ guide, onGo }} blocks={own} />
        </li>
      ))
      return block.ordered ? <ol>{items}</ol> : <ul>{items}</ul>
    }
    case 'table':
      return <TableOf head={block.head} rows={block.rows} line={line} />
  }
}

interface TableOfProps {
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
  line(text: string): ReactNode
}

const TableOf = ({ head, rows, line }: TableOfProps) => (
  <div className="wide-table">
    <table className="data-table">
      <thead>
        <tr>
          {head.map((cell) => (
            <th key={cell} scope="col">
              {line(cell)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.join('|')}>
            {row.map((cell, place) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: columns keep their place.
              <td key={place}>{line(cell)}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  </div>
)

const Line = ({ guide, text, onGo }: { readonly guide: string; readonly text: string; readonly onGo: Go }) =>
  spansOf(text).map((span, place) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a guide does not change while it is read.
    <SpanOf key={place} {...{ guide, span, onGo }} />
  ))

function SpanOf({ guide, span, onGo }: { readonly guide: string; readonly span: Span; readonly onGo: Go }) {
  switch (span.kind) {
    case 'text':
      return span.text
    case 'code':
      return <code>{span.text}</code>
    case 'strong':
      return <strong>{span.text}</strong>
    case 'em':
      return <em>{span.text}</em>
    case 'link': {
      const lead = leadOf(span.to, guide)
      // A file of the repository: the console does not carry it.
      if (lead === undefined) return <span title={span.to}>{span.text}</span>
      if (typeof lead === 'string')
        return (
          <a href={lead} target="_blank" rel="noreferrer">
            {span.text}
          </a>
        )
      return (
        <button type="button" className="link" onClick={() => onGo(lead.guide, lead.heading)}>
          {span.text}
        </button>
      )
    }
  }
}
