import { type FormEvent, useState } from 'react'
import { useMay } from '../sign-in/session.ts'
import { Segmented } from '../ui/segmented.tsx'
import { useWords } from '../words/words.ts'
import { exampleClaims } from './examples.ts'
import { readStated } from './read-stated.ts'

/** A claim in sentences, as it stands in the form. */
export interface ClaimDraft {
  readonly text: string
  readonly region: string
  readonly year: string
}

interface ClaimFormProps {
  readonly site: string
  readonly checking: boolean
  /** What stands in it at first. */
  readonly draft: ClaimDraft | undefined
  onCheck(input: object): void
}

const sampleFile = `region: CN-JS
year: 2025
stated:
  - { role: capacity, value: "5.8", scale: 1000, technology: solar }
  - { role: energy, value: "620", scale: 10000, period: year }
  - { role: emissions, value: "3290", scale: 1000, period: year, gas: CO2 }`

/** A claim in sentences, or as the file of one: numbers with their roles. */
export function ClaimForm({ site, checking, draft, onCheck }: ClaimFormProps) {
  const { say } = useWords()
  const may = useMay('plan', site)
  const [way, setWay] = useState<'sentences' | 'numbers'>('sentences')
  const [text, setText] = useState(draft?.text ?? '')
  const [file, setFile] = useState('')
  const [region, setRegion] = useState(draft?.region ?? '')
  const [year, setYear] = useState(draft?.year ?? '')
  const [wrongLine, setWrongLine] = useState<string>()
  const filled = (way === 'sentences' ? text : file).trim() !== ''
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (!filled) return
    const where = {
      ...(region === '' ? {} : { region: region.toUpperCase() }),
      ...(year === '' ? {} : { year: Number(year) }),
    }
    if (way === 'sentences') {
      onCheck({ text, ...where })
      return
    }
    try {
      setWrongLine(undefined)
      onCheck({ ...readStated(file), ...where })
    } catch (error) {
      setWrongLine(error instanceof Error ? error.message : '')
    }
  }
  return (
    <form className="claim-form" onSubmit={submit}>
      <Segmented
        label={say('claims.way')}
        options={(['sentences', 'numbers'] as const).map((id) => ({ id, title: say(`claims.way.${id}`) }))}
        value={way}
        onChange={(one) => setWay(one)}
      />
      {way === 'sentences' ? (
        <label className="field">
          <span>{say('claims.text')}</span>
          <textarea
            rows={4}
            // biome-ignore lint/a11y/noAutofocus: somebody pressed a button to change this text
            autoFocus={draft !== undefined}
            value={text}
            maxLength={20_000}
            required
            placeholder={say('claims.example')}
            onChange={({ target }) => setText(target.value)}
          />
        </label>
      ) : (
        <label className="field">
          <span>{say('claims.file')}</span>
          <textarea
            rows={8}
            className="claim-file"
            spellCheck={false}
            value={file}
            maxLength={40_000}
            required
            placeholder={sampleFile}
            onChange={({ target }) => setFile(target.value)}
          />
        </label>
      )}
      {wrongLine !== undefined && (
        <p className="dialog-problem" role="alert">
          {say('claims.fileLine', { line: wrongLine })}
        </p>
      )}
      <div className="claim-where">
        <label className="field">
          <span>{say('claims.region')}</span>
          <input
            value={region}
            placeholder="CN-JS"
            pattern="[A-Za-z]{2}([\-+][A-Za-z0-9]{1,20})?"
            onChange={({ target }) => setRegion(target.value)}
          />
        </label>
        <label className="field">
          <span>{say('claims.year')}</span>
          <input
            type="number"
            min={1990}
            max={2199}
            value={year}
            placeholder="2025"
            onChange={({ target }) => setYear(target.value)}
          />
        </label>
        <button
          type="submit"
          className="button primary"
          disabled={!may || checking || !filled}
          title={may ? undefined : say('claims.mayNot')}
        >
          {say(checking ? 'claims.checking' : 'claims.check')}
        </button>
      </div>
      {!may && <p className="quiet">{say('claims.mayNot')}</p>}
      <p className="claim-examples">
        <span className="quiet">{say('claims.try')}</span>
        {exampleClaims.map((example) => (
          <button
            key={example.id}
            type="button"
            className="button small"
            title={example.text}
            onClick={() => {
              setWay('sentences')
              setText(example.text)
              setRegion(example.region)
              setYear(example.year)
            }}
          >
            {say(`claims.try.${example.id}`)}
          </button>
        ))}
      </p>
    </form>
  )
}
