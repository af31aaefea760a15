import { Message } from '../ui/states.tsx'

export function LedgerPage() {
  return <Message title="page.ledger" />
}
