import { Alert } from '../ui/alert.tsx'
import { Badge } from '../ui/badge.tsx'
import { Empty } from '../ui/empty.tsx'
import { Progress } from '../ui/progress.tsx'
import { Skeleton } from '../ui/states.tsx'
import { ToneMark, tones } from '../ui/tone.tsx'
import { useWords } from '../words/words.ts'

/** States by shape, word and colour. */
export function ToneMarks() {
  const { say } = useWords()
  return (
    <>
      <div className="gallery-row">
        {tones.map((tone) => (
          <ToneMark key={tone} tone={tone}>
            {say(`gallery.tone.${tone}`)}
          </ToneMark>
        ))}
      </div>
      <div className="gallery-row">
        <Badge>{say('app.simulated')}</Badge>
        {tones.map((tone) => (
          <Badge key={tone} tone={tone}>
            {say(`gallery.tone.${tone}`)}
          </Badge>
        ))}
      </div>
      <Alert tone="warning" title={say('gallery.alertTitle')}>
        {say('gallery.alertText')}
      </Alert>
      <Alert
        tone="alarm"
        title={say('state.offline')}
        action={
          <button type="button" className="button">
            {say('state.again')}
          </button>
        }
      >
        {say('state.offlineDo')}
      </Alert>
    </>
  )
}

/** What stands where nothing stands yet. */
export function Waiting() {
  const { say } = useWords()
  return (
    <>
      <Skeleton height={64} />
      <Progress label={say('gallery.progress')} share={0.4} />
      <Progress label={say('gallery.progressUnknown')} share={undefined} />
      <Empty
        title={say('gallery.emptyTitle')}
        advice={say('gallery.emptyText')}
        action={
          <button type="button" className="button primary">
            {say('gallery.emptyDo')}
          </button>
        }
      />
    </>
  )
}
