import { Message } from '../ui/states.tsx'

export function ForecastsPage() {
  return <Message title="page.forecasts" />
}
