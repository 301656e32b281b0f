/**
 * Every change is kept at once and sent to be checked after a moment. One request at a time; a change
 * meanwhile is sent afterwards. Without a network it is tried again, and nothing is lost.
 */
import { Refused, shapesOf } from "./draft";
import type { Ask, Doc } from "./draft";
import { forget, keep } from "./keep";
import { changedBetween } from "./tiling";
import type { Tiling } from "./tiling";

export type State = "clean" | "waiting" | "checking" | "offline" | "stale" | "refused" | "signed-out";
interface Told {
  /** The server has seen what was drawn. */
  checked: (doc: Doc) => void;
  state: (state: State, sentence: string) => void;
}

const PAUSE = 600;
const FIRST_RETRY = 4_000;
const LONGEST_RETRY = 60_000;

export class Checking {
  version: number;
  private seen: Tiling;
  private drawn: Tiling;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private running: Promise<void> | null = null;
  private tries = 0;
  private isStuck = false;

  constructor(
    private readonly ask: Ask,
    private readonly number: string,
    doc: Doc,
    tiling: Tiling,
    private readonly told: Told,
  ) {
    this.version = doc.draft.version;
    this.seen = this.drawn = tiling;
  }

  /** What is drawn now. */
  change(tiling: Tiling): void {
    this.drawn = tiling;
    void this.keep();
    if (this.isStuck) return;
    this.told.state("waiting", "");
    this.after(PAUSE);
  }

  /** The server's own lines: nothing is to be sent. */
  accept(doc: Doc, tiling: Tiling): void {
    clearTimeout(this.timer);
    this.version = doc.draft.version;
    this.seen = this.drawn = tiling;
    this.isStuck = false;
    this.tries = 0;
    void forget(this.number);
    this.told.state("clean", "");
  }

  /** Another's version stands: from now on what is drawn here is drawn upon it. */
  rebase(doc: Doc, seen: Tiling): void {
    this.version = doc.draft.version;
    this.seen = seen;
    this.isStuck = false;
    this.change(this.drawn);
  }

  /** Sends what is not sent. False when it did not reach the server. */
  async flush(): Promise<boolean> {
    clearTimeout(this.timer);
    await this.send();
    return this.isSent;
  }

  get isSent(): boolean {
    return changedBetween(this.seen, this.drawn).size === 0;
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  private after(pause: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.send(), pause);
  }

  private send(): Promise<void> {
    this.running ??= this.sendAll().finally(() => (this.running = null));
    return this.running;
  }

  private async sendAll(): Promise<void> {
    while (!this.isSent && !this.isStuck) {
      const sent = this.drawn;
      this.told.state("checking", "");
      try {
        const doc = await this.ask("shapes", { version: this.version, children: this.changes() });
        this.version = doc.draft.version;
        this.seen = sent;
        this.tries = 0;
        if (this.isSent) void forget(this.number);
        this.told.checked(doc);
      } catch (error) {
        this.fail(error as Error, sent);
        if (this.drawn === sent || this.isStuck || this.tries) return;
      }
    }
    if (!this.isStuck) this.told.state("clean", "");
  }

  private fail(error: Error, sent: Tiling): void {
    if (!(error instanceof Refused)) throw error;
    const { status, message } = error;
    if (status === 409 || status === 401 || status === 403) {
      this.isStuck = true;
      this.told.state(status === 409 ? "stale" : "signed-out", message);
    } else if (status === 422) {
      if (this.drawn === sent) this.told.state("refused", message);
    } else {
      this.told.state("offline", message);
      this.after(Math.min(LONGEST_RETRY, FIRST_RETRY * 2 ** this.tries++));
    }
  }

  private changes(): ReturnType<typeof shapesOf> {
    return shapesOf(changedBetween(this.seen, this.drawn));
  }

  private async keep(): Promise<void> {
    if (this.isSent) await forget(this.number);
    else await keep({ number: this.number, version: this.version, saved: Date.now(), shapes: this.changes() });
  }
}
