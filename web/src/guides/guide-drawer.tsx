import { useEffect, useState } from 'react'
import { Dialog } from '../ui/dialog.tsx'
import { Skeleton } from '../ui/states.tsx'
import { useWords } from '../words/words.ts'
import { GuideText } from './guide-text.tsx'
import { useGuide } from './guides.ts'
import './guides.css'

/** A guide over the page; links in it lead to others in the same place. */
export function GuideDrawer({ name, onClose }: { readonly name: string; onClose(): void }) {
  const { say, language } = useWords()
  const [place, setPlace] = useState<{ readonly guide: string; readonly heading?: string | undefined }>({ guide: name })
  const { data, isError } = useGuide(place.guide)
  useEffect(() => {
    if (!data) return
    const heading = place.heading === undefined ? null : document.getElementById(`guide-${place.heading}`)
    ;(heading ?? document.querySelector('.guide'))?.scrollIntoView({ block: 'start' })
  }, [data, place])
  return (
    <Dialog title={data?.title ?? place.guide} shape="drawer" wide onClose={onClose}>
      <article className="guide" lang="en">
        {language !== 'en' && (
          <p className="notice" lang={language}>
            {say('guides.inEnglish')}
          </p>
        )}
        {isError ? (
          <p className="notice" lang={language}>
            {say('guides.notHere')}
          </p>
        ) : data ? (
          <GuideText guide={place.guide} blocks={data.blocks} onGo={(guide, heading) => setPlace({ guide, heading })} />
        ) : (
          <Skeleton height={480} />
        )}
      </article>
    </Dialog>
  )
}
