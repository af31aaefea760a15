import type { ReactNode } from 'react'
import { ApiError } from '../api/client.ts'
import { useWords, type WordKey } from '../words/words.ts'
import { saidOf } from './failure-words.ts'

interface MessageProps {
  readonly title: WordKey
  readonly advice?: WordKey
  /** Where to go from here. */
  readonly children?: ReactNode
}

/** A page that has only something to say. */
export function Message({ title, advice, children }: MessageProps) {
  const { say } = useWords()
  return (
    <div className="message">
      <h1>{say(title)}</h1>
      {advice && <p>{say(advice)}</p>}
      {children}
    </div>
  )
}

interface FailureProps {
  readonly error: unknown
  retry?(): void
}

/** What happened, what is safe, what to do. */
export function Failure({ error, retry }: FailureProps) {
  const { say } = useWords()
  const { title, advice } = saidOf(error)
  const problem = error instanceof ApiError ? error.problem : undefined
  return (
    <div className="message" role="alert">
      <h1>{say(title)}</h1>
      {advice && <p>{say(advice)}</p>}
      {problem && problem.status > 0 && <p>{say('failure.told', { detail: problem.detail })}</p>}
      {!problem && !advice && <p>{error instanceof Error ? error.message : String(error)}</p>}
      {problem && problem.status > 0 && <code>{problem.code}</code>}
      {retry && (
        <button type="button" className="button" onClick={retry}>
          {say('state.again')}
        </button>
      )}
    </div>
  )
}

/** The final shape of a thing that is still on its way. */
export function Skeleton({ height }: { readonly height: number }) {
  const { say } = useWords()
  return <div className="skeleton" style={{ height }} role="status" aria-label={say('state.loading')} />
}
