import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { Recorded } from './corpus.ts'

const TOKEN = 'gAAAAABplantedTokenPlantedTokenPlantedToken'
const ADMIN_PASSWORD = 'planted-admin-pass'
const AUTH_PASSWORD = 'planted-auth-password'
const URL_PASSWORD = 'planted-url-password'
const USER_DATA = 'cGxhbnRlZC11c2VyLWRhdGE='
const FILE_CONTENTS = 'cGxhbnRlZC1pbmplY3RlZC1maWxl'

/** None of these may leave a node. */
export const PLANTED = [TOKEN, ADMIN_PASSWORD, AUTH_PASSWORD, URL_PASSWORD, USER_DATA, FILE_CONTENTS] as const

const CONNECTION = `{"driver_volume_type": "iscsi", "data": {"auth_username": "u", "auth_password": "${AUTH_PASSWORD}"}}`

/** Members of every payload, as services and patches of a site may send them. */
const MEMBERS = [
  `"adminPass": "${ADMIN_PASSWORD}"`,
  `"admin_password": "${ADMIN_PASSWORD}"`,
  `"auth_token": "${TOKEN}"`,
  `"user_data": "${USER_DATA}"`,
  `"injected_files": [["/etc/x", "${FILE_CONTENTS}"]]`,
  `"personality": [{"path": "/etc/x", "contents": "${FILE_CONTENTS}"}]`,
  `"connection_info": ${CONNECTION}`,
  `"transport_url": "rabbit://nova:${URL_PASSWORD}@controller-1:5672/"`,
].join(', ')

/** What an exception may say. */
const TOLD = [
  `auth_password=${AUTH_PASSWORD}`,
  `X-Auth-Token: ${TOKEN}`,
  `{'adminPass': '${ADMIN_PASSWORD}', 'user_data': '${USER_DATA}'}`,
  `rabbit://nova:${URL_PASSWORD}@controller-1:5672/`,
].join(' ')

const SERVER = `{"server": {"name": "planted", "adminPass": "${ADMIN_PASSWORD}", "user_data": "${USER_DATA}", "personality": [{"path": "/etc/x", "contents": "${FILE_CONTENTS}"}]}}`

/** Levels, loggers and messages of which nearly all are in the catalogue. */
const LINES: readonly (readonly [level: string, logger: string, message: string])[] = [
  ['DEBUG', 'nova.api.openstack.wsgi', `Action: 'create', calling method: <bound method x>, body: ${SERVER}`],
  [
    'INFO',
    'nova.api.openstack.wsgi',
    `HTTP exception thrown: Invalid input for field/attribute adminPass. Value: ${ADMIN_PASSWORD}. '${ADMIN_PASSWORD}' is too short`,
  ],
  [
    'INFO',
    'nova.api.openstack.wsgi',
    `HTTP exception thrown: Invalid input for field/attribute user_data. Value: ${USER_DATA}. '${USER_DATA}' is not a 'base64'`,
  ],
  ['ERROR', 'nova.compute.manager', `Instance failed to spawn: ${TOLD}`],
  ['ERROR', 'nova.compute.manager', `Failed to build and run instance: ${TOLD}`],
  [
    'WARNING',
    'nova.conductor.manager',
    `Failed to compute_task_build_instances: ${TOLD} connection_info: ${CONNECTION}`,
  ],
  ['WARNING', 'nova.virt.libvirt.driver', `Something is odd: ${TOLD}`],
  ['ERROR', 'cinder.volume.manager', `Create failed: ${TOLD} connection_info=${CONNECTION}`],
  [
    'ERROR',
    'oslo_messaging.rpc.server',
    `Exception during message handling: Command: tool --password ${AUTH_PASSWORD}`,
  ],
]

/** One record in so many is followed by records with secrets. */
const EVERY = 60
const OSLO = /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+ \d+) \w+ \S+ (\[(?:None )?req-[^\]]*\])/

function plantInLog(text: string): string {
  const lines = text.split('\n')
  const planted = lines.flatMap((line, index) => {
    const [, head, context] = index % EVERY === 0 ? (OSLO.exec(line) ?? []) : []
    if (head === undefined || context === undefined) return [line]
    return [line, ...LINES.map(([level, logger, message]) => `${head} ${level} ${logger} ${context} ${message}`)]
  })
  return planted.join('\n')
}

/** As it stands in a message that was encoded into a string. */
function quoted(json: string): string {
  return json.replaceAll('"', '\\"')
}

function plantInBody(body: string): string {
  return body
    .replace(/(\\"payload\\": \{)(?=\\")/, `$1${quoted(MEMBERS)}, `)
    .replace(/(\\"nova_object\.data\\": \{)(?=\\")/, `$1${quoted(MEMBERS)}, `)
    .replace(/(\\"_context_auth_token\\": )null/, `$1\\"${TOKEN}\\"`)
    .replace(/(\\"(?:exception_message|message)\\": \\")/g, `$1${TOLD} `)
}

function plantInMessage(line: string): string {
  if (line === '') return line
  const message = JSON.parse(line) as { readonly body: string }
  return JSON.stringify({ ...message, body: plantInBody(message.body) })
}

/** Copies a recording, with secrets in its logs and its notifications. */
export function plantSecrets(recording: Recorded, folder: string): Recorded {
  const logs = join(folder, 'logs')
  mkdirSync(folder, { recursive: true })
  cpSync(recording.logs, logs, { recursive: true })
  for (const entry of readdirSync(logs, { recursive: true, withFileTypes: true })) {
    if (!entry.name.endsWith('.log')) continue
    const path = join(entry.parentPath, entry.name)
    writeFileSync(path, plantInLog(readFileSync(path, 'utf8')))
  }
  const notifications = join(folder, 'notifications.jsonl')
  const lines =
    recording.notifications === undefined ? '' : gunzipSync(readFileSync(recording.notifications)).toString()
  writeFileSync(notifications, lines.split('\n').map(plantInMessage).join('\n'))
  return { ...recording, logs, notifications }
}
