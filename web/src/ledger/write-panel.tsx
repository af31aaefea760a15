import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { printed } from '../carbon/carbon-text.ts'
import { formatNumber } from '../format/numbers.ts'
import { useMay } from '../sign-in/session.ts'
import { Panel } from '../ui/panel.tsx'
import { Segmented } from '../ui/segmented.tsx'
import { useWords } from '../words/words.ts'
import { entryTime } from './entry-time.ts'
import { type EntryDraft, type Ledger, useEntriesAbout, writeEntries } from './ledger-queries.ts'
import { previewDraft, readDrafts } from './preview-draft.ts'

const reasons = [
  ...(['wrong-amount', 'wrong-unit', 'wrong-factor', 'wrong-period', 'wrong-boundary'] as const),
  ...(['duplicate', 'late-data', 'new-method', 'structural-change', 'audit-finding'] as const),
] as const

interface WritePanelProps {
  readonly site: string
  readonly zone: string
  readonly ledger: Ledger
}

/** Writes entries, or takes one back; says first what that will do. */
export function WritePanel({ site, zone, ledger }: WritePanelProps) {
  const { say } = useWords()
  const client = useQueryClient()
  const may = useMay('configure', site)
  const [way, setWay] = useState<'reversal' | 'lines'>('lines')
  const [lines, setLines] = useState('')
  const [reverses, setReverses] = useState('')
  const [reason, setReason] = useState<(typeof reasons)[number]>('wrong-amount')
  const [note, setNote] = useState('')
  const drafts = draftsOf(way, lines, { reverses: reverses.trim(), reason, note })
  const write = useMutation({
    mutationFn: () => writeEntries(site, drafts ?? []),
    onSuccess: async () => {
      setLines('')
      setReverses('')
      setNote('')
      await client.invalidateQueries({ queryKey: ['ledger', site] })
      await client.invalidateQueries({ queryKey: ['ledger-credits', site] })
      await client.invalidateQueries({ queryKey: ['ledger-about', site] })
    },
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    write.mutate()
  }
  return (
    <Panel
      title={say('ledger.write')}
      actions={
        <Segmented
          label={say('ledger.write')}
          options={(['lines', 'reversal'] as const).map((id) => ({ id, title: say(`ledger.write.${id}`) }))}
          value={way}
          onChange={(one) => setWay(one)}
        />
      }
    >
      <p className="quiet">{say(may ? 'ledger.writeWhy' : 'ledger.mayNot')}</p>
      <form className="ledger-write" onSubmit={submit}>
        {way === 'lines' ? (
          <label className="field wide">
            <span>{say('ledger.lines')}</span>
            <textarea
              rows={8}
              spellCheck={false}
              maxLength={500_000}
              value={lines}
              placeholder={
                '{"id":"close-2025","kind":"close","body":{"fromMs":1735660800000,"toMs":1767196800000,"note":"…"}}'
              }
              onChange={({ target }) => setLines(target.value)}
            />
          </label>
        ) : (
          <>
            <label className="field">
              <span>{say('ledger.reverses')}</span>
              <input required value={reverses} maxLength={120} onChange={({ target }) => setReverses(target.value)} />
            </label>
            <label className="field">
              <span>{say('ledger.reason')}</span>
              <select
                className="select"
                value={reason}
                onChange={({ target }) => setReason(reasons.find((one) => one === target.value) ?? 'wrong-amount')}
              >
                {reasons.map((one) => (
                  <option key={one} value={one}>
                    {say(`ledger.reason.${one}`)}
                  </option>
                ))}
              </select>
            </label>
            <label className="field wide">
              <span>{say('ledger.note')}</span>
              <input required value={note} maxLength={1000} onChange={({ target }) => setNote(target.value)} />
            </label>
          </>
        )}
        {drafts === undefined ? (
          <p className="dialog-problem" role="alert">
            {say('ledger.noJson')}
          </p>
        ) : (
          drafts.length > 0 && (
            <ul className="ledger-preview" aria-label={say('ledger.preview')} aria-live="polite">
              {drafts.map((draft, k) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: the same id may stand twice
                <PreviewLine key={`${k} ${draft.id}`} {...{ site, zone, draft, ledger }} />
              ))}
            </ul>
          )
        )}
        <button
          type="submit"
          className="button primary"
          disabled={!may || write.isPending || drafts === undefined || drafts.length === 0}
          title={may ? undefined : say('ledger.mayNot')}
        >
          {say('ledger.writeGo', { number: drafts?.length ?? 0 })}
        </button>
        {write.isSuccess && <p role="status">{say('ledger.wrote', { size: formatNumber(write.data.size) })}</p>}
        {write.error && (
          <p className="dialog-problem" role="alert">
            {write.error.message}
          </p>
        )}
      </form>
    </Panel>
  )
}

interface Reversal {
  readonly reverses: string
  readonly reason: string
  readonly note: string
}

function draftsOf(way: 'reversal' | 'lines', lines: string, body: Reversal): readonly EntryDraft[] | undefined {
  if (way === 'reversal') {
    return body.reverses === '' ? [] : [{ id: `${body.reverses}-taken-back`, kind: 'reversal', body: { ...body } }]
  }
  try {
    return readDrafts(lines)
  } catch {
    return undefined
  }
}

interface PreviewLineProps {
  readonly site: string
  readonly zone: string
  readonly draft: EntryDraft
  readonly ledger: Ledger
}

function PreviewLine({ site, zone, draft, ledger }: PreviewLineProps) {
  const { say, knows, language } = useWords()
  const reverses = typeof draft.body.reverses === 'string' ? draft.body.reverses : ''
  const about = useEntriesAbout(site, draft.kind === 'reversal' && reverses !== '' ? reverses : draft.id)
  const target = about.data?.find(({ entry }) => entry.id === reverses)
  const written = about.data?.some(({ entry }) => entry.id === draft.id) ?? false
  const { total, claims, frees, problems } = previewDraft(draft, ledger.totals, target)
  const kindKey = `ledger.kind.${draft.kind}`
  const bookKey = `ledger.book.${total?.book}`
  const time = entryTime(draft, zone, language)
  return (
    <li>
      <strong>
        {knows(kindKey) ? say(kindKey) : draft.kind} <code>{draft.id}</code>
      </strong>
      {time !== '' && (
        <span>
          {say('ledger.time')}: {time}
        </span>
      )}
      {draft.kind === 'close' && <small>{say('ledger.preview.closes')}</small>}
      {total && (
        <span>
          {[knows(bookKey) ? say(bookKey) : total.book, total.scope && say('ledger.scope', { scope: total.scope })]
            .filter(Boolean)
            .join(', ')}
          : {formatNumber(total.beforeKg)} → <strong>{formatNumber(total.afterKg)}</strong>{' '}
          <span className="unit">kg {printed(total.gas)}</span>
        </span>
      )}
      {claims.length > 0 && (
        <small>{say(frees ? 'ledger.preview.frees' : 'ledger.preview.claims', { keys: claims.join(', ') })}</small>
      )}
      {written && <small>{say('ledger.preview.written')}</small>}
      {(about.data ? problems : []).map((problem) => (
        <small key={problem} className="ledger-warn">
          ▲ {say(`ledger.preview.${problem}`)}
        </small>
      ))}
    </li>
  )
}
