/** Version of the bundle, told in every birth. */
export const FIRMWARE_VERSION = '0.1.0';
