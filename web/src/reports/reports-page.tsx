import { Message } from '../ui/states.tsx'

export function ReportsPage() {
  return <Message title="page.reports" />
}
