import { carbonErrors } from '../errors.ts'

/**
 * A claim to a physical quantity over a span of time: the megawatt-hours of one meter, the certificate of one serial. What
 * is claimed is a share of it; all shares of a moment come to 1 at most.
 */
export interface Claim {
  /** Names the quantity, not who claims it: `energy/liyang-park/roof`, `certificate/GEC/2025-000123`. */
  readonly key: string
  readonly fromMs: number
  /** Exclusive. */
  readonly toMs: number
  /** Above 0, at most 1; decimal text with at most 12 digits behind the point. */
  readonly share: string
}

interface Held {
  readonly by: string
  readonly share: bigint
}

/** A span within which nothing changes. */
interface Span {
  readonly fromMs: number
  readonly toMs: number
  readonly held: readonly Held[]
}

export interface ClaimIndex {
  /**
   * Takes claims for an entry: all of them, or none.
   *
   * @throws `carbon.claimed-twice` with both entries named; `carbon.bad-entry`
   */
  take(claims: readonly Claim[], by: string): void
  /** Gives back what an entry claimed. */
  release(claims: readonly Claim[], by: string): void
  /** Who holds which share of a quantity, span by span. */
  spans(key: string, fromMs: number, toMs: number): readonly HeldSpan[]
}

export interface HeldSpan {
  readonly fromMs: number
  readonly toMs: number
  readonly held: readonly { readonly by: string; readonly share: string }[]
}

const whole = 10n ** 12n

/** @throws `carbon.bad-entry` */
function shareOf(text: string): bigint {
  const match = /^(?:0\.(\d{1,12})|1(?:\.0{1,12})?)$/.exec(text)
  const share = match ? (match[1] === undefined ? whole : BigInt(match[1].padEnd(12, '0'))) : 0n
  if (share > 0n) return share
  throw carbonErrors.badEntry({
    detail: 'This is no share',
    found: text,
    expected: 'above 0 and at most 1, with 12 digits behind the point at most',
  })
}

const shareText = (share: bigint): string =>
  share === whole ? '1' : `0.${share.toString().padStart(12, '0').replace(/0+$/, '')}`

/** Keeps, for each quantity, spans that do not overlap, in order: a claim cuts those that it touches. */
export function createClaimIndex(): ClaimIndex {
  const byKey = new Map<string, Span[]>()

  const check = ({ key, fromMs, toMs, share }: Claim, by: string): void => {
    if (!(fromMs < toMs) || !Number.isSafeInteger(fromMs) || !Number.isSafeInteger(toMs)) {
      throw carbonErrors.badEntry({
        detail: `The claim to ${key} has no span`,
        found: `${fromMs} to ${toMs}`,
        expected: 'milliseconds, the beginning before the end',
      })
    }
    const own = shareOf(share)
    const spans = byKey.get(key) ?? []
    for (let k = firstAfter(spans, fromMs); k < spans.length && spans[k]!.fromMs < toMs; k += 1) {
      const { held, ...span } = spans[k]!
      const used = held.reduce((sum, one) => sum + one.share, 0n)
      if (used + own <= whole) continue
      const holders = held.map((one) => `${one.by} (share ${shareText(one.share)})`).join(', ')
      throw carbonErrors.claimedTwice({
        detail: `${key} is claimed by ${holders} from ${iso(Math.max(span.fromMs, fromMs))} to ${iso(Math.min(span.toMs, toMs))}; ${by} cannot claim it too`,
        found: `share ${share} for ${by}`,
        expected: used === whole ? 'a quantity that nobody claims' : `a share of ${shareText(whole - used)} at most`,
      })
    }
  }
  /** Changes who holds each span between two moments, and leaves no span that nobody holds. */
  const change = (claim: Claim, turn: (held: readonly Held[]) => readonly Held[]): void => {
    const spans = byKey.get(claim.key) ?? []
    byKey.set(claim.key, spans)
    const first = firstAfter(spans, claim.fromMs)
    const made: Span[] = []
    let at = claim.fromMs
    let k = first
    const put = (fromMs: number, toMs: number, held: readonly Held[]): void => {
      if (fromMs < toMs && held.length > 0) made.push({ fromMs, toMs, held })
    }
    for (; k < spans.length && spans[k]!.fromMs < claim.toMs; k += 1) {
      const { fromMs, toMs, held } = spans[k]!
      put(fromMs, Math.max(fromMs, claim.fromMs), held)
      put(at, Math.max(at, fromMs), turn([]))
      put(Math.max(fromMs, claim.fromMs), Math.min(toMs, claim.toMs), turn(held))
      put(Math.max(fromMs, claim.toMs), toMs, held)
      at = Math.max(at, Math.min(toMs, claim.toMs))
    }
    put(at, claim.toMs, turn([]))
    made.sort((a, b) => a.fromMs - b.fromMs)
    if (first === spans.length) spans.push(...made)
    else spans.splice(first, k - first, ...made)
    if (spans.length === 0) byKey.delete(claim.key)
  }
  const add = (claim: Claim, by: string): void => {
    const one = { by, share: shareOf(claim.share) }
    change(claim, (held) => [...held, one])
  }
  const remove = (claim: Claim, by: string): void => {
    const share = shareOf(claim.share)
    change(claim, (held) => {
      const at = held.findIndex((one) => one.by === by && one.share === share)
      return at < 0 ? held : held.toSpliced(at, 1)
    })
  }

  return {
    take(claims, by) {
      const taken: Claim[] = []
      try {
        for (const claim of claims) {
          check(claim, by)
          add(claim, by)
          taken.push(claim)
        }
      } catch (error) {
        for (const claim of taken) remove(claim, by)
        throw error
      }
    },
    release(claims, by) {
      for (const claim of claims) remove(claim, by)
    },
    spans(key, fromMs, toMs) {
      const spans = byKey.get(key) ?? []
      return spans
        .filter((span) => span.toMs > fromMs && span.fromMs < toMs)
        .map(({ held, ...span }) => ({
          ...span,
          held: held.map((one) => ({ by: one.by, share: shareText(one.share) })),
        }))
    },
  }
}

/** Index of the first span that ends after a moment. */
function firstAfter(spans: readonly Span[], atMs: number): number {
  let [low, high] = [0, spans.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (spans[middle]!.toMs > atMs) high = middle
    else low = middle + 1
  }
  return low
}

const iso = (ms: number): string => new Date(ms).toISOString()
