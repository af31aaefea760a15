import { useState } from 'react'
import { Dialog } from '../ui/dialog.tsx'
import { Menu } from '../ui/menu.tsx'
import { Popover } from '../ui/popover.tsx'
import { toast } from '../ui/toast.ts'
import { tones } from '../ui/tone.tsx'
import { Tooltip } from '../ui/tooltip.tsx'
import { useWords } from '../words/words.ts'

/** What opens over the page, in the colours of the page. */
export function Floats() {
  const { say } = useWords()
  const [open, setOpen] = useState<'dialog' | 'drawer'>()
  return (
    <div className="gallery-row">
      <Menu
        label={say('gallery.menu')}
        trigger={
          <button type="button" className="button">
            {say('gallery.menu')}
          </button>
        }
        items={[
          { id: 'one', title: say('gallery.menuOne'), onChoose: () => toast(say('gallery.menuOne')) },
          { id: 'two', title: say('gallery.menuTwo'), disabled: true, onChoose: () => undefined },
        ]}
      />
      <Popover
        label={say('gallery.popover')}
        trigger={
          <button type="button" className="button">
            {say('gallery.popover')}
          </button>
        }
      >
        <p>{say('gallery.popoverText')}</p>
      </Popover>
      <Tooltip text={say('gallery.tooltipText')}>
        <button type="button" className="button">
          {say('gallery.tooltip')}
        </button>
      </Tooltip>
      {(['dialog', 'drawer'] as const).map((shape) => (
        <button key={shape} type="button" className="button" onClick={() => setOpen(shape)}>
          {say(`gallery.${shape}`)}
        </button>
      ))}
      {tones.map((tone) => (
        <button key={tone} type="button" className="button plain" onClick={() => toast(say('gallery.toastText'), tone)}>
          {say('gallery.toast', { tone: say(`gallery.tone.${tone}`) })}
        </button>
      ))}
      {open && (
        <Dialog title={say(`gallery.${open}`)} shape={open} onClose={() => setOpen(undefined)}>
          <p>{say('gallery.dialogText')}</p>
        </Dialog>
      )}
    </div>
  )
}
