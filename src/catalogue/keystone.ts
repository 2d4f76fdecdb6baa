import { logSignals } from './entry.ts'
import { hidden, ip, oneOf, path, text, word } from './hole.ts'
import { line } from './line.ts'

/** What keystone says about a launch. */
export const keystone = logSignals([
  {
    id: 'keystone.authn_failed',
    services: ['keystone'],
    loggers: ['keystone.server.flask.application'],
    messages: [line`Authorization failed. ${text('reason')} from ${ip('client')}`],
    level: 'WARNING',
    releases: 'train…master',
    upstream: 'keystone/server/flask/application.py _handle_keystone_exception',
    requestMeaning: 'other',
    steps: ['A1', 'B1'],
    means: 'Keystone refused a login or a token.',
    examples: [
      {
        message:
          'Authorization failed. The request you have made requires authentication. from 10.20.0.11: keystone.exception.Unauthorized: The request you have made requires authentication.',
        fields: {
          reason: 'The request you have made requires authentication.',
          client: '10.20.0.11:',
          exception: 'keystone.exception.Unauthorized',
          exception_text: 'The request you have made requires authentication.',
        },
      },
    ],
    notThis: [],
  },
  {
    id: 'keystone.path',
    services: ['keystone'],
    loggers: ['keystone.server.flask.request_processing.req_logging'],
    messages: [line`PATH_INFO: \`${path('path')}\``],
    level: 'DEBUG',
    releases: 'train…master',
    upstream: 'keystone/server/flask/request_processing/req_logging.py log_request_info',
    requestMeaning: 'other',
    steps: ['A1', 'A40', 'B1', 'B2'],
    means: 'Keystone begins to serve a call.',
    examples: [{ message: 'PATH_INFO: `/`', fields: { path: '/' } }],
    notThis: ['SCRIPT_NAME: ``'],
  },
  {
    id: 'keystone.request.old',
    services: ['keystone'],
    loggers: ['keystone.common.wsgi'],
    messages: [line`${oneOf('method', 'GET', 'POST', 'PUT', 'DELETE', 'PATCH')} ${path('')}`],
    level: 'INFO',
    releases: 'mitaka…queens',
    upstream: 'keystone/common/wsgi.py Application.__call__',
    requestMeaning: 'other',
    steps: ['A1', 'A40'],
    means: 'Keystone of Rocky and older begins to serve a call.',
    examples: [
      {
        message:
          'GET http://10.20.0.11:8776/v3/405915a53fae460a92d3dd2ef4d9594b/volumes/561aa52c-0eea-44eb-ba66-f4096e83bb2a',
        fields: { method: 'GET' },
        fromTemplate: true,
      },
    ],
    notThis: [],
  },
  {
    id: 'keystone.rbac',
    services: ['keystone'],
    loggers: ['keystone.common.rbac_enforcer.enforcer'],
    messages: [line`RBAC: Authorizing \`${word('action')}(${hidden()})\``],
    level: 'DEBUG',
    releases: 'train…master',
    upstream: 'keystone/common/rbac_enforcer/enforcer.py RBACEnforcer.enforce_call',
    requestMeaning: 'other',
    steps: ['A40', 'B2'],
    means: 'Keystone checks a right; validate_token means that a service checks a token.',
    examples: [
      { message: 'RBAC: Authorizing `identity:validate_token()`', fields: { action: 'identity:validate_token' } },
    ],
    notThis: ['RBAC: Authorization granted'],
  },
])
