import { useQueryClient } from '@tanstack/react-query'
import { Hand, Play } from 'lucide-react'
import { useState } from 'react'
import { ageOf, dayAndTime } from '../format/times.ts'
import { type Tone, ToneMark } from '../ui/tone.tsx'
import { useWords } from '../words/words.ts'
import { type Commands, holdAll, releaseAll } from './field-queries.ts'
import { ReasonDialog } from './reason-dialog.tsx'
import { WhySentence } from './why-sentence.tsx'

interface WatchdogProps {
  readonly site: string
  readonly zone: string
  readonly commands: Commands
  readonly nowMs: number
  readonly mayOperate: boolean
}

const tones: Readonly<Record<'plan' | 'fallback' | 'hold', Tone>> = {
  plan: 'good',
  fallback: 'warning',
  hold: 'manual',
}

/** Whom the machines follow, since when and why; and the one button that sends them all to their safe schedule. */
export function Watchdog({ site, zone, commands, nowMs, mayOperate }: WatchdogProps) {
  const { say, language } = useWords()
  const client = useQueryClient()
  const [asking, setAsking] = useState(false)
  const { mode, sinceMs, causes, plan, hold, running } = commands
  const age = (ms: number): string => {
    const { count, unit } = ageOf(ms)
    return say(`age.${unit}`, { count })
  }
  const renew = (): Promise<void> => client.invalidateQueries({ queryKey: ['commands', site] })
  return (
    <section className="watchdog" data-mode={mode ?? 'none'} aria-label={say('field.watchdog')}>
      <div>
        <p className="watchdog-mode">
          {running && mode ? (
            <ToneMark tone={tones[mode]}>{say(`field.mode.${mode}`)}</ToneMark>
          ) : (
            <ToneMark tone="advisory">{say('field.mode.none')}</ToneMark>
          )}
          {sinceMs !== null && (
            <span className="quiet"> {say('alarms.since', { time: dayAndTime(sinceMs, zone, language) })}</span>
          )}
        </p>
        {hold && <p>{say('field.heldBy', { by: hold.by, reason: hold.reason })}</p>}
        {causes.map((why) => (
          <p key={`${why.code} ${why.text}`}>
            <WhySentence why={why} unit="" zone={zone} />
          </p>
        ))}
        <p className="quiet">
          {plan ? say('field.planAge', { age: age(nowMs - plan.publishedMs) }) : say('park.noPlan')}{' '}
          {plan && (
            <a href={`/api/v1/runs/${encodeURIComponent(plan.evidence)}`}>
              <code>{plan.evidence.slice(0, 12)}</code>
            </a>
          )}
        </p>
      </div>
      {running && (
        <button
          type="button"
          className="button"
          disabled={!mayOperate}
          onClick={() => (hold ? void releaseAll(site).then(renew) : setAsking(true))}
        >
          {hold ? <Play size={16} aria-hidden /> : <Hand size={16} aria-hidden />}
          {say(hold ? 'field.release' : 'field.hold')}
        </button>
      )}
      {asking && (
        <ReasonDialog
          title={say('field.hold')}
          says={say('field.holdSays')}
          go={say('field.hold')}
          send={(reason) => holdAll(site, reason).then(renew)}
          onClose={() => setAsking(false)}
        />
      )}
    </section>
  )
}
