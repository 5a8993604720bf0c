/** One scored event with its label; a session is a login or a process tree, an attack as soon as one of its events is. */
export interface Judged {
  readonly score: number;
  readonly attack: boolean;
  readonly session: string;
}

export interface Quality {
  readonly eventAuroc: number;
  readonly eventAp: number;
  readonly sessionAp: number;
  /** Ordinary sessions a day shown when 80 % of the attack sessions are. */
  readonly falseSessionsAt80: number;
  readonly falseSessionsAt95: number;
}

/** How well scores rank attacks above ordinary events; ties count as their mean. `days` is the span of the events. */
export function quality(judged: readonly Judged[], days: number): Quality {
  const sessions = new Map<string, Judged>();
  for (const { score, attack, session } of judged) {
    const before = sessions.get(session);
    sessions.set(session, {
      session,
      attack: attack || before?.attack === true,
      score: Math.max(score, before?.score ?? Number.NEGATIVE_INFINITY),
    });
  }
  const events = curve(judged);
  const bySession = curve([...sessions.values()]);
  return {
    eventAuroc: events.auroc,
    eventAp: events.ap,
    sessionAp: bySession.ap,
    falseSessionsAt80: bySession.falseAt(0.8) / days,
    falseSessionsAt95: bySession.falseAt(0.95) / days,
  };
}

function curve(list: readonly Judged[]): { auroc: number; ap: number; falseAt(share: number): number } {
  const sorted = list.toSorted((a, b) => b.score - a.score);
  const positives = list.filter(({ attack }) => attack).length;
  const negatives = list.length - positives;
  const steps: { found: number; wrong: number }[] = [];
  let [found, wrong, area, ap] = [0, 0, 0, 0];
  for (let i = 0; i < sorted.length; ) {
    const score = sorted[i]?.score;
    const [foundBefore, wrongBefore] = [found, wrong];
    for (; i < sorted.length && sorted[i]?.score === score; i++) sorted[i]?.attack ? found++ : wrong++;
    area += (found - foundBefore) * (negatives - (wrong + wrongBefore) / 2);
    ap += ((found - foundBefore) / positives) * (found / (found + wrong));
    steps.push({ found, wrong });
  }
  return {
    auroc: area / (positives * negatives),
    ap,
    falseAt: (share) => steps.find((step) => step.found >= share * positives - 1e-9)?.wrong ?? negatives,
  };
}
