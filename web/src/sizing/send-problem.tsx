import { ApiError } from '../api/client.ts'
import { useWords } from '../words/words.ts'

/** Why the server did not take it. */
export function SendProblem({ error }: { readonly error: Error }) {
  const { say } = useWords()
  const status = error instanceof ApiError ? error.problem.status : undefined
  return (
    <p role="alert" className="sizing-wrong">
      {status === 403 ? say('sizing.mayNot') : status === 0 ? say('state.offline') : error.message}
    </p>
  )
}
