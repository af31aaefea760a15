import { useParams } from '@tanstack/react-router'
import { EllipsisVertical } from 'lucide-react'
import { useState } from 'react'
import { useSites } from '../api/queries.ts'
import { dayAndTime } from '../format/times.ts'
import { Menu } from '../ui/menu.tsx'
import { pngOf, saveFile } from '../ui/save-file.ts'
import { toast } from '../ui/toast.ts'
import { useWords } from '../words/words.ts'
import { type ChartTable, csvOf, fileNameOf } from './chart-table.ts'
import { ChartTableDialog } from './chart-table-dialog.tsx'
import { standingAlone } from './save-picture.ts'

export interface ChartActionsProps {
  readonly title: string
  readonly zone: string
  /** Its own source, where it is not the site: a run, a standard. */
  readonly source?: string | undefined
  /** The picture as an SVG with the source in it; undefined while it is not drawn. */
  picture(source: string): Promise<string | undefined>
  table(): ChartTable
}

/** What can be done with any chart: keep it as a picture or as numbers, or read it as a table. */
export function ChartActions({ title, zone, source, picture, table }: ChartActionsProps) {
  const { say, language } = useWords()
  const { site } = useParams({ strict: false })
  const { data: sites = [] } = useSites()
  const [shown, setShown] = useState<ChartTable>()
  const name = fileNameOf(title)
  const save = (end: 'svg' | 'png') => async (): Promise<void> => {
    const from =
      source ??
      say('charts.source', {
        site: sites.find(({ id }) => id === site)?.name ?? site ?? '',
        moment: dayAndTime(Date.now(), zone, language),
      })
    try {
      const svg = await picture(from)
      if (svg === undefined) return
      const whole = await standingAlone(svg)
      saveFile(`${name}.${end}`, end === 'svg' ? new Blob([whole], { type: 'image/svg+xml' }) : await pngOf(whole))
    } catch {
      toast(say('charts.failed'), 'warning')
    }
  }
  // A mark at the front tells spreadsheets that the letters are UTF-8.
  const csv = (): void => saveFile(`${name}.csv`, new Blob(['\ufeff', csvOf(table(), zone)], { type: 'text/csv' }))
  return (
    <>
      <Menu
        label={say('charts.menu', { title })}
        trigger={
          <button type="button" className="button plain icon chart-menu" title={say('charts.menu', { title })}>
            <EllipsisVertical size={16} aria-hidden />
            <span className="visually-hidden">{say('charts.menu', { title })}</span>
          </button>
        }
        items={[
          { id: 'png', title: say('charts.png'), onChoose: () => void save('png')() },
          { id: 'svg', title: say('charts.svg'), onChoose: () => void save('svg')() },
          { id: 'csv', title: say('charts.csv'), onChoose: csv },
          { id: 'table', title: say('charts.table'), onChoose: () => setShown(table()) },
        ]}
      />
      {shown && <ChartTableDialog {...{ title, zone }} table={shown} onClose={() => setShown(undefined)} />}
    </>
  )
}
