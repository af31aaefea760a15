import { useMutation } from '@tanstack/react-query'
import { Play } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import type { Site } from '../api/types.ts'
import { formatNumber } from '../format/numbers.ts'
import { jobs } from '../jobs/jobs.ts'
import { useMay } from '../sign-in/session.ts'
import { Segmented } from '../ui/segmented.tsx'
import { useWords } from '../words/words.ts'
import { NumberField } from './number-field.tsx'
import { readNumber } from './read-number.ts'
import { SendProblem } from './send-problem.tsx'
import { perDollar } from './sizable.ts'
import {
  type DayShape,
  dayShapeNames,
  dayShapes,
  type GridKind,
  gridKinds,
  inCurrency,
  readVillage,
  type VillageText,
  villageOf,
} from './village.ts'
import { VillagePrices } from './village-prices.tsx'

interface VillageFormProps {
  readonly site: Site
  onStarted(job: string): void
}

/** Six questions to a first answer, for a place that has nothing to size yet. */
export function VillageForm({ site, onStarted }: VillageFormProps) {
  const { say } = useWords()
  const may = useMay('plan', site.id)
  const [village, setVillage] = useState(() => villageOf(site))
  const [tried, setTried] = useState(false)
  const { input, wrong } = readVillage(site, village, (id) => say(`sizing.asset.${id}`))
  const count = Object.keys(wrong).length
  const start = useMutation({
    mutationFn: () => jobs.start('energy.size', input),
    onSuccess: ({ id }) => onStarted(id),
  })
  const send = (event: FormEvent): void => {
    event.preventDefault()
    setTried(true)
    if (count === 0) start.mutate()
    else requestAnimationFrame(() => document.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus())
  }
  const field = (id: VillageText, unit?: string): React.ReactNode => (
    <NumberField
      label={say(`sizing.village.${id}`)}
      {...(unit === undefined ? {} : { unit })}
      hint={say(`sizing.villageHint.${id}`)}
      value={village[id]}
      wrong={tried ? wrong[id] : undefined}
      onChange={(text) => setVillage({ ...village, [id]: text })}
    />
  )
  const question = (number: number, key: 'place' | 'load' | 'grid' | 'money' | 'outage' | 'prices') => (
    <legend>
      <b>{number}</b> {say(`sizing.ask.${key}`)}
    </legend>
  )
  const { currency } = village
  return (
    <form className="sizing-village" onSubmit={send} noValidate aria-label={say('sizing.simple')}>
      <p className="quiet">{say('sizing.simpleSays')}</p>
      <fieldset>
        {question(1, 'place')}
        <div className="sizing-fields">
          {field('latitude', '°')}
          {field('longitude', '°')}
        </div>
      </fieldset>
      <fieldset>
        {question(2, 'load')}
        <div className="sizing-fields">
          {field('dayKwh', 'kWh')}
          <div className="sizing-shape">
            <Segmented
              label={say('sizing.shape')}
              options={dayShapeNames.map((id) => ({ id, title: say(`sizing.shape.${id}`) }))}
              value={village.shape}
              onChange={(shape: DayShape) => setVillage({ ...village, shape })}
            />
            <ShapeSketch shape={village.shape} dayKwh={readNumber(village.dayKwh)} />
          </div>
        </div>
      </fieldset>
      <fieldset>
        {question(3, 'grid')}
        <Segmented
          label={say('sizing.ask.grid')}
          options={gridKinds.map((id) => ({ id, title: say(`sizing.grid.${id}`) }))}
          value={village.grid}
          onChange={(grid: GridKind) => setVillage({ ...village, grid })}
        />
        <p className="quiet">{say(`sizing.gridSays.${village.grid}`)}</p>
      </fieldset>
      <fieldset>
        {question(4, 'money')}
        <div className="sizing-fields">{field('budget', currency)}</div>
      </fieldset>
      <fieldset>
        {question(5, 'outage')}
        <div className="sizing-fields">{field('outageHours', 'h')}</div>
      </fieldset>
      <fieldset>
        {question(6, 'prices')}
        <div className="sizing-fields">
          <label className="field sizing-field">
            <span>{say('sizing.village.currency')}</span>
            <select
              className="select"
              value={currency}
              onChange={({ target }) => setVillage(inCurrency(village, target.value))}
            >
              {[...new Set([site.currency, ...Object.keys(perDollar)])].map((code) => (
                <option key={code} value={code}>
                  {code}
                </option>
              ))}
            </select>
            <small>{say('sizing.villageHint.currency')}</small>
          </label>
          {field('dollar', currency)}
          {field('factor')}
        </div>
        <VillagePrices village={village} wrong={tried ? wrong : {}} onChange={setVillage} />
      </fieldset>
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

const sketchHours = [0, 6, 12, 18, 24] as const

/** When the energy is used, hour by hour, with its highest load. */
function ShapeSketch({ shape, dayKwh }: { readonly shape: DayShape; readonly dayKwh: number }) {
  const { say } = useWords()
  const values = dayShapes[shape]
  const most = Math.max(...values)
  const peakKw = (most / values.reduce<number>((sum, value) => sum + value, 0)) * dayKwh
  return (
    <figure className="sizing-sketch">
      <svg viewBox="0 0 240 40" role="img" aria-label={say(`sizing.shapeSays.${shape}`)}>
        {values.map((value, hour) => (
          <rect
            // biome-ignore lint/suspicious/noArrayIndexKey: an hour is its place
            key={hour}
            x={hour * 10 + 1}
            y={40 - (38 * value) / most}
            width={8}
            height={(38 * value) / most}
          />
        ))}
      </svg>
      <div className="sizing-sketch-hours" aria-hidden>
        {sketchHours.map((hour) => (
          <span key={hour}>{hour}</span>
        ))}
      </div>
      <figcaption>
        {say(`sizing.shapeSays.${shape}`)}
        {Number.isFinite(peakKw) && ` ${say('sizing.shapePeak', { peak: formatNumber(peakKw, 2) })}`}
      </figcaption>
    </figure>
  )
}
