import { Settings } from 'lucide-react'
import { useState } from 'react'
import { KeyHint } from '../ui/key-hint.tsx'
import { Segmented } from '../ui/segmented.tsx'
import { Tabs } from '../ui/tabs.tsx'
import { useWords } from '../words/words.ts'

/** Buttons in every state, and choices between a few. */
export function Buttons() {
  const { say } = useWords()
  const [span, setSpan] = useState<'day' | 'week' | 'month'>('day')
  const [tab, setTab] = useState('one')
  return (
    <>
      <div className="gallery-row">
        <button type="button" className="button primary">
          {say('gallery.primary')}
        </button>
        <button type="button" className="button">
          {say('gallery.button')}
        </button>
        <button type="button" className="button plain">
          {say('gallery.plain')}
        </button>
        <button type="button" className="button danger">
          {say('gallery.danger')}
        </button>
        <button type="button" className="button icon" title={say('app.more')}>
          <Settings size={18} aria-hidden />
          <span className="visually-hidden">{say('app.more')}</span>
        </button>
      </div>
      <div className="gallery-row">
        <button type="button" className="button primary" disabled>
          {say('gallery.primary')}
        </button>
        <button type="button" className="button" disabled>
          {say('gallery.button')}
        </button>
        <span className="quiet">{say('gallery.mayNot')}</span>
      </div>
      <div className="gallery-row">
        <Segmented
          label={say('gallery.span')}
          options={(['day', 'week', 'month'] as const).map((id) => ({ id, title: say(`gallery.span.${id}`) }))}
          value={span}
          onChange={setSpan}
        />
        <KeyHint keys="g p" />
      </div>
      <Tabs
        label={say('gallery.tabs')}
        value={tab}
        onChange={setTab}
        tabs={(['one', 'two', 'three'] as const).map((id) => ({
          id,
          title: say(`gallery.tab.${id}`),
          content: <p className="quiet">{say('gallery.tabText', { tab: say(`gallery.tab.${id}`) })}</p>,
        }))}
      />
    </>
  )
}
