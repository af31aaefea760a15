import { Message } from '../ui/states.tsx'

export function HealthPage() {
  return <Message title="page.health" />
}
