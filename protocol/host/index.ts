/**
 * What a control room's integrator imports: messages by name, the sealed conversation with a unit,
 * keys, topics and codes. See SPEC.md for what the messages mean and THREATS.md for what the seal
 * protects from.
 */
export * from '../codes.js';
export * from '../limits.js';
export * from '../topics.js';
export { defaultConfig, type Config } from '../generated/config.js';
export { openEnvelope, sealEnvelope, type Opened } from '../seal/envelope.js';
export * from './ciphers.js';
export * from './keys.js';
export * from './messages.js';
export * from './unit-peer.js';
