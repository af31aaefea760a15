import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { detailOf } from '../api/client.ts'
import { Dialog } from '../ui/dialog.tsx'
import { useWords } from '../words/words.ts'
import { type Order, orderStation } from './charging-queries.ts'
import type { Charger } from './evse-state.ts'

export interface AskedOrder {
  readonly order: Order
  readonly charger: Charger
}

interface OrderDialogProps {
  readonly site: string
  readonly asked: AskedOrder
  onClose(): void
}

/** Says what follows from an order, and sends it with a reason. */
export function OrderDialog({ site, asked: { order, charger }, onClose }: OrderDialogProps) {
  const { say } = useWords()
  const client = useQueryClient()
  const { id, station, evse } = charger
  const [reason, setReason] = useState('')
  const [card, setCard] = useState('')
  const [hard, setHard] = useState(false)
  const [whileCharging, setWhileCharging] = useState(false)
  const [problem, setProblem] = useState<string>()
  const [busy, setBusy] = useState(false)
  const charges = station.evses.some((one) => one.running !== null)
  const bodies = {
    start: { evse: evse.id, card: card.trim() },
    stop: { session: evse.running?.id ?? '' },
    unlock: { evse: evse.id, whileCharging },
    reset: { how: hard ? 'hard' : 'soft', whileCharging },
  } as const satisfies Readonly<Record<Order, object>>
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    setBusy(true)
    orderStation(site, station.id, order, { ...bodies[order], reason: reason.trim() }).then(
      () => {
        void client.invalidateQueries({ queryKey: ['charging', site] })
        void client.invalidateQueries({ queryKey: ['charging-sessions', site] })
        onClose()
      },
      (error: unknown) => {
        setProblem(detailOf(error))
        setBusy(false)
      },
    )
  }
  const ready = reason.trim() !== '' && (order !== 'start' || card.trim() !== '')
  return (
    <Dialog title={`${say(`charging.order.${order}`)} · ${id}`} onClose={onClose}>
      <form className="charging-order" onSubmit={submit}>
        <p>{say(`charging.orderSays.${order}`)}</p>
        {order === 'start' && (
          <label className="field">
            <span>{say('charging.card')}</span>
            <input required maxLength={36} value={card} onChange={({ target }) => setCard(target.value)} />
          </label>
        )}
        {order === 'reset' && (
          <label className="charging-check">
            <input type="checkbox" checked={hard} onChange={({ target }) => setHard(target.checked)} />
            {say('charging.hard')}
          </label>
        )}
        {charges && (order === 'unlock' || (order === 'reset' && hard)) && (
          <label className="charging-check">
            <input
              type="checkbox"
              checked={whileCharging}
              onChange={({ target }) => setWhileCharging(target.checked)}
            />
            {say('charging.whileCharging')}
          </label>
        )}
        <label className="field">
          <span>{say('charging.reason')}</span>
          <textarea
            rows={2}
            required
            maxLength={120}
            value={reason}
            onChange={({ target }) => setReason(target.value)}
          />
        </label>
        {problem !== undefined && (
          <p className="charging-problem" role="alert">
            {problem}
          </p>
        )}
        <div className="charging-buttons">
          <button type="button" className="button" onClick={onClose}>
            {say('charging.cancel')}
          </button>
          <button type="submit" className="button primary" disabled={busy || !ready}>
            {say(`charging.order.${order}`)}
          </button>
        </div>
      </form>
    </Dialog>
  )
}
