import { Link, Navigate, useParams } from '@tanstack/react-router'
import { isVerb, pagesOf } from '../app/pages.ts'
import { Message } from '../ui/states.tsx'
import { useWords } from '../words/words.ts'

/** A verb without pages: the question it will answer, and what works today. */
export function VerbPage() {
  const { site, verb } = useParams({ from: '/sites/$site/$verb' })
  const { say } = useWords()
  if (!isVerb(verb)) return <Message title="state.notFound" />
  const [first] = pagesOf(verb)
  if (first)
    return <Navigate to="/sites/$site/$verb" params={{ site, verb: first }} search={(search) => search} replace />
  return (
    <section className="verb-page">
      <h1>{say(`verb.${verb}.asks`)}</h1>
      <p>{say('verb.notYet')}</p>
      <p>{say('verb.meanwhile')}</p>
      <p>
        <Link to="/sites/$site/plan" params={{ site }} search={(search) => search}>
          {say('page.plan')}
        </Link>
      </p>
    </section>
  )
}
