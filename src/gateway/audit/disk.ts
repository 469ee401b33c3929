import { constants } from "node:fs";
import { mkdir, open, unlink } from "node:fs/promises";

/** An open file of the log. */
export interface AuditFile {
  readonly bytes: number;
  /** Writes all of it at this place. */
  write(bytes: Uint8Array, atByte: number): Promise<void>;
  truncate(bytes: number): Promise<void>;
  /** Waits until the device has what was written. */
  sync(): Promise<void>;
  /** Whether the file still has its name: a deleted one could be written for ever. */
  isThere(): Promise<boolean>;
  close(): Promise<void>;
}

/** What the log needs of the file system. */
export interface AuditDisk {
  makeDir(dir: string): Promise<void>;
  /** Opens for writing, makes the file when it is not there; readable by its owner alone. */
  open(path: string): Promise<AuditFile>;
  remove(path: string): Promise<void>;
}

/** The file system. */
export const nodeDisk: AuditDisk = {
  async makeDir(dir) {
    await mkdir(dir, { recursive: true, mode: 0o700 });
  },
  async open(path) {
    const handle = await open(path, constants.O_RDWR | constants.O_CREAT, 0o600);
    const { size } = await handle.stat();
    return {
      bytes: size,
      async write(bytes, atByte) {
        let done = 0;
        while (done < bytes.length)
          done += (await handle.write(bytes, done, bytes.length - done, atByte + done)).bytesWritten;
      },
      truncate: (length) => handle.truncate(length),
      sync: () => handle.datasync(),
      isThere: async () => (await handle.stat()).nlink > 0,
      close: () => handle.close(),
    };
  },
  remove: (path) => unlink(path),
};
