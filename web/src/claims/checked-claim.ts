/** A claim as `carbon.check-claim` takes it apart; see its entry in the OpenAPI document. */
export interface CheckedClaim {
  readonly verdict: 'consistent' | 'consistent if' | 'not explained' | 'impossible'
  /** What has to hold where the verdict says if. */
  readonly conditions?: readonly string[]
  readonly understood: readonly ReadQuantity[]
  readonly notUnderstood: readonly string[]
  readonly quotients: readonly CheckedQuotient[]
  readonly shift: readonly ShiftSolution[]
  readonly faults: readonly { readonly code: string; readonly detail?: string; readonly about: readonly string[] }[]
  /** What would let more be checked. */
  readonly missing?: readonly string[]
}

/** A number of the claim, as it was read. */
export interface ReadQuantity {
  readonly text: string
  readonly role: string
  readonly low: number
  readonly high: number
  readonly unit: string
  readonly period?: string
  readonly gas?: string
}

export interface CheckedQuotient {
  readonly id: string
  readonly low: number
  readonly high: number
  readonly unit: string
  readonly over: string
  readonly under: string
  readonly standing: 'explained' | 'explained if' | 'usual' | 'not explained' | 'impossible'
  readonly matches: readonly Family[]
  readonly nearest?: Family
  readonly official?: Family
  readonly bounds?: {
    readonly usual: readonly number[]
    readonly possible: readonly number[]
    readonly why?: string
  }
}

export interface Family {
  readonly label: string
  readonly value: number
  readonly assumptions: readonly string[]
  readonly factors: readonly {
    readonly id: string
    readonly value?: string
    readonly unit?: string
    readonly document: string
    readonly table?: string
    readonly verify?: string
  }[]
}

export interface ShiftSolution {
  readonly family: Family
  readonly distanceKm: { readonly low: number; readonly high: number }
}
