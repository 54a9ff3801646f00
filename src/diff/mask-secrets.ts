import { isObject, type JsonObject, type JsonValue } from '../domain/index.ts'

const MASKED = '[masked]'

const SECRET_KEY =
  /(?:^|[_-])(?:password|passwd|passphrase|pwd|secret|token|authorization|cookie|api[_-]?key|private[_-]?key|signing[_-]?key|access[_-]?key|credentials?)s?$/i
/** References to secrets, which are no secrets. */
const REFERENCE = /^(?:env|file):\/\/\S*$/
const USER_INFO = /(?<=\b[a-z][a-z\d+.-]{0,30}:\/\/)[^/?#\s]*@/gi
const SECRET_QUERY = /(?<=[?&][^=&#]*(?:key|token|secret|password|signature|sig)=)[^&#\s]+/gi

/**
 * A value as it may be printed: what stands under a key that looks like that of a secret is masked unless it is a
 * reference, and so are credentials within URLs and `Bearer` or `Basic` credentials anywhere.
 *
 * @param names of what the value stands under, from the outside in
 */
export function maskSecrets(value: JsonValue, names: readonly string[]): JsonValue {
  return maskBelow(value, names.find(isSecretKey) ?? '')
}

function maskBelow(value: JsonValue, key: string): JsonValue {
  if (typeof value === 'string') return maskText(value, key)
  if (Array.isArray(value)) return (value as readonly JsonValue[]).map((item) => maskBelow(item, key))
  if (isJsonObject(value))
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => [name, maskBelow(member, isSecretKey(key) ? key : name)]),
    )
  return isSecretKey(key) && typeof value === 'number' ? MASKED : value
}

function maskText(text: string, key: string): string {
  if (text === '' || REFERENCE.test(text)) return text
  if (isSecretKey(key)) return MASKED
  return text
    .replaceAll(USER_INFO, `${MASKED}@`)
    .replaceAll(SECRET_QUERY, MASKED)
    .replaceAll(/\b(Bearer|Basic)\s+[\w+/=.~-]{8,}/gi, `$1 ${MASKED}`)
}

function isSecretKey(key: string): boolean {
  return SECRET_KEY.test(key.replaceAll(/(?<=[a-z\d])(?=[A-Z])/g, '_'))
}

function isJsonObject(value: JsonValue): value is JsonObject {
  return isObject(value)
}
