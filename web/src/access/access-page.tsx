import { Message } from '../ui/states.tsx'

export function AccessPage() {
  return <Message title="page.access" />
}
