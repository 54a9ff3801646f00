import { builtins } from '../../../domain/index.ts'
import { textsOf } from '../plugin-uses.ts'
import type { Rule } from '../rule.ts'
import { isWriteOnly } from '../write-only.ts'

const SECRET_KEY =
  /(?:^|[_-])(?:password|passwd|passphrase|secret|token|api[_-]?key|(?:private|signing|access|encryption|hmac|shared|master)[_-]?key|pwd|credentials?)$/i
const CREDENTIALS = /^(?:basic|bearer)\s+\S/i

/** What a secret is compared with tells nobody the secret: digests, PHC strings and bcrypt. */
const HASH = /^(?:sha256:[\da-f]{64}$|\$(?:argon2(?:id?|d)|scrypt|pbkdf2[\w-]*|2[aby])\$)/i

/** Secrets are short; some of the forms take time with the square of the length. */
const MAX_LENGTH = 10_000

/** What is a secret wherever it stands, by the form that its issuer gives it. */
const FORMS: Readonly<Record<string, RegExp>> = {
  'a private key': /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/,
  'a URL with a password': /^\s*[a-z][a-z\d+.-]*:\/\/[^/?#@:\s]*:[^/?#@\s]+@/i,
  'an access key of AWS': /\b(?:AKIA|ASIA)[A-Z2-7]{16}\b/,
  'a token of GitHub': /\b(?:gh[opsur]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9]{22}_)/,
  'a token of GitLab': /\bglpat-[\w-]{20}/,
  'a token of Slack': /\bxox[abeoprs]-[A-Za-z0-9-]{10}/,
  'a key of Stripe': /\b[rs]k_live_[A-Za-z0-9]{16}/,
  'a key of Google': /\bAIza[\w-]{35}/,
  'a JSON Web Token': /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}/,
}

export const secretLiteral: Rule = {
  id: 'secret-literal',
  code: 'E1070',
  severity: 'warning',
  protection: 'guarded',
  summary: 'Secrets are named by reference, never written down.',
  visit: {
    pluginUse: (use, { pluginSchemas, report }) => {
      // What `mock` answers is content.
      if (use.name === 'mock') return
      const schema = pluginSchemas?.get(use.name)?.schema ?? builtins.get(use.name)?.config
      const isSecretBySchema = (text: string, pointer: string): boolean => {
        if (schema === undefined || text === '' || /^(?:env|file):\/\//.test(text) || HASH.test(text))
          return false
        return isWriteOnly(schema, pointer.slice(use.config.pointer.length))
      }
      for (const { text, key, ...at } of textsOf(use)) {
        const form = Object.keys(FORMS).find((name) => FORMS[name]?.test(text.slice(0, MAX_LENGTH)))
        const isSecret = isSecretByName(key, text, use.name) || isSecretBySchema(text, at.pointer)
        if (form === undefined && !isSecret) continue
        report({
          at,
          // The value is not repeated: reports end up in logs.
          message: `\`${key}\` holds ${form ?? 'a secret'} in plain text`,
          hint: 'Put it in the environment or in a file and refer to it: env://NAME or file:///path.',
        })
      }
    },
  },
}

function isSecretByName(key: string, text: string, plugin: string): boolean {
  // References, and URLs that say where a token is issued.
  if (text === '' || /^[a-z\d-]+:\/\//i.test(text) || HASH.test(text)) return false
  if (/^authorization$/i.test(key)) return CREDENTIALS.test(text)
  // The list of admitted keys of `apikey-auth`: `keys: [{ key, id }]`.
  return SECRET_KEY.test(snakeCase(key)) || (plugin === 'apikey-auth' && key === 'key')
}

function snakeCase(key: string): string {
  return key.replaceAll(/(?<=[a-z\d])(?=[A-Z])/g, '_')
}
