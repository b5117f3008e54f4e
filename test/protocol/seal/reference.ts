/**
 * The seal a second time, put together from SPEC section 4 over node:crypto and Buffers alone: it
 * shares no line with `protocol/seal`. And a seeded stream of bytes for what is sealed.
 */
import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto';

/** One direction's 48 bytes, by their names in SPEC CR-121. */
export interface ReferenceKey {
  readonly macKey: Buffer;
  readonly encKey: Buffer;
  readonly ivKey: Buffer;
}

export function referenceKey(bytes: Uint8Array): ReferenceKey {
  const all = Buffer.from(bytes);
  return {
    macKey: all.subarray(0, 16),
    encKey: all.subarray(16, 32),
    ivKey: all.subarray(32, 48),
  };
}

function tag(macKey: Buffer, iv: Buffer, aad: Buffer, cipher: Buffer): Buffer {
  const bits = Buffer.alloc(8);
  bits.writeBigUInt64BE(BigInt(aad.length) * 8n);
  const hmac = createHmac('sha256', macKey);
  return hmac
    .update(Buffer.concat([aad, iv, cipher, bits]))
    .digest()
    .subarray(0, 16);
}

/** E and T of CR-100. */
export function referenceSeal(
  key: Pick<ReferenceKey, 'macKey' | 'encKey'>,
  iv: Buffer,
  aad: Buffer,
  plain: Buffer,
): Buffer {
  const cipher = createCipheriv('aes-128-cbc', key.encKey, iv);
  const text = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([text, tag(key.macKey, iv, aad, text)]);
}

/** E and T of CR-100, of what is padded already: for paddings that no sender makes. */
export function referenceSealPadded(
  key: ReferenceKey,
  iv: Buffer,
  aad: Buffer,
  padded: Buffer,
): Buffer {
  const cipher = createCipheriv('aes-128-cbc', key.encKey, iv).setAutoPadding(false);
  const text = cipher.update(padded);
  return Buffer.concat([text, tag(key.macKey, iv, aad, text)]);
}

/** P of CR-100, or null. */
export function referenceOpen(
  key: Pick<ReferenceKey, 'macKey' | 'encKey'>,
  iv: Buffer,
  aad: Buffer,
  sealed: Buffer,
): Buffer | null {
  const text = sealed.subarray(0, -16);
  if (!tag(key.macKey, iv, aad, text).equals(sealed.subarray(-16))) return null;
  const cipher = createDecipheriv('aes-128-cbc', key.encKey, iv);
  return Buffer.concat([cipher.update(text), cipher.final()]);
}

/** The first 11 bytes of a payload (CR-101). */
export function referenceHead(keyId: number, counter: number, elements = 4): Buffer {
  const head = Buffer.from([0x98, elements, 0x18, 1, 0x18, keyId, 0x1a, 0, 0, 0, 0]);
  head.writeUInt32BE(counter, 7);
  return head;
}

/** CR-102. */
export function referenceIv(key: ReferenceKey, head: Buffer): Buffer {
  const cipher = createCipheriv('aes-128-ecb', key.ivKey, null).setAutoPadding(false);
  return cipher.update(Buffer.concat([head, Buffer.alloc(5)]));
}

export function referencePayload(
  key: ReferenceKey,
  head: Buffer,
  topic: string,
  message: Buffer,
  appended: Buffer = Buffer.alloc(0),
): Buffer {
  const aad = Buffer.concat([head, Buffer.from(topic, 'latin1')]);
  const sealed = referenceSeal(key, referenceIv(key, head), aad, message);
  return Buffer.concat([head, Buffer.from([0x58, sealed.length]), sealed, appended]);
}

/** The message of a payload of four elements, or null. */
export function referenceOpened(key: ReferenceKey, topic: string, payload: Buffer): Buffer | null {
  const head = payload.subarray(0, 11);
  const aad = Buffer.concat([head, Buffer.from(topic, 'latin1')]);
  return referenceOpen(key, referenceIv(key, head), aad, payload.subarray(13));
}

/** HKDF-SHA-256 as RFC 5869 writes it. */
export function referenceHkdf(secret: Buffer, salt: string, info: string, size: number): Buffer {
  const extracted = createHmac('sha256', salt).update(secret).digest();
  let output = Buffer.alloc(0);
  let block = Buffer.alloc(0);
  for (let i = 1; output.length < size; i++) {
    const hmac = createHmac('sha256', extracted).update(block).update(info);
    block = Buffer.from(hmac.update(Buffer.from([i])).digest());
    output = Buffer.concat([output, block]);
  }
  return output.subarray(0, size);
}

/** As many bytes as are wanted, the same for every run of one seed: the key stream of AES-CTR. */
export function byteStream(seed: number): (size: number) => Buffer {
  const key = Buffer.alloc(16);
  key.writeUInt32BE(seed >>> 0);
  const cipher = createCipheriv('aes-128-ctr', key, Buffer.alloc(16));
  return (size) => cipher.update(Buffer.alloc(size));
}
