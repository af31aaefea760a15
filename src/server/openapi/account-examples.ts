import { permissions } from '../accounts/roles.ts'
import type { RouteExample } from '../route.ts'

/** Noon in Liyang on a Monday in July. */
const noonMs = 1783310400000
const dayMs = 86_400_000

const quarry = { id: 'quarry-microgrid' }
const password = 'tall herons count the slow tide'
const asked = { user: 'a.chen' }
const operates = { organisation: 'gobi-quarries', role: 'operator', sites: ['quarry-microgrid'] }

const chen = {
  name: 'a.chen',
  grants: [operates],
  disabled: false,
  createdMs: noonMs,
  secondFactor: false,
  initialPassword: true,
  provider: false,
}
const token = {
  id: '4e1fa09c27d5b83660',
  title: 'Monthly report',
  permissions: ['read'],
  organisation: '*',
  sites: ['quarry-microgrid'],
  createdMs: noonMs,
  expiresMs: noonMs + 30 * dayMs,
}
const device = {
  id: '9b27d0c4e85f13a6d2',
  title: 'Gateway of the crusher',
  site: 'quarry-microgrid',
  createdMs: noonMs,
  points: ['pv.powerKw'],
}
/** What stands for 256 bits of chance. */
const secret = 'dR7-0mXw3kV9qLzT5bYc1uNhG8sJfAe2pKiQoWr6UtE'

/** Examples of the operations of accounts: a person signs in, looks after users, devices and tokens, and leaves. */
export const accountExamples: Readonly<Record<string, RouteExample>> = {
  listSignInWays: { answer: { password: true, provider: null } },
  signIn: { body: { name: 'm.rivera', password }, answer: { user: 'm.rivera', mustChangePassword: false } },
  signInByLink: { body: { key: secret }, answer: { user: 'm.rivera', mustChangePassword: false } },
  readAudit: {
    query: { limit: '1' },
    answer: {
      entries: [
        {
          number: 1,
          timestampMs: noonMs,
          who: { kind: 'user', id: 'm.rivera' },
          what: 'sign-in by password',
          from: '127.0.0.1',
          outcome: 'done',
        },
      ],
      nextBefore: null,
    },
  },
  getMe: {
    answer: {
      kind: 'user',
      id: 'm.rivera',
      user: 'm.rivera',
      mustChangePassword: false,
      secondFactor: false,
      access: [{ organisation: '*', sites: '*', permissions: [...permissions] }],
    },
  },
  listMySessions: {
    answer: {
      sessions: [
        {
          id: '5d1fe757dc224106fa457bd66b127fb5bf03333a7dc36fdf9474a5cb0abc5c08',
          by: 'password',
          from: '127.0.0.1',
          createdMs: noonMs,
          seenMs: noonMs,
          current: true,
        },
      ],
    },
  },
  endMySession: {
    params: { session: '5d1fe757dc224106fa457bd66b127fb5bf03333a7dc36fdf9474a5cb0abc5c08' },
    answer: { removed: true },
  },
  enrolTotp: {
    body: { password },
    answer: {
      secret: 'NB2W45DFOIZA5XK6QTLMVRPYCEGHJ3SU',
      uri: 'otpauth://totp/Mangrove:m.rivera?secret=NB2W45DFOIZA5XK6QTLMVRPYCEGHJ3SU&issuer=Mangrove',
    },
  },
  confirmTotp: {
    body: { code: '492039' },
    answer: { recoveryCodes: Array.from({ length: 10 }, (_, at) => `1f60a${at}-7be3c2-90d4f8-a15b6e-d82c07`) },
  },
  removeTotp: { body: { password }, answer: { removed: true } },
  changePassword: {
    body: { current: password, next: 'grey otters weigh the early fog' },
    answer: { user: 'm.rivera' },
  },
  signOut: { answer: { removed: true } },
  signOutEverywhere: { answer: { ended: 2 } },

  listOrganisations: {
    answer: { organisations: [{ id: 'gobi-quarries', name: 'Gobi Quarries', sites: ['quarry-microgrid'] }] },
  },
  createOrganisation: {
    body: { id: 'liyang', name: 'Liyang Industrial Park', sites: [] },
    answer: { id: 'liyang', name: 'Liyang Industrial Park', sites: [] },
  },
  changeOrganisation: {
    params: { organisation: 'liyang' },
    body: { sites: ['liyang-park'] },
    answer: { id: 'liyang', name: 'Liyang Industrial Park', sites: ['liyang-park'] },
  },
  createUser: {
    body: { name: 'a.chen', grants: [operates] },
    answer: { user: chen, password: secret },
  },
  listUsers: {
    answer: {
      users: [
        chen,
        {
          ...{ name: 'm.rivera', grants: [{ organisation: '*', role: 'admin', sites: '*' }], disabled: false },
          ...{ createdMs: noonMs, secondFactor: false, initialPassword: false, provider: false },
        },
      ],
    },
  },
  setGrants: {
    params: asked,
    body: { grants: [{ ...operates, role: 'planner' }] },
    answer: { ...chen, grants: [{ ...operates, role: 'planner' }] },
  },
  disableUser: { params: asked, answer: { ...chen, grants: [{ ...operates, role: 'planner' }], disabled: true } },
  enableUser: { params: asked, answer: { ...chen, grants: [{ ...operates, role: 'planner' }] } },
  resetUser: {
    params: asked,
    body: { secondFactor: true },
    answer: {
      user: { ...chen, grants: [{ ...operates, role: 'planner' }] },
      password: secret.split('').reverse().join(''),
    },
  },
  removeUser: { params: asked, answer: { removed: true } },

  createToken: {
    body: { title: 'Monthly report', permissions: ['read'], sites: ['quarry-microgrid'], days: 30 },
    answer: { token, text: `mgv_t_${token.id}_${secret}` },
  },
  listTokens: { answer: { tokens: [token] } },
  removeToken: { params: { token: token.id }, answer: { removed: true } },
  createDevice: {
    params: quarry,
    body: { title: 'Gateway of the crusher', points: ['pv.powerKw'] },
    answer: { device, text: `mgv_d_${device.id}_${secret}` },
  },
  listDevices: { params: quarry, answer: { devices: [device] } },
  removeDevice: { params: { ...quarry, device: device.id }, answer: { removed: true } },
  listRoamingParties: { params: quarry, answer: { parties: [] } },
}
