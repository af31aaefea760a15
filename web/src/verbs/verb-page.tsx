import { Link, Navigate, useParams } from '@tanstack/react-router'
import { NotFound } from '../app/not-found.tsx'
import { isVerb, type Page, pagesOf, type Verb } from '../app/pages.ts'
import { useWords } from '../words/words.ts'

/** Pages of other verbs that answer a part of what a verb without pages asks. */
const meanwhile: Partial<Readonly<Record<Verb, readonly Page[]>>> = {
  assess: ['carbon', 'sizing'],
  finance: ['sizing', 'plan', 'ledger'],
  share: ['reports', 'claims', 'ledger'],
}

/** A verb without pages: the question it will answer, and what answers a part of it today. */
export function VerbPage() {
  const { site, verb } = useParams({ from: '/sites/$site/$verb' })
  const { say } = useWords()
  if (!isVerb(verb)) return <NotFound />
  const [first] = pagesOf(verb)
  if (first)
    return <Navigate to="/sites/$site/$verb" params={{ site, verb: first }} search={(search) => search} replace />
  return (
    <section className="verb-page">
      <p className="quiet">{say(`verb.${verb}`)}</p>
      <h1>{say(`verb.${verb}.asks`)}</h1>
      <p>{say('verb.notYet')}</p>
      <ul>
        {meanwhile[verb]?.map((page) => (
          <li key={page}>
            <Link to="/sites/$site/$verb" params={{ site, verb: page }} search={(search) => search}>
              {say(`page.${page}`)}
            </Link>
            <span>{say(`help.page.${page}`)}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}
