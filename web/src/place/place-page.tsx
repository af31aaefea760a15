import { Message } from '../ui/states.tsx'

export function PlacePage() {
  return <Message title="page.place" />
}
