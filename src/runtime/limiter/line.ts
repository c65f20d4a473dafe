import { PRIORITIES, type Priority } from "./permit.ts";

/** A call that waits in line. */
interface Ticket {
  readonly priority: Priority;
  /** Tells that whoever stood before it is gone. */
  wake: () => void;
}

/** Calls of one group that wait: the more important first, among equals in order of arrival. */
export class Line {
  readonly #tickets: Readonly<Record<Priority, Set<Ticket>>> = {
    high: new Set(),
    normal: new Set(),
    low: new Set(),
  };

  get empty(): boolean {
    const { high, normal, low } = this.#tickets;
    return high.size + normal.size + low.size === 0;
  }

  join(priority: Priority): Ticket {
    const ticket: Ticket = { priority, wake: () => {} };
    this.#tickets[priority].add(ticket);
    return ticket;
  }

  isFirst(ticket: Ticket): boolean {
    return this.#first() === ticket;
  }

  /** Settles when the ticket should look again whether it is first. */
  turn(ticket: Ticket): Promise<void> {
    return new Promise((resolve) => {
      ticket.wake = resolve;
    });
  }

  leave(ticket: Ticket): void {
    this.#tickets[ticket.priority].delete(ticket);
    this.#first()?.wake();
  }

  #first(): Ticket | undefined {
    for (const priority of PRIORITIES) {
      for (const ticket of this.#tickets[priority]) return ticket;
    }
    return undefined;
  }
}
