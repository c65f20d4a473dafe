import { mkdir, rmdir, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Database } from "node-sqlite3-wasm";

/** The driver locks by a directory beside the file; a process that was killed leaves it behind. No write takes so long. */
const STALE_LOCK_MS = 10_000;
const PATIENCE_MS = 15_000;

const isLocked = (error: unknown) => error instanceof Error && /locked|busy/i.test(error.message);

/** Removes the lock of a process that is no more. */
async function removeStaleLock(file: string): Promise<void> {
  const lock = `${file}.lock`;
  const made = await stat(lock).catch(() => undefined);
  if (made && Date.now() - made.mtimeMs > STALE_LOCK_MS) await rmdir(lock).catch(() => {});
}

/** Tries again while another process writes. @throws what the driver throws in the end */
async function patiently<T>(file: string, work: () => T): Promise<T> {
  const end = performance.now() + PATIENCE_MS;
  for (let wait = 5; ; wait = Math.min(200, wait * 2)) {
    try {
      return work();
    } catch (error) {
      if (!isLocked(error) || performance.now() > end) throw error;
      await removeStaleLock(file);
      await delay(wait * (0.5 + Math.random()));
    }
  }
}

/** An SQLite file that several processes may use at the same time. */
export class SqliteFile {
  readonly #file: string;
  readonly #database: Database;

  private constructor(file: string, database: Database) {
    this.#file = file;
    this.#database = database;
  }

  /** Opens or creates the file. @param migrations statements by version; those after the file's version are run */
  static async open(file: string, migrations: readonly string[]): Promise<SqliteFile> {
    const { default: sqlite } = await import("node-sqlite3-wasm");
    await mkdir(dirname(file), { recursive: true });
    const opened = new SqliteFile(file, await patiently(file, () => new sqlite.Database(file)));
    try {
      await opened.#migrate(migrations);
    } catch (error) {
      opened.close();
      throw error;
    }
    return opened;
  }

  async #migrate(migrations: readonly string[]): Promise<void> {
    await this.transaction((database) => {
      const version = Number(database.get("PRAGMA user_version")?.user_version ?? 0);
      if (version > migrations.length) throw new Error("the history was written by a newer integ");
      for (const statements of migrations.slice(version)) database.exec(statements);
      database.exec(`PRAGMA user_version = ${migrations.length}`);
    });
  }

  /** Runs `work` as one write transaction; it may run several times. */
  transaction<T>(work: (database: Database) => T): Promise<T> {
    return patiently(this.#file, () => {
      this.#database.exec("BEGIN IMMEDIATE");
      try {
        const result = work(this.#database);
        this.#database.exec("COMMIT");
        return result;
      } catch (error) {
        if (this.#database.inTransaction) this.#database.exec("ROLLBACK");
        throw error;
      }
    });
  }

  read<T>(work: (database: Database) => T): Promise<T> {
    return patiently(this.#file, () => work(this.#database));
  }

  close(): void {
    this.#database.close();
  }
}
