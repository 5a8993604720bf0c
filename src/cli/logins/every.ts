import type { Event, Model, Score } from '../../event/index.ts';
import { visible } from '../../text/escape.ts';
import { isoTime, shortNumber } from '../../text/finding.ts';
import { jsonLine } from '../../text/json-line.ts';
import type { Terminal } from '../terminal.ts';

/** So many characters are written at a time. */
const most = 65_536;

/** Prints each login with its score as it is judged, in the order of the input; nothing of it is kept. */
export class Every {
  readonly #shows: (event: Event) => boolean;
  readonly #terminal: Terminal;
  #waiting = '';

  constructor(shows: (event: Event) => boolean, terminal: Terminal) {
    this.#shows = shows;
    this.#terminal = terminal;
  }

  /** A promise where it is time to wait until what was printed has gone. `live`: at once. */
  add(detector: string, model: Model, event: Event, score: Score, live: boolean): Promise<void> | undefined {
    if (!this.#shows(event)) return undefined;
    this.#waiting += this.#terminal.json ? record(detector, model, event, score) : line(model, event, score);
    return live || this.#waiting.length >= most ? this.flush() : undefined;
  }

  async flush(): Promise<void> {
    const text = this.#waiting;
    this.#waiting = '';
    if (text !== '') await this.#terminal.print(text);
  }
}

function record(detector: string, model: Model, event: Event, { value, reasons }: Score): string {
  const { title, entity } = model.describe(event);
  const { id, source, kind, fields } = event;
  const time = isoTime(event.time);
  const about = { id, time, source, kind, fields };
  return jsonLine({ id: `${detector}:${id}`, time, detector, title, score: value, entity, reasons, event: about });
}

function line(model: Model, event: Event, { value }: Score): string {
  const when = isoTime(event.time).slice(0, 19).replace('T', ' ');
  return `${when}  ${shortNumber(value).padStart(8)}  ${visible(model.describe(event).title)}\n`;
}
