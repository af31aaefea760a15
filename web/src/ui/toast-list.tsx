import { X } from 'lucide-react'
import { Toast as Parts } from 'radix-ui'
import { useWords } from '../words/words.ts'
import { dismissToast, useToasts } from './toast.ts'
import { ToneShape } from './tone.tsx'

/** Notices in the corner; they wait while the pointer or the focus is on them, and F8 leads there. */
export function ToastList() {
  const { say } = useWords()
  return (
    <Parts.Provider label={say('ui.notice')} duration={6000}>
      {useToasts().map(({ id, tone, text }) => (
        <Parts.Root
          key={id}
          className="ui-toast"
          data-tone={tone}
          type={tone === 'alarm' ? 'foreground' : 'background'}
          onOpenChange={(open) => !open && dismissToast(id)}
        >
          <ToneShape tone={tone} size={18} />
          <Parts.Description>{text}</Parts.Description>
          <Parts.Close className="button plain icon" title={say('app.close')}>
            <X size={16} aria-hidden />
            <span className="visually-hidden">{say('app.close')}</span>
          </Parts.Close>
        </Parts.Root>
      ))}
      <Parts.Viewport className="ui-toasts" label={say('ui.notices')} />
    </Parts.Provider>
  )
}
