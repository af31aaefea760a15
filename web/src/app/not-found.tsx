import { Message } from '../ui/states.tsx'
import { useWords } from '../words/words.ts'

/** An address that leads nowhere, and the way back. */
export function NotFound() {
  const { say } = useWords()
  return (
    <Message title="state.notFound">
      <a href="/">{say('state.toPark')}</a>
    </Message>
  )
}
