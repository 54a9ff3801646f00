import { isObject, type JsonObject, type JsonValue } from '../domain/index.ts'

export const MASKED = '[masked]'

const SECRET_KEY =
  /(?:^|[_-])(?:password|passwd|passphrase|pwd|secret|token|authorization|cookie|api[_-]?key|private[_-]?key|signing[_-]?key|access[_-]?key|credentials?)s?$/i
/** References to secrets, which are no secrets. */
const REFERENCE = /^(?:env|file):\/\/\S*$/
const USER_INFO = /(?<=^[a-z][a-z\d+.-]*:\/\/)[^/?#\s]*@/i
const SECRET_QUERY = /(?<=[?&][^=&#]*(?:key|token|secret|password|signature|sig)=)[^&#\s]+/gi

/**
 * A value as it may be printed: what stands under a key that looks like that of a secret is masked unless it is a
 * reference, and so are credentials within URLs and `Bearer` or `Basic` credentials anywhere.
 */
export function maskSecrets(value: JsonValue, key = ''): JsonValue {
  if (typeof value === 'string') return maskText(value, key)
  if (Array.isArray(value)) return (value as readonly JsonValue[]).map((item) => maskSecrets(item, key))
  if (isJsonObject(value))
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => [
        name,
        maskSecrets(member, isSecretKey(key) ? key : name),
      ]),
    )
  return isSecretKey(key) && typeof value === 'number' ? MASKED : value
}

function maskText(text: string, key: string): string {
  if (text === '' || REFERENCE.test(text)) return text
  if (isSecretKey(key)) return MASKED
  return text
    .replace(USER_INFO, `${MASKED}@`)
    .replace(SECRET_QUERY, MASKED)
    .replaceAll(/\b(Bearer|Basic)\s+[\w+/=.~-]{8,}/gi, `$1 ${MASKED}`)
}

function isSecretKey(key: string): boolean {
  return SECRET_KEY.test(key.replaceAll(/(?<=[a-z\d])(?=[A-Z])/g, '_'))
}

function isJsonObject(value: JsonValue): value is JsonObject {
  return isObject(value)
}
