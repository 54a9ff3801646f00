import type { ChangeDefinition } from './change-definition.ts'
import { responseChanges } from './response-changes.ts'
import { schemaChanges } from './schema-changes.ts'

const apiChanges = {
  'operation-removed': {
    kind: 'operation',
    level: 'breaking',
    reason: 'Requests to it are answered with 404 or 405.',
  },
  'operation-added': { kind: 'operation', level: 'safe', reason: 'Nobody calls it yet.' },
  'operation-moved': {
    kind: 'operation',
    level: 'breaking',
    reason: 'Clients ask at the old method and path, which are not served any more.',
  },
  'operation-path-renamed': {
    kind: 'operation',
    level: 'safe',
    reason: 'Only the names of path parameters differ; the same requests match.',
  },
  'operation-id-changed': {
    kind: 'operation',
    level: 'risky',
    reason: 'Generated clients name their functions after it; requests stay the same.',
  },
  'operation-deprecated': { kind: 'operation', level: 'safe', reason: 'It still answers.' },
  'operation-undeprecated': { kind: 'operation', level: 'safe', reason: 'It answers as before.' },
  'operation-sunset-set': { kind: 'operation', level: 'risky', reason: 'It will end at that time.' },
  'operation-sunset-changed': {
    kind: 'operation',
    level: 'risky',
    reason: 'Clients have planned with the other date.',
  },
  'operation-sunset-removed': {
    kind: 'operation',
    level: 'safe',
    reason: 'It is no longer announced to end.',
  },
  'parameter-required-added': {
    kind: 'parameter',
    level: 'breaking',
    reason: 'Requests without it are refused.',
  },
  'parameter-optional-added': {
    kind: 'parameter',
    level: 'safe',
    reason: 'Clients that do not send it see no difference.',
  },
  'parameter-removed': {
    kind: 'parameter',
    level: 'risky',
    reason: 'It is still let through, unchecked, but nothing says any more that it has an effect.',
  },
  'parameter-made-required': {
    kind: 'parameter',
    level: 'breaking',
    reason: 'Requests without it are refused now.',
  },
  'parameter-made-optional': {
    kind: 'parameter',
    level: 'safe',
    reason: 'Requests with it are still served.',
  },
  'parameter-location-changed': {
    kind: 'parameter',
    level: 'breaking',
    reason: 'What clients send in the old place is not read any more.',
  },
  'parameter-style-changed': {
    kind: 'parameter',
    level: 'breaking',
    reason: 'Lists and objects are written in another way.',
  },
  'parameter-explode-changed': {
    kind: 'parameter',
    level: 'breaking',
    reason: 'Lists and objects are written in another way.',
  },
  'parameter-encoding-unused': {
    kind: 'parameter',
    level: 'safe',
    reason: 'Values that are neither lists nor objects are written alike.',
  },
  'parameter-reserved-changed': {
    kind: 'parameter',
    level: 'risky',
    reason: 'Values with reserved characters such as `+` are read in another way.',
  },
  'parameter-media-type-changed': {
    kind: 'parameter',
    level: 'breaking',
    reason: 'The value is serialised in another way.',
  },
  'body-required-added': { kind: 'body', level: 'breaking', reason: 'Requests without a body are refused.' },
  'body-optional-added': {
    kind: 'body',
    level: 'risky',
    reason: 'Bodies were let through unchecked and are checked now; requests without one see no difference.',
  },
  'body-removed': {
    kind: 'body',
    level: 'risky',
    reason: 'Bodies are let through unchecked, but nothing says any more that they have an effect.',
  },
  'body-made-required': {
    kind: 'body',
    level: 'breaking',
    reason: 'Requests without a body are refused now.',
  },
  'body-made-optional': { kind: 'body', level: 'safe', reason: 'Requests with a body are still served.' },
  'body-media-type-removed': {
    kind: 'body',
    level: 'breaking',
    reason: 'Bodies of this type are refused with 415.',
  },
  'body-media-type-added': {
    kind: 'body',
    level: 'safe',
    reason: 'Bodies of this type were refused before.',
  },
  'body-encoding-changed': {
    kind: 'body',
    level: 'risky',
    reason: 'Parts of a form are read in another way.',
  },
} as const satisfies Readonly<Record<string, ChangeDefinition>>

const securityChanges = {
  'security-added': {
    kind: 'security',
    level: 'breaking',
    reason: 'Requests without credentials are refused.',
  },
  'security-removed': {
    kind: 'security',
    level: 'risky',
    reason: 'Requests without credentials are admitted; whether that is meant, only people can tell.',
  },
  'security-raised': {
    kind: 'security',
    level: 'breaking',
    reason: 'Credentials that were enough are refused.',
  },
  'security-lowered': {
    kind: 'security',
    level: 'safe',
    reason: 'Credentials that were not enough are admitted, and those that were still are.',
  },
} as const satisfies Readonly<Record<string, ChangeDefinition>>

const gatewayChanges = {
  'middleware-added': {
    kind: 'gateway',
    level: 'risky',
    reason: 'It may refuse or change requests and responses that passed.',
  },
  'middleware-removed': {
    kind: 'gateway',
    level: 'risky',
    reason: 'What it checked, added or limited is no longer done.',
  },
  'middleware-reordered': {
    kind: 'gateway',
    level: 'risky',
    reason: 'Each sees what the ones before it have left.',
  },
  'middleware-config-changed': {
    kind: 'gateway',
    level: 'risky',
    reason: 'What it does depends on its configuration.',
  },
  'dispatcher-changed': { kind: 'gateway', level: 'risky', reason: 'Something else answers.' },
  'dispatcher-config-changed': {
    kind: 'gateway',
    level: 'risky',
    reason: 'What answers, or how, depends on its configuration.',
  },
  'response-validation-changed': {
    kind: 'gateway',
    level: 'risky',
    reason: 'Answers that do not fit the description are replaced by 502, or no longer are.',
  },
  'upstream-url-changed': { kind: 'gateway', level: 'risky', reason: 'Another service answers.' },
  'upstream-timeout-lowered': {
    kind: 'gateway',
    level: 'risky',
    reason: 'Requests that took longer are answered with 504.',
  },
  'upstream-timeout-raised': {
    kind: 'gateway',
    level: 'safe',
    reason: 'Slow requests are waited for longer.',
  },
  'plugin-added': { kind: 'plugin', level: 'safe', reason: 'It does nothing until an operation uses it.' },
  'plugin-removed': { kind: 'plugin', level: 'safe', reason: 'No operation uses it any more.' },
  'plugin-version-changed': {
    kind: 'plugin',
    level: 'risky',
    reason: 'Another version may behave otherwise.',
  },
  'plugin-code-changed': { kind: 'plugin', level: 'risky', reason: 'Other code runs under the same name.' },
  'plugin-type-changed': { kind: 'plugin', level: 'risky', reason: 'It has another part in the chain.' },
  'plugin-capability-added': {
    kind: 'plugin',
    level: 'risky',
    reason: 'It can reach more of the host than before.',
  },
  'plugin-capability-removed': { kind: 'plugin', level: 'safe', reason: 'It can reach less of the host.' },
  'input-added': {
    kind: 'build',
    level: 'safe',
    reason: 'What it changes for clients is told by the other differences.',
  },
  'input-removed': {
    kind: 'build',
    level: 'safe',
    reason: 'What it changes for clients is told by the other differences.',
  },
  'input-changed': {
    kind: 'build',
    level: 'safe',
    reason: 'What it changes for clients is told by the other differences.',
  },
  'compiler-changed': {
    kind: 'build',
    level: 'safe',
    reason: 'What it changes for clients is told by the other differences.',
  },
  'plaintext-allowed': {
    kind: 'build',
    level: 'risky',
    reason: 'Upstreams may be reached without TLS.',
  },
  'plaintext-refused': { kind: 'build', level: 'safe', reason: 'Upstreams are reached with TLS only.' },
  'option-changed': {
    kind: 'build',
    level: 'safe',
    reason: 'What it changes for clients is told by the other differences.',
  },
} as const satisfies Readonly<Record<string, ChangeDefinition>>

/** Every difference that can be told, by its id. */
export const changeDefinitions = {
  ...apiChanges,
  ...schemaChanges,
  ...responseChanges,
  ...securityChanges,
  ...gatewayChanges,
}
