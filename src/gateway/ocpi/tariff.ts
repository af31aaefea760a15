import type { ChargingTariff } from '../ocpp/index.ts'
import type { Tariff } from './schemas.ts'
import { ocpiNumber, ocpiTime } from './words.ts'

const kinds = { flat: 'FLAT', energy: 'ENERGY', time: 'TIME', parking: 'PARKING_TIME' } as const
const days = ['SUNDAY', 'MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY'] as const

/** A charging tariff as OCPI 2.2.1 (11.3.1) tells it. Bills are exact: the step is a watt-hour, or a second. */
export function tariffOf(
  { id, currency, elements, minimum, maximum, taxShare }: ChargingTariff,
  { country, party, changedMs }: { readonly country: string; readonly party: string; readonly changedMs: number },
): Tariff {
  const vat = taxShare === undefined ? {} : { vat: ocpiNumber(taxShare * 100) }
  const price = (net: number) => ({
    excl_vat: ocpiNumber(net),
    ...(taxShare === undefined ? {} : { incl_vat: ocpiNumber(net * (1 + taxShare)) }),
  })
  return {
    ...{ country_code: country, party_id: party, id, currency, type: 'REGULAR' },
    ...(minimum === undefined ? {} : { min_price: price(minimum) }),
    ...(maximum === undefined ? {} : { max_price: price(maximum) }),
    elements: elements.map(({ components, when }) => ({
      price_components: components.map((one) => ({
        ...{ type: kinds[one.kind], price: ocpiNumber(one.price), ...vat, step_size: 1 },
      })),
      ...(when === undefined
        ? {}
        : {
            restrictions: {
              ...(when.from === undefined ? {} : { start_time: when.from }),
              ...(when.to === undefined ? {} : { end_time: when.to }),
              ...(when.minKwh === undefined ? {} : { min_kwh: when.minKwh }),
              ...(when.maxKwh === undefined ? {} : { max_kwh: when.maxKwh }),
              ...(when.daysOfWeek === undefined ? {} : { day_of_week: when.daysOfWeek.map((day) => days[day]!) }),
            },
          }),
    })),
    last_updated: ocpiTime(changedMs),
  }
}
