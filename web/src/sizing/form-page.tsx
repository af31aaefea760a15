import { useMutation } from '@tanstack/react-query'
import { Play } from 'lucide-react'
import { type FormEvent, useState } from 'react'

import type { Site } from '../api/types.ts'
import { jobs } from '../jobs/jobs.ts'
import { useMay } from '../sign-in/session.ts'
import { Panel } from '../ui/panel.tsx'
import { Segmented } from '../ui/segmented.tsx'
import { useWords } from '../words/words.ts'
import { NumberField } from './number-field.tsx'
import { OptionTable } from './option-table.tsx'
import { SendProblem } from './send-problem.tsx'
import {
  debtFields,
  depths,
  formOf,
  moneyFields,
  readForm,
  type SizingForm,
  targetFields,
  type Wrong,
} from './sizing-form.ts'

interface FormPageProps {
  readonly site: Site
  onStarted(job: string): void
}

const pointChoices = [0, 2, 4, 8] as const

/** What may be built, at what money, with which targets; sends it as a job. */
export function FormPage({ site, onStarted }: FormPageProps) {
  const { say } = useWords()
  const may = useMay('plan', site.id)
  const [form, setForm] = useState(() => formOf(site))
  const [tried, setTried] = useState(false)
  const { input, wrong } = readForm(site, form)
  const shown: Readonly<Record<string, Wrong>> = tried ? wrong : {}
  const count = Object.keys(wrong).length
  const start = useMutation({
    mutationFn: () => jobs.start('energy.size', input),
    onSuccess: ({ id }) => onStarted(id),
  })
  const send = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    setTried(true)
    if (count === 0) start.mutate()
    else requestAnimationFrame(() => document.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus())
  }
  const fields = (list: typeof moneyFields): React.ReactNode => (
    <div className="sizing-fields">
      {list.map(({ id, unit }) => (
        <NumberField
          key={id}
          label={say(`sizing.field.${id}` as 'sizing.field.years')}
          unit={unit === 'CUR' ? site.currency : unit}
          hint={say(`sizing.hint.${id}` as 'sizing.hint.years')}
          value={form.texts[id] ?? ''}
          wrong={shown[id]}
          onChange={(text) => setForm({ ...form, texts: { ...form.texts, [id]: text } })}
        />
      ))}
    </div>
  )
  return (
    <form className="sizing-form" onSubmit={send} noValidate aria-label={say('sizing.new')}>
      <Panel title={say('sizing.options')}>
        <p className="quiet">{say('sizing.optionsSays')}</p>
        <OptionTable site={site} form={form} wrong={shown} onChange={setForm} />
        {shown.options && <p className="sizing-wrong">{say('sizing.wrong.option')}</p>}
      </Panel>
      <Panel title={say('sizing.targets')}>
        <p className="quiet">{say('sizing.targetsSays')}</p>
        {fields(targetFields)}
      </Panel>
      <Panel title={say('sizing.money')}>{fields(moneyFields)}</Panel>
      <details className="sizing-more">
        <summary>{say('sizing.debt')}</summary>
        {fields(debtFields)}
      </details>
      <Panel title={say('sizing.depth')}>
        <div className="sizing-depth">
          <Segmented
            label={say('sizing.depth')}
            options={depths.map((id) => ({ id, title: say(`sizing.depth.${id}`) }))}
            value={form.depth}
            onChange={(depth: SizingForm['depth']) => setForm({ ...form, depth })}
          />
          <label className="field sizing-points">
            <span>{say('sizing.points')}</span>
            <select
              className="select"
              value={form.points}
              onChange={({ target }) => setForm({ ...form, points: Number(target.value) })}
            >
              {pointChoices.map((points) => (
                <option key={points} value={points}>
                  {points === 0 ? say('sizing.pointsNone') : points + 2}
                </option>
              ))}
            </select>
          </label>
        </div>
        <p className="quiet">{say(`sizing.depthSays.${form.depth}`)}</p>
      </Panel>
      <footer className="sizing-send">
        <button type="submit" className="button primary" disabled={!may || start.isPending}>
          <Play size={16} aria-hidden /> {say('sizing.start')}
        </button>
        {!may && <span className="quiet">{say('sizing.mayNot')}</span>}
        <span role="status" className="sizing-wrong">
          {tried && count > 0 ? say('sizing.toMend', { count }) : ''}
        </span>
        {start.error && <SendProblem error={start.error} />}
      </footer>
    </form>
  )
}
