/** TCP. */
export interface SocketEvents {
  onConnect(): void;
  /** A byte string of any length: no message boundaries. */
  onData(bytes: string): void;
  /** The one signal that the connection is gone. Not called after `close()`. */
  onClose(): void;
}

export interface Socket {
  write(bytes: string): void;
  close(): void;
}

export interface Net {
  /**
   * Opens a connection, or gives null where that fails at once. On the device this call blocks
   * everything until TCP answers or gives up, which can take tens of seconds.
   */
  connect(host: string, port: number, events: SocketEvents): Socket | null;
}
