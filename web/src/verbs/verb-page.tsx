import { Link, useParams } from '@tanstack/react-router'
import { useSite } from '../api/queries.ts'
import { isVerb } from '../app/verbs.ts'
import { Message } from '../ui/states.tsx'
import { RunList } from '../verify/run-list.tsx'
import { useWords } from '../words/words.ts'

/** A verb without pages: the question it will answer, and what works today. */
export function VerbPage() {
  const { site, verb } = useParams({ from: '/sites/$site/$verb' })
  const { say } = useWords()
  if (!isVerb(verb)) return <Message title="state.notFound" />
  return (
    <section className="verb-page">
      <h1>{say(`verb.${verb}.asks`)}</h1>
      <p>{say('verb.notYet')}</p>
      <p>{say(verb === 'verify' ? 'verb.verifyNow' : 'verb.meanwhile')}</p>
      <p>
        <Link to="/sites/$site/plan" params={{ site }} search={(search) => search}>
          {say('page.plan')}
        </Link>
      </p>
      {verb === 'verify' && <RunsOfSite site={site} />}
    </section>
  )
}

function RunsOfSite({ site }: { readonly site: string }) {
  const { data } = useSite(site)
  return data ? <RunList site={site} zone={data.zone} /> : null
}
