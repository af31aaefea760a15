import { type FormEvent, useEffect, useRef, useState } from 'react'
import { LanguageChoice } from '../app/language-choice.tsx'
import { forgetValuesOfOthers } from '../offline/keep-values.ts'
import { Message } from '../ui/states.tsx'
import { useWords } from '../words/words.ts'
import {
  changePassword,
  problemOf,
  problemOfError,
  type SignedIn,
  type SignInProblem,
  signIn,
  signInByLink,
  useSignInWays,
} from './session.ts'

/** A new document, so that nothing of whoever was here before is on the page. */
const enter = (): void => location.replace('/')

/** What stands after the # of the address: it never goes to a server. It is read once and taken away. */
function takeFragment(): URLSearchParams {
  const fragment = new URLSearchParams(location.hash.slice(1))
  if (location.hash !== '') history.replaceState(null, '', location.pathname)
  return fragment
}

/** Name and password, a code where one is asked for, and a password of one's own where the server made the last. */
export function SignInPage() {
  const { say } = useWords()
  const [problem, setProblem] = useState<SignInProblem>()
  const [busy, setBusy] = useState(false)
  const [mustChange, setMustChange] = useState(false)
  const [password, setPassword] = useState('')
  const { data: ways } = useSignInWays()
  const begun = useRef(false)

  const attempt = async (work: () => Promise<SignedIn | undefined>): Promise<void> => {
    setBusy(true)
    try {
      const signedIn = await work()
      if (signedIn) await forgetValuesOfOthers(signedIn.user)
      if (signedIn?.mustChangePassword) {
        setMustChange(true)
        setProblem(undefined)
      } else enter()
    } catch (error) {
      setProblem(problemOfError(error))
    } finally {
      setBusy(false)
    }
  }

  const readAddress = (): void => {
    const fragment = takeFragment()
    const key = fragment.get('key')
    const told = fragment.get('problem')
    if (key) void attempt(() => signInByLink(key))
    else if (told) setProblem(problemOf(told))
    else if (fragment.has('change')) setMustChange(true)
  }

  // biome-ignore lint/correctness/useExhaustiveDependencies: the address is read when the page opens, and when it changes.
  useEffect(() => {
    if (!begun.current) {
      begun.current = true
      readAddress()
    }
    // A link that is opened in a tab with this page changes what stands after the # and loads nothing.
    addEventListener('hashchange', readAddress)
    return () => removeEventListener('hashchange', readAddress)
  }, [])

  if (ways === null)
    return (
      <Message title="signIn.open">
        <a href="/">{say('state.toPark')}</a>
      </Message>
    )
  return (
    <main className="sign-in">
      <p className="sign-in-name">
        <img src="/mangrove.svg" alt="" width={40} height={40} />
        <strong>{say('app.name')}</strong>
      </p>
      <h1>{say(mustChange ? 'signIn.changeTitle' : 'signIn.title')}</h1>
      {problem && (
        <p className="sign-in-problem" role="alert">
          {say(`signIn.problem.${problem}`)}
        </p>
      )}
      {mustChange ? (
        <ChangeForm
          busy={busy}
          known={password}
          onChange={(current, next) => void attempt(() => changePassword(current, next).then(() => undefined))}
        />
      ) : (
        <NameForm
          busy={busy}
          askCode={problem === 'code'}
          onSignIn={(name, given, code) => {
            setPassword(given)
            void attempt(() => signIn(name, given, code))
          }}
        />
      )}
      {!mustChange && ways?.provider && (
        <a className="button" href="/api/v1/session/provider">
          {say('signIn.with', { provider: ways.provider })}
        </a>
      )}
      <LanguageChoice />
    </main>
  )
}

interface NameFormProps {
  readonly busy: boolean
  readonly askCode: boolean
  onSignIn(name: string, password: string, code: string): void
}

function NameForm({ busy, askCode, onSignIn }: NameFormProps) {
  const { say } = useWords()
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const send = (event: FormEvent): void => {
    event.preventDefault()
    onSignIn(name, password, code)
  }
  return (
    <form className="sign-in-form" onSubmit={send}>
      <label className="field">
        <span>{say('signIn.name')}</span>
        <input
          name="username"
          autoComplete="username"
          autoCapitalize="none"
          required
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
      </label>
      <PasswordField label={say('signIn.password')} kind="current-password" value={password} onChange={setPassword} />
      {askCode && (
        <label className="field">
          <span>{say('signIn.code')}</span>
          <input
            name="code"
            autoComplete="one-time-code"
            required
            value={code}
            onChange={(event) => setCode(event.target.value)}
          />
        </label>
      )}
      <button type="submit" className="button primary" disabled={busy}>
        {say(busy ? 'signIn.busy' : 'signIn.go')}
      </button>
    </form>
  )
}

interface ChangeFormProps {
  readonly busy: boolean
  /** The password that was just given; empty where the page was opened anew. */
  readonly known: string
  onChange(current: string, next: string): void
}

function ChangeForm({ busy, known, onChange }: ChangeFormProps) {
  const { say } = useWords()
  const [current, setCurrent] = useState(known)
  const [next, setNext] = useState('')
  const send = (event: FormEvent): void => {
    event.preventDefault()
    onChange(current, next)
  }
  return (
    <form className="sign-in-form" onSubmit={send}>
      <p>{say('signIn.changeWhy')}</p>
      {known === '' && (
        <PasswordField label={say('signIn.password')} kind="current-password" value={current} onChange={setCurrent} />
      )}
      <PasswordField label={say('signIn.next')} kind="new-password" value={next} onChange={setNext} />
      <button type="submit" className="button primary" disabled={busy}>
        {say(busy ? 'signIn.busy' : 'signIn.change')}
      </button>
    </form>
  )
}

interface PasswordFieldProps {
  readonly label: string
  readonly kind: 'current-password' | 'new-password'
  readonly value: string
  onChange(value: string): void
}

const PasswordField = ({ label, kind, value, onChange }: PasswordFieldProps) => (
  <label className="field">
    <span>{label}</span>
    <input
      type="password"
      name={kind}
      autoComplete={kind}
      required
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  </label>
)
