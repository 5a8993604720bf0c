import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Colours, dark, light } from '../../src/report/colours.ts';

/** Relative luminance and contrast as in WCAG 2.2, https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio */
function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

for (const [name, colours] of Object.entries({ light, dark }) as [string, Colours][]) {
  test(`every text of the ${name} look has a contrast of 4.5 on every ground, and every dot 2.5`, () => {
    for (const ground of [colours.page, colours.panel, colours.plot]) {
      for (const ink of ['text', 'muted', 'found', 'fresh'] as const) {
        const ratio = contrast(colours[ink], ground);
        assert.ok(ratio >= 4.5, `${ink} on ${ground}: ${ratio.toFixed(2)}`);
      }
      const ratio = contrast(colours.ordinary, ground);
      assert.ok(ratio >= 2.5, `ordinary on ${ground}: ${ratio.toFixed(2)}`);
    }
  });
}
