import { useQueryClient } from '@tanstack/react-query'
import { Download, Upload } from 'lucide-react'
import { useId, useRef, useState } from 'react'
import { detailOf } from '../api/client.ts'
import type { Site, SiteAsset } from '../api/types.ts'
import { dayAndTime } from '../format/times.ts'
import { useMay } from '../sign-in/session.ts'
import { DataTable } from '../ui/data-table.tsx'
import { Panel } from '../ui/panel.tsx'
import { saveFile } from '../ui/save-file.ts'
import { Failure, Skeleton } from '../ui/states.tsx'
import { useWords } from '../words/words.ts'
import { keepFile, type ListedDocument, mostFileBytes, readFile, useDocuments } from './asset-documents.ts'

interface DocumentsPanelProps {
  readonly site: Site
  readonly asset: SiteAsset
}

const mostFileKb = Math.floor(mostFileBytes / 1000)

/** Data sheets, drawings, protocols: kept with the asset, version by version. */
export function DocumentsPanel({ site, asset }: DocumentsPanelProps) {
  const { say, language } = useWords()
  const client = useQueryClient()
  const mayConfigure = useMay('configure', site.id)
  const documents = useDocuments(site.id, asset.id)
  const input = useRef<HTMLInputElement>(null)
  const limit = useId()
  const [told, setTold] = useState<{ readonly bad: boolean; readonly text: string }>()
  const keep = async (file: File | undefined): Promise<void> => {
    if (!file) return
    if (file.size > mostFileBytes) {
      setTold({ bad: true, text: say('assets.tooLarge', { name: file.name, most: mostFileKb }) })
      return
    }
    try {
      await keepFile(site.id, asset.id, file, documents.data ?? [])
      setTold({ bad: false, text: say('assets.kept', { name: file.name }) })
    } catch (error) {
      setTold({ bad: true, text: detailOf(error) })
    }
    await client.invalidateQueries({ queryKey: ['documents', site.id, asset.id] })
  }
  const save = (name: string): void => {
    readFile(site.id, asset.id, name).then(
      (file) => saveFile(file.name, file),
      (error: unknown) => setTold({ bad: true, text: detailOf(error) }),
    )
  }
  const upload = (
    <>
      <input
        ref={input}
        type="file"
        className="visually-hidden"
        tabIndex={-1}
        aria-label={say('assets.upload')}
        onChange={({ target }) => {
          void keep(target.files?.[0])
          target.value = ''
        }}
      />
      <button
        type="button"
        className="button"
        disabled={!mayConfigure || !documents.data}
        aria-describedby={limit}
        title={mayConfigure ? undefined : say('assets.mayNot')}
        onClick={() => input.current?.click()}
      >
        <Upload size={16} aria-hidden /> {say('assets.upload')}
      </button>
    </>
  )
  return (
    <Panel title={say('assets.documents')} actions={upload}>
      <p className="quiet" id={limit}>
        {mayConfigure ? say('assets.most', { most: mostFileKb }) : say('assets.mayNot')}
      </p>
      {told && (
        <p className={told.bad ? 'dialog-problem' : 'quiet'} role={told.bad ? 'alert' : 'status'}>
          {told.text}
        </p>
      )}
      {documents.error && !documents.data ? (
        <Failure error={documents.error} retry={() => void documents.refetch()} />
      ) : !documents.data ? (
        <Skeleton height={64} />
      ) : (
        <DataTable<ListedDocument>
          caption={say('assets.documents')}
          rows={documents.data}
          keyOf={({ name }) => name}
          empty={say('assets.noDocuments')}
          columns={[
            { id: 'name', title: say('assets.document'), cell: ({ name }) => name, sortBy: ({ name }) => name },
            {
              id: 'version',
              title: say('assets.version'),
              numeric: true,
              cell: ({ version }) => version,
              sortBy: ({ version }) => version,
            },
            {
              id: 'time',
              title: say('runs.time'),
              cell: ({ createdMs }) => dayAndTime(createdMs, site.zone, language),
              sortBy: ({ createdMs }) => createdMs,
            },
            {
              id: 'save',
              title: <span className="visually-hidden">{say('assets.download')}</span>,
              cell: ({ name }) => (
                <button
                  type="button"
                  className="button plain icon"
                  title={say('assets.download')}
                  aria-label={`${say('assets.download')}: ${name}`}
                  onClick={() => save(name)}
                >
                  <Download size={16} aria-hidden />
                </button>
              ),
            },
          ]}
        />
      )}
    </Panel>
  )
}
