import type { TextDecoding } from './decode-text.ts'
import { FORM_TYPE, isJsonType } from './media-type.ts'
import { splitQuery } from './raw-pairs.ts'
import { readFormObject } from './read-form.ts'
import { readJson } from './read-json.ts'
import { candidates, type Reading } from './reading.ts'
import type { Shape } from './shape.ts'

/** Reads a parameter that is one serialised document of a media type. @throws {MalformedEscape} */
export function readContent(raw: string, mediaType: string, decode: TextDecoding, shape: Shape): Reading {
  if (mediaType === FORM_TYPE) return readFormObject(splitQuery(raw), {}, shape)
  const text = decode(raw)
  return isJsonType(mediaType) ? readJson(text) : candidates(text)
}
