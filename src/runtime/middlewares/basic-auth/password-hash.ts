import { argon2, hash, randomBytes, scrypt, timingSafeEqual } from 'node:crypto'

import { compareBcrypt } from './bcrypt-thread.ts'

/** Compares a password with what is kept of it; takes as long for every password. */
export type Verify = (password: string) => Promise<boolean>

/** What one comparison may use of memory, so that a hash in a description cannot exhaust the node. */
const MAX_MEMORY_BYTES = 256 * 1024 * 1024
const MAX_BCRYPT_COST = 15

/**
 * Reads what is kept of a password: a PHC string of argon2id or scrypt, a hash of bcrypt, or the password itself.
 *
 * @throws {RangeError} for a hash of another form, or one that takes too much.
 */
export function passwordVerifier(kept: string): Verify {
  if (kept.startsWith('$argon2id$')) return argon2idVerifier(kept)
  if (kept.startsWith('$scrypt$')) return scryptVerifier(kept)
  if (/^\$2[aby]\$/.test(kept)) return bcryptVerifier(kept)
  if (/^\$[a-z0-9]+\$/.test(kept)) throw new RangeError('the hash is of none of argon2id, scrypt and bcrypt')
  return plainVerifier(kept)
}

function argon2idVerifier(kept: string): Verify {
  const match =
    /^\$argon2id\$v=19\$m=(\d{1,9}),t=(\d{1,4}),p=(\d{1,3})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{22,86})$/.exec(
      kept,
    )
  if (match === null) throw new RangeError('the hash is no PHC string of argon2id, version 19')
  const [memory, passes, parallelism] = match.slice(1, 4).map(Number) as [number, number, number]
  if (memory * 1024 > MAX_MEMORY_BYTES || passes > 100 || parallelism > 16) throw tooExpensive()
  const [nonce, expected] = [fromBase64(match[4]), fromBase64(match[5])]
  const settings = { memory, passes, parallelism, nonce, tagLength: expected.byteLength }
  return (message) => derive(expected, (done) => argon2('argon2id', { ...settings, message }, done))
}

function scryptVerifier(kept: string): Verify {
  const match =
    /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,3}),p=(\d{1,3})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{22,86})$/.exec(
      kept,
    )
  if (match === null) throw new RangeError('the hash is no PHC string of scrypt')
  const [logarithm, r, p] = match.slice(1, 4).map(Number) as [number, number, number]
  const memory = 128 * 2 ** logarithm * r
  if (memory > MAX_MEMORY_BYTES || p > 16) throw tooExpensive()
  const [salt, expected] = [fromBase64(match[4]), fromBase64(match[5])]
  const settings = { N: 2 ** logarithm, r, p, maxmem: memory * 2 }
  return (password) => derive(expected, (done) => scrypt(password, salt, expected.byteLength, settings, done))
}

function bcryptVerifier(kept: string): Verify {
  const match = /^\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}$/.exec(kept)
  if (match === null) throw new RangeError('the hash is none of bcrypt')
  if (Number(match[1]) > MAX_BCRYPT_COST) throw tooExpensive()
  // What bcrypt would cut off would let in more than one password.
  return async (password) => {
    const length = Buffer.byteLength(password)
    return length > 0 && length <= 72 && compareBcrypt(password, kept)
  }
}

/** Digests under a key of the moment have one length, whatever the passwords have. */
function plainVerifier(kept: string): Verify {
  const key = randomBytes(32).toString('hex')
  const digest = (password: string) => hash('sha256', key + password, 'buffer')
  const expected = digest(kept)
  return async (password) => timingSafeEqual(digest(password), expected)
}

function derive(
  expected: Buffer,
  start: (done: (error: Error | null, key: Buffer) => void) => void,
): Promise<boolean> {
  return new Promise((resolve, reject) => {
    start((error, key) => {
      if (error !== null) reject(error)
      else resolve(timingSafeEqual(key, expected))
    })
  })
}

function fromBase64(text: string | undefined): Buffer {
  return Buffer.from(text ?? '', 'base64')
}

function tooExpensive(): RangeError {
  return new RangeError('computing the hash takes more than the gateway allows')
}
