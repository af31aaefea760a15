import type { EntryDraft, LedgerEntry, LedgerTotal } from './ledger-queries.ts'

/** What a draft would change, as far as the page can tell; the server has the last word. */
export interface Preview {
  /** A total before and after, kg; absent where no total moves. */
  readonly total?: {
    readonly book: string
    readonly scope?: number
    readonly gas: string
    readonly beforeKg: number
    readonly afterKg: number
  }
  /** Quantities that would be claimed, or set free. */
  readonly claims: readonly string[]
  readonly frees: boolean
  readonly problems: readonly ('unknown-kind' | 'no-amount' | 'product' | 'no-target' | 'reversed' | 'no-reason')[]
}

interface Emission {
  readonly book?: string
  readonly scope?: number
  readonly category?: string
  readonly method?: string
  readonly gas?: string
  readonly boundary?: string
  readonly amountKg?: string
  readonly activity?: { readonly amount?: string; readonly unit?: string }
  readonly factors?: readonly { readonly value?: string; readonly unit?: string }[]
  readonly claims?: readonly { readonly key?: string }[]
}

/** Reads drafts as people paste them: one JSON object, an array of them, or one a line. @throws SyntaxError */
export function readDrafts(text: string): readonly EntryDraft[] {
  const trimmed = text.trim()
  if (trimmed === '') return []
  const whole = ((): unknown => {
    try {
      return JSON.parse(trimmed)
    } catch {
      return trimmed.split('\n').flatMap((line) => (line.trim() === '' ? [] : [JSON.parse(line) as unknown]))
    }
  })()
  const all = (Array.isArray(whole) ? whole : [whole]) as readonly Partial<EntryDraft>[]
  // Who writes is who asks; when, the server says.
  return all.map(({ id = '', kind = '', body = {} }) => ({ id: String(id), kind: String(kind), body }))
}

const kinds = ['emission', 'claim', 'reversal', 'close', 'credit']

/**
 * What a draft would do to the totals of a ledger.
 *
 * @param target entry that a reversal takes back, where it is known, and what took it back before
 */
export function previewDraft(
  { kind, body }: EntryDraft,
  totals: readonly LedgerTotal[],
  target?: { readonly entry: LedgerEntry; readonly reversedBy: string | undefined },
): Preview {
  const none = { claims: [], frees: false }
  if (!kinds.includes(kind)) return { ...none, problems: ['unknown-kind'] }
  if (kind === 'reversal') {
    const problems = [
      ...(target ? [] : (['no-target'] as const)),
      ...(target?.reversedBy === undefined ? [] : (['reversed'] as const)),
      ...(String(body.reason ?? '') === '' || String(body.note ?? '').trim() === '' ? (['no-reason'] as const) : []),
    ]
    if (target?.entry.kind !== 'emission') return { claims: keysOf(target?.entry.body), frees: true, problems }
    const taken = target.entry.body as Emission
    return { ...moved(taken, totals, -1), claims: keysOf(target.entry.body), frees: true, problems }
  }
  if (kind !== 'emission') return { ...none, claims: keysOf(body), problems: [] }
  const emission = body as Emission
  const amount = Number(emission.amountKg)
  if (emission.amountKg === undefined || !Number.isFinite(amount)) return { ...none, problems: ['no-amount'] }
  const product = productOf(emission)
  const isOff = product !== undefined && Math.abs(product - amount) > 1e-6 * Math.max(1, Math.abs(amount))
  return { ...moved(emission, totals, 1), claims: keysOf(body), frees: false, problems: isOff ? ['product'] : [] }
}

const keysOf = (body: Readonly<Record<string, unknown>> | undefined): readonly string[] =>
  ((body as Emission | undefined)?.claims ?? []).flatMap(({ key }) => (key === undefined ? [] : [key]))

function moved(emission: Emission, totals: readonly LedgerTotal[], sign: 1 | -1): Pick<Preview, 'total'> {
  const { book = '', scope, category, method, gas = '', boundary } = emission
  const total = totals.find(
    (one) =>
      one.book === book &&
      one.scope === scope &&
      one.category === category &&
      one.method === method &&
      one.gas === gas &&
      one.boundary === boundary,
  )
  const beforeKg = Number(total?.amountKg ?? 0)
  return {
    total: {
      ...{ book, gas, beforeKg, afterKg: beforeKg + sign * Number(emission.amountKg) },
      ...(scope === undefined ? {} : { scope }),
    },
  }
}

/** The product, where all units are of one plain chain; undefined: the server computes it with their units. */
function productOf({ activity, factors = [] }: Emission): number | undefined {
  const [factor, ...others] = factors
  if (others.length > 0 || !factor || factor.unit !== `kg/${activity?.unit}`) return undefined
  const product = Number(activity?.amount) * Number(factor.value)
  return Number.isFinite(product) ? product : undefined
}
