import type { WordsLike } from '../words-like.ts'
import type { words as english } from './en.ts'

export const words: WordsLike<typeof english> = {
  'offline.since': 'Sin conexión desde las {{time}}.',
  'offline.values': 'Valores de las {{time}}, de hace {{age}}.',
  'offline.noValues': 'En este dispositivo no hay valores guardados de este sitio.',
  'offline.nothingSent':
    'No se puede cambiar nada hasta que vuelva la conexión, y nada se envía después por su cuenta.',
  'offline.onTheirWay': 'Los nuevos están en camino.',
  'offline.clockBehind': 'El reloj de este dispositivo va {{age}} atrasado.',
  'offline.clockAhead': 'El reloj de este dispositivo va {{age}} adelantado.',
  'offline.clockSays': 'Las horas y edades de aquí siguen el reloj del servidor.',
  'offline.newVersion': 'Hay una versión nueva de la consola.',
  'offline.reload': 'Recargar',
  'failure.slow': 'El servidor no responde.',
  'failure.slowDo':
    'Puede estar ocupado, o el enlace es malo. La página vuelve a preguntar por sí sola; no se ha cambiado nada.',
  'failure.unreadable': 'El servidor respondió con algo que no es una respuesta.',
  'failure.unreadableDo':
    'A menudo hay otro programa en medio, como un proxy o la página de acceso de la red. La página vuelve a preguntar por sí sola; no se ha cambiado nada.',
  'failure.server': 'El servidor falló.',
  'failure.serverDo': 'Lo que controla sigue sin la consola. La página vuelve a preguntar por sí sola.',
  'failure.refusedOffline': 'No se envió: no hay conexión.',
  'failure.refusedOfflineDo': 'Hágalo de nuevo cuando vuelva la conexión. Nada se envía después por su cuenta.',
  'failure.unvisited': 'Esta página aún no está en este dispositivo.',
  'failure.unvisitedDo': 'Llega con la primera visita que tenga conexión. Las páginas visitadas funcionan sin ella.',
  'failure.told': 'El servidor dice: {{detail}}',
}
