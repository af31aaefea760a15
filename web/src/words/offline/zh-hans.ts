import type { WordsLike } from '../words-like.ts'
import type { words as english } from './en.ts'

export const words: WordsLike<typeof english> = {
  'offline.since': '自 {{time}} 起离线。',
  'offline.values': '显示的是 {{time}} 的数值，距今 {{age}}。',
  'offline.noValues': '本设备未保存该站点的数值。',
  'offline.nothingSent': '恢复连接之前无法进行任何更改，之后也不会自动补发。',
  'offline.onTheirWay': '最新数值正在获取。',
  'offline.clockBehind': '本设备的时钟慢了 {{age}}。',
  'offline.clockAhead': '本设备的时钟快了 {{age}}。',
  'offline.clockSays': '此处的时间和时长均以服务器时钟为准。',
  'offline.newVersion': '控制台有新版本。',
  'offline.reload': '重新加载',
  'failure.slow': '服务器没有响应。',
  'failure.slowDo': '服务器可能繁忙，或网络较差。页面会自动重试；未作任何更改。',
  'failure.unreadable': '服务器返回的内容无法识别。',
  'failure.unreadableDo': '中间往往隔着其他程序，例如代理或网络登录页。页面会自动重试；未作任何更改。',
  'failure.server': '服务器出错。',
  'failure.serverDo': '它所控制的设备不依赖控制台，继续运行。页面会自动重试。',
  'failure.refusedOffline': '未发送：没有连接。',
  'failure.refusedOfflineDo': '请在恢复连接后重新操作。不会自动补发。',
  'failure.unvisited': '本设备上还没有这个页面。',
  'failure.unvisitedDo': '联网首次访问后即会保存。访问过的页面可离线使用。',
  'failure.told': '服务器提示：{{detail}}',
}
