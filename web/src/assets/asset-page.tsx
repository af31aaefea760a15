import { useParams } from '@tanstack/react-router'

export function AssetPage() {
  const { asset } = useParams({ from: '/sites/$site/assets/$asset' })
  return <h1>{asset}</h1>
}
