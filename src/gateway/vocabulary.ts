import Type from 'typebox'
import type { ProblemDetails, SectionEntry, Site, Vocabulary } from '../kernel/index.ts'
import { fieldEntries } from './field-entries.ts'
import type { AnyFieldEntry } from './field-protocol.ts'
import { forwardSection } from './forward/forward-section.ts'
import { roamingSection } from './ocpi/roaming-section.ts'
import { ChargingSchema, chargingSection } from './ocpp/sharing/charging-section.ts'
import { readCharging } from './ocpp/sharing/read-charging.ts'

/** The section `gateways`: links to devices, each with its protocol. */
export const gatewaysSection = 'gateways'

/** Gateways of a site as read, in the order of its file. */
export function gatewaysOf(site: Site): readonly SectionEntry[] {
  return Object.values((site.sections[gatewaysSection] ?? {}) as Readonly<Record<string, SectionEntry>>)
}

/** What a site file says of its links to devices. */
export const createVocabulary = (protocols: readonly AnyFieldEntry[]): Vocabulary => ({
  assets: [],
  sections: [
    {
      name: gatewaysSection,
      title: 'Gateways',
      schema: Type.Object({}),
      entries: {
        by: 'protocol',
        schemas: Object.fromEntries(protocols.map(({ name, schema }) => [name, schema])),
        example: '{ meters: { protocol: modbus, … } }',
      },
      check: (_, site, { unitOf, isGone }) =>
        gatewaysOf(site).flatMap((entry): readonly ProblemDetails[] => {
          const protocol = protocols.find(({ name }) => name === entry.protocol)
          const problems = protocol?.check?.({ id: entry.id, site, settings: entry, unitOf }) ?? []
          // What a what-if took away, no gateway has to find.
          const gone = ({ found }: ProblemDetails): boolean =>
            typeof found === 'string' && isGone(found.includes('.') ? found : `${found}.`)
          return problems
            .filter((details) => !gone(details))
            .map((details) => ({
              ...details,
              place: { ...details.place, path: [entry.id, details.place?.path].filter(Boolean).join('.') },
            }))
        }),
    },
    forwardSection,
    roamingSection,
    {
      name: chargingSection,
      title: 'Chargers that share',
      schema: ChargingSchema,
      check: (_, site, points) => readCharging(site, points).problems,
    },
  ],
})

export const gatewayVocabulary = createVocabulary(fieldEntries)
