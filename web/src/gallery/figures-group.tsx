import { useState } from 'react'
import { formatNumber } from '../format/numbers.ts'
import { Sourced } from '../pedigree/sourced.tsx'
import { Breadcrumb } from '../ui/breadcrumb.tsx'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { Value } from '../ui/figure.tsx'
import { Pagination } from '../ui/pagination.tsx'
import { Panel } from '../ui/panel.tsx'
import { colour, glyphs } from '../ui/sources.ts'
import { Sparkline } from '../ui/sparkline.tsx'
import { Stat } from '../ui/stat.tsx'
import { ToneMark } from '../ui/tone.tsx'
import { useWords } from '../words/words.ts'
import { type SampleAsset, sampleAssets, sampleDay } from './samples.ts'

/** Figures in a panel. */
export function Figures({ site }: { readonly site: string }) {
  const { say } = useWords()
  return (
    <Panel
      title={say('gallery.panel')}
      actions={<Sparkline label={say('park.use')} values={sampleDay.use} token="load" />}
    >
      <dl className="stats">
        <Stat label={say('park.use')} note={say('gallery.againstPlan', { share: formatNumber(104) })}>
          <Sourced from={{ kind: 'point', site, ref: 'main.powerKw' }}>
            <Value value={2481.3} unit="kW" />
          </Sourced>
        </Stat>
        <Stat label={say('park.renewable')}>
          <Value value={0.637} unit="1" />
        </Stat>
        <Stat label={say('park.import')} note={<ToneMark tone="stale">{say('age.minutes', { count: 14 })}</ToneMark>}>
          <Value value={12_840} unit="kWh" />
        </Stat>
        <Stat label={say('park.export')}>
          <Value value={undefined} unit="kWh" />
        </Stat>
      </dl>
    </Panel>
  )
}

/** A table of rows, one without, and the way through many. */
export function Tables() {
  const { say } = useWords()
  const [page, setPage] = useState(0)
  const columns: readonly Column<SampleAsset>[] = [
    {
      id: 'name',
      title: say('gallery.asset'),
      sortBy: ({ family }) => say(`kind.${family}`),
      cell: ({ family }) => {
        const Glyph = glyphs[family]
        return (
          <span className="gallery-asset">
            <Glyph size={16} color={colour(family)} aria-hidden />
            {say(`kind.${family}`)}
          </span>
        )
      },
    },
    {
      id: 'course',
      title: say('gallery.course'),
      cell: ({ family, course }) => <Sparkline label={say(`kind.${family}`)} values={course} token={family} />,
    },
    {
      id: 'power',
      title: say('gallery.power'),
      numeric: true,
      sortBy: ({ powerKw }) => powerKw,
      cell: ({ powerKw }) => <Value value={powerKw} unit="kW" />,
    },
  ]
  const table = { columns, keyOf: ({ family }: SampleAsset) => family, empty: say('gallery.noRows') }
  return (
    <>
      <Breadcrumb
        label={say('gallery.trail')}
        trail={[{ title: say('page.park'), to: '../park' }, { title: say('gallery.assets') }]}
      />
      <DataTable caption={say('gallery.assets')} rows={sampleAssets} {...table} />
      <Pagination label={say('gallery.assets')} page={page} pageSize={3} total={14} onChange={setPage} />
      <DataTable caption={say('gallery.noRows')} rows={[]} {...table} />
    </>
  )
}
