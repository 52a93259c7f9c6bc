import type { Output } from './print-report';

export interface ProgressLine {
  readonly show: (step: string, share?: number) => void;
  readonly done: (summary: string) => void;
}

/** One line that is rewritten in a terminal; elsewhere a line a step. */
export function progressOn(output: Output): ProgressLine {
  let shown = '';
  const rewrite = (text: string): void => {
    if (text === shown) return;
    output.write(output.isTTY ? `\r\u001b[2K${text}` : `${text}\n`);
    shown = text;
  };
  return {
    show: (step, share) => {
      const percent = output.isTTY && share !== undefined ? ` ${Math.floor(share * 100)} %` : '';
      rewrite(`${step} …${percent}`);
    },
    done: (summary) => {
      rewrite(summary);
      if (output.isTTY) output.write('\n');
    },
  };
}
