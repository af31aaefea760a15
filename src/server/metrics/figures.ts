import { linkStates } from '../../gateway/index.ts'
import type { MetricsReading } from './sources.ts'

export interface Figure {
  readonly name: string
  readonly help: string
  readonly labels?: readonly string[]
  /** A value, or one a label; undefined where it is not known. */
  read(reading: MetricsReading): number | Readonly<Record<string, number>> | undefined
}

/** What is read at each scrape. Names follow https://prometheus.io/docs/practices/naming/. */
export const figures: readonly Figure[] = [
  {
    name: 'mangrove_http_open_requests',
    help: 'Requests that are being answered',
    read: ({ admission }) => admission.open,
  },
  { name: 'mangrove_http_open_requests_limit', help: 'More are refused', read: ({ admission }) => admission.maxOpen },
  {
    name: 'mangrove_http_open_holders',
    help: 'Credentials and addresses with a request inside',
    read: ({ admission }) => admission.holders,
  },
  { name: 'mangrove_http_body_bytes', help: 'Bytes of JSON bodies inside', read: ({ admission }) => admission.bytes },
  {
    ...{ name: 'mangrove_http_turned_away_total', help: 'Requests refused before they were read', labels: ['reason'] },
    read: ({ admission }) => admission.refused,
  },
  {
    name: 'mangrove_http_body_limit_bytes',
    help: 'More are refused with 429',
    read: ({ admission }) => admission.maxBytes,
  },
  {
    name: 'mangrove_http_connections',
    help: 'Connections that are open, with a request or without',
    read: ({ admission }) => admission.connections,
  },
  {
    name: 'mangrove_http_connections_limit',
    help: 'The next one is closed at once',
    read: ({ admission }) => admission.maxConnections,
  },
  {
    name: 'mangrove_http_connections_refused_total',
    help: 'Connections closed because there were too many',
    read: ({ admission }) => admission.connectionsRefused,
  },
  {
    name: 'mangrove_http_open_streams',
    help: 'Streams that are open: live values, WebSockets, progress of jobs',
    read: ({ admission }) => admission.streams,
  },
  {
    name: 'mangrove_http_open_streams_limit',
    help: 'More are refused with 429',
    read: ({ admission }) => admission.maxStreams,
  },
  {
    name: 'mangrove_live_streams',
    help: 'Streams of live values that are open, WebSockets among them',
    read: ({ streams }) => streams.open,
  },
  { name: 'mangrove_live_streams_limit', help: 'More are refused with 429', read: ({ streams }) => streams.most },
  {
    name: 'mangrove_live_refused_total',
    help: 'Streams refused because too many are open, of all or of one credential',
    read: ({ streams }) => streams.refused,
  },
  { name: 'mangrove_live_sockets', help: 'WebSockets of these', read: ({ live }) => live.sockets.open },
  {
    name: 'mangrove_live_socket_points',
    help: 'Points that WebSockets watch',
    read: ({ live }) => live.sockets.points,
  },
  {
    name: 'mangrove_live_waiting_values',
    help: 'Values that wait for slow readers of WebSockets',
    read: ({ live }) => live.sockets.waiting,
  },
  {
    ...{ name: 'mangrove_live_left_out_total', help: 'What slow readers were not sent', labels: ['what'] },
    read: ({ live }) => live.leftOut,
  },
  {
    name: 'mangrove_live_sockets_cut_total',
    help: 'WebSockets closed by the server: their reader took nothing, sent too much, was gone or may not listen any more',
    read: ({ live }) => live.socketsCut,
  },
  {
    name: 'mangrove_passwords_waiting',
    help: 'Passwords that wait to be checked',
    read: ({ passwords }) => passwords?.waiting,
  },
  {
    name: 'mangrove_passwords_waiting_limit',
    help: 'More are refused with 429',
    read: ({ passwords }) => passwords?.maxWaiting,
  },
  {
    name: 'mangrove_passwords_refused_total',
    help: 'Sign-ins and changes refused because too many passwords wait',
    read: ({ passwords }) => passwords?.refused,
  },
  {
    name: 'mangrove_ingest_gate_bytes',
    help: 'Bytes of observations on their way into the store',
    read: ({ gate }) => gate.bytes,
  },
  {
    name: 'mangrove_ingest_gate_holders',
    help: 'Credentials with a body inside',
    read: ({ gate }) => gate.holders,
  },
  { name: 'mangrove_ingest_gate_limit_bytes', help: 'More are refused with 429', read: ({ gate }) => gate.maxBytes },
  { name: 'mangrove_ingest_gate_refused_total', help: 'Bodies refused at the gate', read: ({ gate }) => gate.refused },
  {
    ...{ name: 'mangrove_parse_bodies_total', help: 'Bodies read, by where', labels: ['where'] },
    read: ({ parse }) => ({ place: parse.bodiesInPlace, thread: parse.bodiesInThreads }),
  },
  {
    name: 'mangrove_parse_refused_total',
    help: 'Bodies refused because too many wait to be read',
    read: ({ parse }) => parse.bodiesRefused,
  },
  {
    name: 'mangrove_parse_threads_lost_total',
    help: 'Threads that broke or hung while they read',
    read: ({ parse }) => parse.threadsLost,
  },
  {
    name: 'mangrove_parse_waiting_bodies',
    help: 'Bodies that wait or are being read',
    read: ({ parse }) => parse.waitingBodies,
  },
  { name: 'mangrove_parse_waiting_bytes', help: 'Bytes of these', read: ({ parse }) => parse.waitingBytes },
  { name: 'mangrove_parse_waiting_limit_bytes', help: 'More are refused', read: ({ parse }) => parse.maxWaitingBytes },
  {
    ...{ name: 'mangrove_gateway_links', help: 'Links to devices, by state', labels: ['state'] },
    read: ({ field }) => ({
      ...Object.fromEntries(linkStates.map((state) => [state, 0])),
      ...countBy(field.links.map(({ state }) => state)),
    }),
  },
  {
    name: 'mangrove_gateway_failures_total',
    help: 'Connections and requests to devices that failed',
    read: ({ field }) => sumOf(field.links.map(({ failures }) => failures)),
  },
  {
    name: 'mangrove_gateway_malformed_total',
    help: 'Answers of devices that could not be understood',
    read: ({ field }) => sumOf(field.links.map(({ malformed }) => malformed)),
  },
  {
    ...{ name: 'mangrove_gateway_readings_total', help: 'What became of readings of devices', labels: ['outcome'] },
    read: ({ field }) => ({ ...field.readings }),
  },
  {
    name: 'mangrove_gateway_spool_records',
    help: 'Records of readings that wait on the disk for the store',
    read: ({ field }) => field.spool.records,
  },
  {
    name: 'mangrove_gateway_spool_bytes',
    help: 'Bytes that they take',
    read: ({ field }) => field.spool.bytes,
  },
  {
    name: 'mangrove_gateway_spool_limit_bytes',
    help: 'Above it the oldest become marks of a gap',
    read: ({ field }) => field.spool.maxBytes,
  },
  {
    name: 'mangrove_gateway_spool_shrunk_total',
    help: 'Records that had to go for want of room',
    read: ({ field }) => field.spool.shrunk,
  },
  {
    name: 'mangrove_mqtt_connected',
    help: 'Whether the broker is connected',
    read: ({ mqtt }) => mqtt && Number(mqtt.connected),
  },
  { name: 'mangrove_mqtt_connects_total', help: 'Connections to the broker', read: ({ mqtt }) => mqtt?.connects },
  { name: 'mangrove_mqtt_messages_total', help: 'Messages of the broker', read: ({ mqtt }) => mqtt?.messages },
  {
    name: 'mangrove_mqtt_repeated_total',
    help: 'Messages that the broker had sent before',
    read: ({ mqtt }) => mqtt?.repeated,
  },
  {
    name: 'mangrove_mqtt_acknowledged_total',
    help: 'Messages acknowledged after their commit',
    read: ({ mqtt }) => mqtt?.acknowledged,
  },
  {
    name: 'mangrove_mqtt_bad_messages_total',
    help: 'Messages of which nothing could be stored',
    read: ({ mqtt }) => mqtt?.badMessages,
  },
  { name: 'mangrove_mqtt_observations_total', help: 'Observations stored', read: ({ mqtt }) => mqtt?.stored },
  {
    ...{
      name: 'mangrove_mqtt_refused_total',
      help: 'Observations refused, by code of the problem',
      labels: ['reason'],
    },
    read: ({ mqtt }) => mqtt?.refused,
  },
  {
    name: 'mangrove_mqtt_failures_total',
    help: 'Tries to store that failed and were made again',
    read: ({ mqtt }) => mqtt?.failures,
  },
  { name: 'mangrove_mqtt_in_flight', help: 'Messages that wait for the disk', read: ({ mqtt }) => mqtt?.inFlight },
  {
    name: 'mangrove_mqtt_in_flight_limit',
    help: 'The broker sends no more than so many',
    read: ({ mqtt }) => mqtt?.maxInFlight,
  },
  {
    name: 'mangrove_mqtt_broker_connections',
    help: 'Devices that are connected to the broker inside',
    read: ({ mqttBroker }) => mqttBroker?.connections,
  },
  {
    name: 'mangrove_mqtt_broker_connections_limit',
    help: 'More are not let in',
    read: ({ mqttBroker }) => mqttBroker?.maxConnections,
  },
  {
    name: 'mangrove_mqtt_broker_strangers',
    help: 'Connections that have not signed in',
    read: ({ mqttBroker }) => mqttBroker?.strangers,
  },
  {
    name: 'mangrove_mqtt_broker_connects_total',
    help: 'Sign-ins at the broker inside',
    read: ({ mqttBroker }) => mqttBroker?.connects,
  },
  {
    name: 'mangrove_mqtt_broker_messages_total',
    help: 'Messages published to the broker inside',
    read: ({ mqttBroker }) => mqttBroker?.messages,
  },
  {
    name: 'mangrove_mqtt_broker_acknowledged_total',
    help: 'Of these acknowledged after their commit',
    read: ({ mqttBroker }) => mqttBroker?.acknowledged,
  },
  {
    name: 'mangrove_mqtt_broker_bad_messages_total',
    help: 'Messages of which nothing could be stored',
    read: ({ mqttBroker }) => mqttBroker?.badMessages,
  },
  {
    name: 'mangrove_mqtt_broker_observations_total',
    help: 'Observations stored',
    read: ({ mqttBroker }) => mqttBroker?.stored,
  },
  {
    ...{
      name: 'mangrove_mqtt_broker_refused_total',
      help: 'Observations refused, by code of the problem',
      labels: ['reason'],
    },
    read: ({ mqttBroker }) => mqttBroker?.refused,
  },
  {
    name: 'mangrove_mqtt_broker_failures_total',
    help: 'Tries to store that failed and were made again',
    read: ({ mqttBroker }) => mqttBroker?.failures,
  },
  {
    name: 'mangrove_mqtt_broker_in_flight',
    help: 'Messages that wait for the disk',
    read: ({ mqttBroker }) => mqttBroker?.inFlight,
  },
  {
    name: 'mangrove_mqtt_broker_waiting_bytes',
    help: 'Bytes of these',
    read: ({ mqttBroker }) => mqttBroker?.waitingBytes,
  },
  {
    name: 'mangrove_mqtt_broker_waiting_limit_bytes',
    help: 'Who sends more is cut off',
    read: ({ mqttBroker }) => mqttBroker?.maxWaitingBytes,
  },
  {
    name: 'mangrove_mqtt_broker_retained',
    help: 'Retained messages that are kept',
    read: ({ mqttBroker }) => mqttBroker?.kept,
  },
  {
    ...{ name: 'mangrove_mqtt_broker_cut_total', help: 'Connections refused or cut off, by why', labels: ['reason'] },
    read: ({ mqttBroker }) => mqttBroker?.cut,
  },
  { name: 'mangrove_commands_sent_total', help: 'Setpoints given to gateways', read: ({ commands }) => commands.sent },
  {
    ...{ name: 'mangrove_commands_ended_total', help: 'Setpoints that ended, by outcome', labels: ['outcome'] },
    read: ({ commands }) => ({ done: commands.done, failed: commands.failed }),
  },
  {
    name: 'mangrove_commands_log_lines_total',
    help: 'Lines written to logs of commands',
    read: ({ commands }) => commands.lines,
  },
  {
    name: 'mangrove_commands_turns_failed_total',
    help: 'Turns in which a site was not commanded',
    read: ({ commands }) => commands.failures,
  },
  {
    name: 'mangrove_commands_mismatches',
    help: 'Setpoints whose machine does not follow',
    read: ({ commands }) => commands.mismatches,
  },
  {
    name: 'mangrove_commands_unreached',
    help: 'Setpoints to which commands do not get',
    read: ({ commands }) => commands.unreached,
  },
  {
    ...{
      name: 'mangrove_commands_sites',
      help: 'Sites that this node commands, by what they follow',
      labels: ['mode'],
    },
    read: ({ commands }) => commands.sites,
  },
  { name: 'mangrove_jobs_running', help: 'Jobs that are running', read: ({ jobs }) => jobs.running },
  { name: 'mangrove_jobs_queued', help: 'Jobs that wait for their turn', read: ({ jobs }) => jobs.queued },
  { name: 'mangrove_jobs_queued_limit', help: 'More are refused with 503', read: ({ jobs }) => jobs.maxQueued },
  { name: 'mangrove_jobs_refused_total', help: 'Jobs refused because too many wait', read: ({ jobs }) => jobs.refused },
  {
    ...{ name: 'mangrove_jobs_ended_total', help: 'Jobs that ended, by state', labels: ['state'] },
    read: ({ jobs }) => jobs.ended,
  },
  { name: 'mangrove_jobs_resumed_total', help: 'Jobs that went on after a stop', read: ({ jobs }) => jobs.resumed },
  {
    name: 'mangrove_jobs_out_of_time_total',
    help: 'Jobs ended because they took too long',
    read: ({ jobs }) => jobs.outOfTime,
  },
  {
    ...{
      name: 'mangrove_event_loop_delay_seconds',
      help: 'How late timers were since the last scrape',
      labels: ['quantile'],
    },
    read: ({ loop }) => ({ '0.5': loop.medianS, '0.99': loop.p99S, '1': loop.maxS }),
  },
  {
    ...{ name: 'mangrove_memory_bytes', help: 'Memory of the process, by kind', labels: ['kind'] },
    read: ({ memory }) => ({
      resident: memory.rss,
      heapUsed: memory.heapUsed,
      heapTotal: memory.heapTotal,
      external: memory.external,
      arrayBuffers: memory.arrayBuffers,
    }),
  },
  { name: 'mangrove_cpu_seconds_total', help: 'Time of processors that the process took', read: ({ cpuS }) => cpuS },
  { name: 'mangrove_start_timestamp_seconds', help: 'When the process began, Unix time', read: ({ startS }) => startS },
  {
    name: 'mangrove_disk_free_bytes',
    help: 'Room on the disk of the data folder',
    read: ({ disk }) => disk?.freeBytes,
  },
  { name: 'mangrove_disk_size_bytes', help: 'Size of that disk', read: ({ disk }) => disk?.totalBytes },
  {
    ...{ name: 'mangrove_alarms_standing', help: 'Alarms announced and not over, by priority', labels: ['priority'] },
    read: ({ alarms }) => alarms?.standing,
  },
  {
    ...{ name: 'mangrove_alarms_state', help: 'Alarms that are not normal, by state of ISA-18.2', labels: ['state'] },
    read: ({ alarms }) => alarms?.states,
  },
  {
    ...{ name: 'mangrove_alarms_evaluating', help: '1 at the node that holds rules against what is stored' },
    read: ({ alarms }) => alarms && (alarms.evaluates ? 1 : 0),
  },
  {
    name: 'mangrove_alarms_rows_total',
    help: 'Observations that were given to alarm rules',
    read: ({ alarms }) => alarms?.rows,
  },
  {
    name: 'mangrove_alarms_decisions_total',
    help: 'Alarms raised, cleared, suppressed and not any more',
    read: ({ alarms }) => alarms?.decisions,
  },
  {
    name: 'mangrove_alarms_waiting_rows',
    help: 'Observations that wait to be given to alarm rules',
    read: ({ alarms }) => alarms?.waitingRows,
  },
  {
    ...{ name: 'mangrove_alarm_notifications_waiting', help: 'Notifications that wait to be sent' },
    read: ({ alarms }) => alarms?.notifications.waiting,
  },
  {
    ...{ name: 'mangrove_alarm_notifications_total', help: 'Attempts to notify, by outcome', labels: ['outcome'] },
    read: ({ alarms }) =>
      alarms && {
        sent: alarms.notifications.sent,
        failed: alarms.notifications.failed,
        givenUp: alarms.notifications.givenUp,
      },
  },
  {
    name: 'mangrove_news_dropped_total',
    help: 'Words to other nodes that were not told because too many waited',
    read: ({ newsDropped }) => newsDropped,
  },
  {
    name: 'mangrove_log_dropped_lines_total',
    help: 'Lines of the log dropped because their reader is slow',
    read: ({ logDropped }) => logDropped,
  },
]

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0)

function countBy(values: readonly string[]): Readonly<Record<string, number>> {
  return Object.fromEntries([...Map.groupBy(values, (value) => value)].map(([value, all]) => [value, all.length]))
}
