import { printed } from '../carbon/carbon-text.ts'
import { formatNumber } from '../format/numbers.ts'
import { useWords } from '../words/words.ts'
import type { LedgerEntry } from './ledger-queries.ts'
import { placeText } from './place-text.ts'

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

/** One entry in a few words. */
export function EntryText({ entry: { kind, body } }: { readonly entry: LedgerEntry }) {
  const words = useWords()
  const { say, knows } = words
  const text = (name: string): string | undefined => textOf(body[name])
  const kindKey = `ledger.kind.${kind}`
  const kindText = knows(kindKey) ? say(kindKey) : kind
  switch (kind) {
    case 'emission':
      return (
        <>
          <strong>{formatNumber(Number(text('amountKg')))}</strong>{' '}
          <span className="unit">kg {printed(text('gas') ?? '')}</span>{' '}
          <small>
            {[text('asset'), ...placeText({ ...body, book: undefined }, words)].filter(Boolean).join(' · ')}
          </small>
        </>
      )
    case 'reversal':
      return (
        <>
          {kindText} <code>{text('reverses')}</code> <small>{text('note')}</small>
        </>
      )
    case 'claim':
      return (
        <>
          {text('instrument')} <small>{text('holder')}</small>
        </>
      )
    case 'credit': {
      const event = body.event as Readonly<Record<string, unknown>> | undefined
      return (
        <>
          {textOf(event?.type)} <small>{textOf(event?.project)}</small>
        </>
      )
    }
    default:
      return <small>{text('note')}</small>
  }
}
