import { Ellipsis } from 'lucide-react'
import { Menu } from '../ui/menu.tsx'
import { useWords } from '../words/words.ts'
import type { Order } from './charging-queries.ts'
import type { Charger } from './evse-state.ts'
import type { AskedOrder } from './order-dialog.tsx'

interface ChargerMenuProps {
  readonly charger: Charger
  readonly mayOperate: boolean
  onOrder(order: AskedOrder): void
}

/** What can be asked of a charger and its station; nothing where nobody may, or the line is cut. */
export function ChargerMenu({ charger, mayOperate, onOrder }: ChargerMenuProps) {
  const { say } = useWords()
  const { id, station, evse } = charger
  const reason = !mayOperate ? say('charging.mayNotShort') : station.connected ? undefined : say('charging.noLine')
  const orders: readonly Order[] = evse.running ? ['stop', 'unlock', 'reset'] : ['start', 'unlock', 'reset']
  const label = say('charging.actions', { charger: id })
  return (
    <Menu
      label={label}
      trigger={
        <button
          type="button"
          className="button plain icon charging-menu"
          title={reason ?? label}
          disabled={reason !== undefined}
        >
          <Ellipsis size={18} aria-hidden />
          <span className="visually-hidden">{label}</span>
        </button>
      }
      items={orders.map((order) => ({
        id: order,
        title: say(`charging.order.${order}`),
        onChoose: () => onOrder({ order, charger }),
      }))}
    />
  )
}
