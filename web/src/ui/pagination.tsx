import { ChevronLeft, ChevronRight } from 'lucide-react'
import { useWords } from '../words/words.ts'

interface PaginationProps {
  /** What is leafed through. */
  readonly label: string
  /** Counted from 0. */
  readonly page: number
  readonly pageSize: number
  readonly total: number
  onChange(page: number): void
}

/** Leafs through a long list. */
export function Pagination({ label, page, pageSize, total, onChange }: PaginationProps) {
  const { say } = useWords()
  const last = Math.max(0, Math.ceil(total / pageSize) - 1)
  return (
    <nav className="ui-pages" aria-label={label}>
      <span role="status">
        {say('ui.rows', {
          from: total === 0 ? 0 : page * pageSize + 1,
          to: Math.min(total, (page + 1) * pageSize),
          total,
        })}
      </span>
      <div>
        <button type="button" className="button" disabled={page <= 0} onClick={() => onChange(page - 1)}>
          <ChevronLeft size={16} aria-hidden /> {say('ui.previous')}
        </button>
        <button type="button" className="button" disabled={page >= last} onClick={() => onChange(page + 1)}>
          {say('ui.next')} <ChevronRight size={16} aria-hidden />
        </button>
      </div>
    </nav>
  )
}
