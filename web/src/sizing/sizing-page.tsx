import { Message } from '../ui/states.tsx'

export function SizingPage() {
  return <Message title="page.sizing" />
}
