import { Message } from '../ui/states.tsx'

export function GalleryPage() {
  return <Message title="page.gallery" />
}
