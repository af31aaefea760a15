import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { checkValue, type Site } from '../../kernel/index.ts'
import { type SparkplugSettings, sparkplugProtocol } from '../sparkplug/index.ts'
import { SparkplugSettingsSchema } from '../sparkplug/settings.ts'
import { readBrokerSettings } from './broker/settings.ts'
import { topicAccess } from './broker/topic-access.ts'
import { readMessage } from './read-message.ts'
import { defaultTopic } from './settings.ts'
import { readTopicTemplate } from './topic-template.ts'

const guide = readFileSync(join(import.meta.dirname, '../../../docs/guides/mqtt.md'), 'utf8')
const template = readTopicTemplate(defaultTopic)
const park = topicAccess([{ site: 'park', points: '*' }], [template], '')

describe('the guide', () => {
  const messages = [...guide.matchAll(/^\| `(mangrove\/\S+)` +\| `(.+?)` +\|$/gm)].map(([, topic, text]) => [
    topic,
    text,
  ])

  it.each(messages)('shows a message under %s that is read: %s', (topic = '', text = '') => {
    expect(park.mayPublish(topic)).toBe(true)
    const context = { site: '', source: 'mqtt', receivedMs: 1_783_310_400_000, retained: false }
    const limits = { maxBytes: 1000, maxRows: 10, maxSeries: 10 }
    const { batch, refusedCount } = readMessage(template.match(topic)!, Buffer.from(text), { ...context, limits })
    expect([batch.count > 0, refusedCount, batch.series[0]?.point]).toEqual([true, 0, 'grid.powerKw'])
  })

  it('shows four messages, and a filter that a device of the site may use', () => {
    expect(messages).toHaveLength(4)
    expect(guide).toContain('`mangrove/park/+/+`')
    expect(park.maySubscribe('mangrove/park/+/+')).toBe(true)
  })

  it('shows variables that set up the broker', () => {
    const lines = [...guide.matchAll(/^MANGROVE_MQTT_LISTEN=.+$/gm)].map(([line]) => line)
    const told = lines.map((line) =>
      readBrokerSettings(Object.fromEntries(line.split(' ').map((word) => word.split('=', 2))), (file) => file),
    )
    expect(told).toMatchObject([
      { host: '127.0.0.1', port: 1883 },
      { host: '0.0.0.0', port: 8883, tls: { key: '/etc/mangrove/key.pem' } },
    ])
  })

  it('shows a gateway of Sparkplug that can be used', () => {
    const [, text = ''] = /^```yaml\n([\s\S]*?)^```$/m.exec(guide) ?? []
    const { hall } = (parse(text) as { gateways: Record<string, SparkplugSettings & { protocol: string }> }).gateways
    const { protocol, ...settings } = hall!
    expect(protocol).toBe(sparkplugProtocol.name)
    expect(checkValue(SparkplugSettingsSchema, settings).problems).toEqual([])
    const gateway = { id: 'hall', site: {} as Site, settings, unitOf: () => 'kW' }
    expect(sparkplugProtocol.check?.(gateway)).toEqual([])
  })
})
