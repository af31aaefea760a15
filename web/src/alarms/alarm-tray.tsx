import { Link } from '@tanstack/react-router'
import { BellOff, BellRing } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useWords } from '../words/words.ts'
import { countWaiting, priorities } from './alarm.ts'
import { useAlarms } from './live-alarms.ts'
import { PriorityMark } from './priority-mark.tsx'
import './alarm-tray.css'

/** In the header of every page: how many alarms wait, by priority; new ones are announced politely. */
export function AlarmTray({ site }: { readonly site: string }) {
  const { say } = useWords()
  const { alarms, lost, fresh } = useAlarms(site)
  const [news, setNews] = useState('')
  useEffect(() => {
    if (fresh.length === 0) return
    setNews(
      fresh
        .map(({ title, priority }) => say('alarms.announced', { title, priority: say(`priority.${priority}`) }))
        .join(' '),
    )
  }, [fresh, say])
  const counts = countWaiting(alarms?.values() ?? [])
  const waiting = priorities.filter((priority) => counts[priority] > 0)
  const title = !lost
    ? say('alarms.waitingCount', { number: priorities.reduce((sum, one) => sum + counts[one], 0) })
    : say('alarms.notLive')
  return (
    <>
      <Link
        to="/sites/$site/alarms"
        params={{ site }}
        className="alarm-tray"
        data-waiting={waiting.length > 0}
        data-lost={lost}
        title={title}
      >
        {lost ? <BellOff size={18} aria-hidden /> : <BellRing size={18} aria-hidden />}
        <span className="visually-hidden">{title}</span>
        {waiting.map((priority) => (
          <span key={priority} className="alarm-tray-count">
            <PriorityMark priority={priority} size={16} /> {counts[priority]}
          </span>
        ))}
      </Link>
      <span className="visually-hidden" role="status">
        {news}
      </span>
    </>
  )
}
