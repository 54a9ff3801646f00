import assert from 'node:assert/strict'
import { createPublicKey } from 'node:crypto'
import { describe, it } from 'node:test'

import { DecodeError, dsseEnvelope, preAuthEncoding, publicKeyId } from '../../../src/domain/index.ts'

describe('preAuthEncoding', () => {
  // The example of protocol.md.
  it('is that of the specification', () => {
    assert.equal(
      preAuthEncoding('http://example.com/HelloWorld', Buffer.from('hello world')).toString(),
      'DSSEv1 29 http://example.com/HelloWorld 11 hello world',
    )
  })

  it('counts bytes, not characters', () => {
    assert.equal(preAuthEncoding('ä', Buffer.from('ö')).toString(), 'DSSEv1 2 ä 2 ö')
  })
})

describe('dsseEnvelope', () => {
  const envelope = { payloadType: 't', payload: 'aGk=', signatures: [{ keyid: '', sig: 'AAAA' }] }

  it('reads the JSON form', () => assert.deepEqual(dsseEnvelope(envelope, ''), envelope))

  it('refuses what is not base64, members it does not know and what is missing', () => {
    const wrong = [
      { ...envelope, payload: 'aGk' },
      { ...envelope, payload: 'a-_=' },
      { ...envelope, more: 1 },
      { ...envelope, signatures: [{ sig: 'AAAA' }] },
      { payloadType: 't', payload: '' },
    ]
    for (const value of wrong) assert.throws(() => dsseEnvelope(value, ''), DecodeError)
  })
})

describe('publicKeyId', () => {
  it('is the SHA-256 of the SPKI DER', () => {
    const pem = `-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=
-----END PUBLIC KEY-----`
    // printf %s MCow… | base64 -d | sha256sum
    assert.equal(
      publicKeyId(createPublicKey(pem)),
      'sha256:06e3fd8fda29bb60ab59557de61edb0aecdb231134be30e75b455f8e1b792fa9',
    )
  })
})
