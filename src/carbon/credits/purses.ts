import { carbonErrors } from '../errors.ts'

/** Money of accounts, in the smallest coin of each currency. What a bid sets aside is not in it. */
export interface Purses {
  add(account: string, currency: string, amountMinor: bigint): void
  /** @throws `carbon.no-funds` */
  take(account: string, currency: string, amountMinor: bigint): void
  balance(account: string, currency: string): bigint
  /** Of all accounts. */
  total(currency: string): bigint
}

export function createPurses(): Purses {
  const balances = new Map<string, bigint>()
  const keyOf = (account: string, currency: string): string => `${currency}|${account}`
  const balance = (account: string, currency: string): bigint => balances.get(keyOf(account, currency)) ?? 0n
  return {
    balance,
    add(account, currency, amountMinor) {
      balances.set(keyOf(account, currency), balance(account, currency) + amountMinor)
    },
    take(account, currency, amountMinor) {
      const present = balance(account, currency)
      if (present < amountMinor) {
        throw carbonErrors.noFunds({
          detail: `${account} does not have so much`,
          found: `${present} ${currency} (smallest coin)`,
          expected: `${amountMinor} or more`,
        })
      }
      balances.set(keyOf(account, currency), present - amountMinor)
    },
    total: (currency) =>
      [...balances].reduce((sum, [key, amount]) => (key.startsWith(`${currency}|`) ? sum + amount : sum), 0n),
  }
}
