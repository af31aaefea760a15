import { Cog } from 'lucide-react'
import { Suspense, useRef, useState } from 'react'
import { laterPart } from '../app/later-part.ts'
import { useWords } from '../words/words.ts'
import { isOver } from './job.ts'
import { useJobs } from './jobs.ts'

const JobPanel = laterPart(() => import('./job-panel.tsx').then(({ JobPanel: panel }) => panel))

/** In the header of every page: how many jobs run; pressed, what they are, how far, and what they gave. */
export function JobTray() {
  const { say } = useWords()
  const [open, setOpen] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  const shown = useJobs()
  const running = shown.jobs?.filter((job) => !isOver(job)).length ?? 0
  const last = shown.ended.at(-1)
  const title = say('jobs.running', { count: running })
  return (
    <>
      <button
        ref={button}
        type="button"
        className="button plain tray"
        data-running={running > 0}
        aria-expanded={open}
        aria-haspopup="dialog"
        title={title}
        onClick={() => setOpen(!open)}
      >
        <Cog size={18} aria-hidden />
        <span className="visually-hidden">{title}</span>
        {running > 0 && <span aria-hidden>{running}</span>}
      </button>
      <span className="visually-hidden" role="status">
        {last ? say(`jobs.said.${last.state === 'done' ? 'done' : 'notDone'}`, { engine: last.engine }) : ''}
      </span>
      {open && (
        <Suspense fallback={null}>
          <JobPanel anchor={button} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  )
}
