/** Of the frame: said on every page. */
export const words = {
  'offline.since': 'Offline since {{time}}.',
  'offline.values': 'Values of {{time}}, {{age}} old.',
  'offline.noValues': 'No values of this site are kept on this device.',
  'offline.nothingSent': 'Nothing can be changed until the connection is back, and nothing is sent later by itself.',
  'offline.onTheirWay': 'Newer ones are on their way.',
  'offline.clockBehind': 'The clock of this device is {{age}} behind.',
  'offline.clockAhead': 'The clock of this device is {{age}} ahead.',
  'offline.clockSays': 'Times and ages here go by the clock of the server.',
  'offline.newVersion': 'A new version of the console is there.',
  'offline.reload': 'Reload',
  'failure.slow': 'The server does not answer.',
  'failure.slowDo': 'It may be busy, or the link is poor. The page asks again by itself; nothing was changed.',
  'failure.unreadable': 'The server answered with something that is no answer.',
  'failure.unreadableDo':
    'Often another program stands between, such as a proxy or a sign-in page of the network. The page asks again by itself; nothing was changed.',
  'failure.server': 'The server failed.',
  'failure.serverDo': 'What it controls goes on without the console. The page asks again by itself.',
  'failure.refusedOffline': 'Not sent: there is no connection.',
  'failure.refusedOfflineDo': 'Do it again when the connection is back. Nothing is sent later by itself.',
  'failure.unvisited': 'This page is not on this device yet.',
  'failure.unvisitedDo':
    'It comes with the first visit that has a connection. Pages that were visited work without one.',
  'failure.told': 'The server says: {{detail}}',
}
