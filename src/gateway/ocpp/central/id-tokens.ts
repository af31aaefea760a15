/** What is said of an id token; OCPP 1.6 §7.2 and 2.0.1 part 2 §3.7 say more, which all mean no. */
export type TokenStatus = 'accepted' | 'blocked' | 'expired' | 'invalid' | 'concurrent'

/** A card, a vehicle or an app that may charge. */
export interface IdToken {
  readonly id: string
  readonly blocked?: boolean
  /** It is of no use from this moment on. */
  readonly expiresMs?: number
  /** Tokens of one group may stop each other's transactions. */
  readonly group?: string
  /** Transactions at a time; default: any number. */
  readonly concurrent?: number
}

export interface TokenJudgement {
  readonly status: TokenStatus
  readonly token?: IdToken
}

/** Tokens by their id, which OCPP compares without case (1.6 §7.28). */
export class TokenRegister {
  readonly #tokens = new Map<string, IdToken>()

  constructor(tokens: Iterable<IdToken> = []) {
    for (const token of tokens) this.put(token)
  }

  put(token: IdToken): void {
    this.#tokens.set(token.id.toLowerCase(), token)
  }

  remove(id: string): void {
    this.#tokens.delete(id.toLowerCase())
  }

  find(id: string): IdToken | undefined {
    return this.#tokens.get(id.toLowerCase())
  }

  /** @param running transactions that this token has now */
  judge(id: string, nowMs: number, running: number): TokenJudgement {
    const token = this.find(id)
    if (!token) return { status: 'invalid' }
    if (token.blocked) return { status: 'blocked', token }
    if (token.expiresMs !== undefined && token.expiresMs <= nowMs) return { status: 'expired', token }
    if (token.concurrent !== undefined && running >= token.concurrent) return { status: 'concurrent', token }
    return { status: 'accepted', token }
  }

  /** All tokens, for a local list. */
  [Symbol.iterator](): IterableIterator<IdToken> {
    return this.#tokens.values()
  }
}

/** The same person or group. */
export function mayStop(register: TokenRegister, startedBy: string | undefined, stopsWith: string): boolean {
  if (startedBy === undefined || startedBy.toLowerCase() === stopsWith.toLowerCase()) return true
  const group = register.find(stopsWith)?.group
  return group !== undefined && group === register.find(startedBy)?.group
}
