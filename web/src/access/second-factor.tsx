import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { Me } from '../sign-in/session.ts'
import { Dialog } from '../ui/dialog.tsx'
import { Panel } from '../ui/panel.tsx'
import { ToneMark } from '../ui/tone.tsx'
import { useWords } from '../words/words.ts'
import { confirmTotp, enrolTotp, removeTotp } from './access-queries.ts'
import { ActionDialog } from './action-dialog.tsx'
import { Secret } from './once-shown.tsx'
import { QrPicture } from './qr-picture.tsx'

type Step =
  | { readonly kind: 'password' }
  | { readonly kind: 'code'; readonly secret: string; readonly uri: string }
  | { readonly kind: 'recovery'; readonly codes: readonly string[] }
  | { readonly kind: 'remove' }

/** Codes of an authenticator at sign-in: set up in three steps, and taken away. */
export function SecondFactor({ me }: { readonly me: Me }) {
  const { say } = useWords()
  const client = useQueryClient()
  const [step, setStep] = useState<Step>()
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const close = (): void => {
    setStep(undefined)
    setPassword('')
    setCode('')
    void client.invalidateQueries({ queryKey: ['me'] })
    void client.invalidateQueries({ queryKey: ['access-sessions'] })
  }
  const passwordField = (
    <label className="field">
      <span>{say('access.currentPassword')}</span>
      <input
        type="password"
        autoComplete="current-password"
        required
        value={password}
        onChange={({ target }) => setPassword(target.value)}
      />
    </label>
  )
  return (
    <Panel title={say('access.secondFactor')}>
      <p>
        <ToneMark tone={me.secondFactor ? 'good' : 'advisory'}>
          {say(me.secondFactor ? 'access.factorOn' : 'access.factorOff')}
        </ToneMark>
      </p>
      <p className="quiet">{say('access.factorSays')}</p>
      <div>
        <button
          type="button"
          className="button"
          onClick={() => setStep({ kind: me.secondFactor ? 'remove' : 'password' })}
        >
          {say(me.secondFactor ? 'access.factorRemove' : 'access.factorAdd')}
        </button>
      </div>
      {step?.kind === 'password' && (
        <ActionDialog
          key="password"
          title={say('access.factorAdd')}
          says={say('access.factorPasswordSays')}
          go={say('access.next')}
          ready={password !== ''}
          send={async () => {
            const { secret, uri } = await enrolTotp(password)
            // After the dialog of this step has closed itself.
            setTimeout(() => setStep({ kind: 'code', secret, uri }))
          }}
          onClose={close}
        >
          {passwordField}
        </ActionDialog>
      )}
      {step?.kind === 'code' && (
        <ActionDialog
          key="code"
          title={say('access.factorAdd')}
          go={say('access.confirm')}
          ready={/^\d{6}$/.test(code.trim())}
          send={async () => {
            const { recoveryCodes } = await confirmTotp(code.trim())
            setTimeout(() => setStep({ kind: 'recovery', codes: recoveryCodes }))
          }}
          onClose={close}
        >
          <p>{say('access.factorScan')}</p>
          <QrPicture text={step.uri} label={say('access.factorQr')} />
          <Secret text={step.secret} />
          <label className="field">
            <span>{say('access.factorCode')}</span>
            <input
              inputMode="numeric"
              autoComplete="one-time-code"
              required
              value={code}
              onChange={({ target }) => setCode(target.value)}
            />
          </label>
        </ActionDialog>
      )}
      {step?.kind === 'recovery' && (
        <Dialog title={say('access.recovery')} onClose={close}>
          <p>{say('access.recoverySays')}</p>
          <pre className="sample">{step.codes.join('\n')}</pre>
          <p className="notice">{say('access.shownOnce')}</p>
          <div className="dialog-buttons">
            <button type="button" className="button primary" onClick={close}>
              {say('access.kept')}
            </button>
          </div>
        </Dialog>
      )}
      {step?.kind === 'remove' && (
        <ActionDialog
          title={say('access.factorRemove')}
          says={say('access.factorRemoveSays')}
          go={say('access.factorRemove')}
          ready={password !== ''}
          send={() => removeTotp(password)}
          onClose={close}
        >
          {passwordField}
        </ActionDialog>
      )}
    </Panel>
  )
}
