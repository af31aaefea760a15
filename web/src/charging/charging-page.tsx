import { Message } from '../ui/states.tsx'

export function ChargingPage() {
  return <Message title="page.charging" />
}
