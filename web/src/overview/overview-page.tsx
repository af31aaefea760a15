import { Message } from '../ui/states.tsx'

export function OverviewPage() {
  return <Message title="page.overview" />
}
