import { appendPointer, isObject } from '../../domain/index.ts'

/**
 * The JSON Pointer of the first place where a protobuf message in JSON differs from the form that the format itself
 * gives it: an unknown member, another encoding of the same bytes. Members with their default value may be left out
 * (ProtoJSON). Undefined where there is none.
 */
export function unaccountedMember(found: unknown, canonical: unknown, pointer = ''): string | undefined {
  if (Array.isArray(found) && Array.isArray(canonical)) {
    if (found.length !== canonical.length) return pointer
    return firstOf(
      found.map((item, index) => unaccountedMember(item, canonical[index], `${pointer}/${index}`)),
    )
  }
  if (isObject(found) && isObject(canonical)) {
    const keys = new Set([...Object.keys(found), ...Object.keys(canonical)])
    return firstOf([...keys].map((key) => memberFault(found, canonical, { key, pointer })))
  }
  return found === canonical ? undefined : pointer
}

function memberFault(
  found: Record<string, unknown>,
  canonical: Record<string, unknown>,
  { key, pointer }: { readonly key: string; readonly pointer: string },
): string | undefined {
  const place = appendPointer(pointer, key)
  if (!Object.hasOwn(canonical, key)) return place
  if (!Object.hasOwn(found, key)) return isDefault(canonical[key]) ? undefined : place
  return unaccountedMember(found[key], canonical[key], place)
}

function isDefault(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0
  if (isObject(value)) return Object.values(value).every(isDefault)
  return value === '' || value === '0' || value === 0 || value === false || value === null
}

function firstOf(places: readonly (string | undefined)[]): string | undefined {
  return places.find((place) => place !== undefined)
}
