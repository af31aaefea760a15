import { Message } from '../ui/states.tsx'

export function TrendsPage() {
  return <Message title="page.trends" />
}
