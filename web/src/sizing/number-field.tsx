import { useId } from 'react'
import { useWords } from '../words/words.ts'
import type { Wrong } from './sizing-form.ts'

interface NumberFieldProps {
  readonly label: string
  readonly unit?: string
  /** What it means, or where its first value comes from. */
  readonly hint?: string
  readonly value: string
  readonly wrong: Wrong | undefined
  /** The label is there to be heard only: in a table whose head says it. */
  readonly bare?: boolean
  onChange(value: string): void
}

/** A number, with its unit, what it means, and what is wrong with it. */
export function NumberField({ label, unit, hint, value, wrong, bare = false, onChange }: NumberFieldProps) {
  const { say } = useWords()
  const id = useId()
  return (
    <label className="field sizing-field" data-wrong={wrong !== undefined}>
      <span className={bare ? 'visually-hidden' : undefined}>
        {label}
        {unit !== undefined && <span className="unit">{unit}</span>}
      </span>
      <input
        inputMode="decimal"
        autoComplete="off"
        value={value}
        aria-invalid={wrong !== undefined}
        aria-describedby={hint !== undefined || wrong ? id : undefined}
        onChange={({ target }) => onChange(target.value)}
      />
      {(hint !== undefined || wrong) && (
        <small id={id} className={wrong ? 'sizing-wrong' : undefined}>
          {wrong ? say(`sizing.wrong.${wrong.code}`, wrong.values) : hint}
        </small>
      )}
    </label>
  )
}
