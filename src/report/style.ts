import { type Colours, dark, light, mono, pictureStyle, sans } from './colours.ts';

/** The style sheet of a page: the look of its pictures and of everything around them. */
export const pageStyle = (): string => `${pictureStyle()}
:root{color-scheme:light dark;${variables(light)}}
@media screen and (prefers-color-scheme:dark){:root{${variables(dark)}}}
${page}`;

const variables = (c: Colours): string =>
  `--page:${c.page};--panel:${c.panel};--plot:${c.plot};--line:${c.line};--text:${c.text};--muted:${c.muted};--link:${c.fresh};--found:${c.found}`;

const page = `*{box-sizing:border-box}
html{background:var(--page);color:var(--text);font:16px/1.55 ${sans};scroll-behavior:smooth}
body{max-width:1080px;margin:0 auto;padding:40px 24px 64px;overflow-wrap:anywhere}
h1{font-size:30px;line-height:1.2;margin:6px 0 24px;font-weight:650;letter-spacing:-.01em}
h2{font-size:19px;margin:0 0 16px;font-weight:650}
h3{font-size:16px;margin:0;font-weight:650}
h4{font-size:13px;margin:20px 0 6px;color:var(--muted);font-weight:600}
p,ul,dl,dd,figure{margin:0;padding:0}
section{margin-top:48px}
.muted{color:var(--muted)}
p.muted,figcaption{font-size:13.5px}
a{color:var(--link);text-underline-offset:3px;text-decoration-thickness:1px}
:focus-visible{outline:3px solid var(--link);outline-offset:2px;border-radius:4px}
.brand{display:flex;gap:8px;align-items:center;font-weight:650;font-size:14px;color:var(--muted)}
.brand svg{width:20px;height:20px}
.tiles{display:flex;flex-wrap:wrap;gap:12px}
.tiles>div{background:var(--panel);border:1px solid var(--line);border-radius:10px;padding:12px 20px;min-width:130px}
.tiles dt{font-size:13px;color:var(--muted)}
.tiles dd{font-size:24px;font-weight:650;line-height:1.3;font-variant-numeric:tabular-nums}
.tiles .span{font-size:14px;font-weight:500;line-height:1.4;display:block;padding:1px 0}
.legend{list-style:none;display:flex;flex-wrap:wrap;gap:4px 20px;font-size:14px;margin-bottom:16px}
.legend li{display:flex;align-items:center;gap:4px}
.legend svg{width:20px;height:24px;flex:none}
.panels{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(400px,100%),1fr));gap:16px}
.panel-box{background:var(--panel);border:1px solid var(--line);border-radius:12px;padding:16px;min-width:0}
.scatter{display:block;width:100%;height:auto;margin-top:10px}
.scatter .found:hover .ring{stroke-width:4}
@media (min-width:641px){.solo .scatter{max-width:760px;margin-inline:auto}}
figcaption{margin-top:12px}
.strip{display:block;width:100%;height:84px;background:var(--panel);border:1px solid var(--line);border-radius:8px}
.strip .mark{stroke-width:2.5;fill:none}
.strip .day{stroke-width:1;fill:none}
.ends span{white-space:nowrap}
.ends{display:flex;justify-content:space-between;gap:16px;margin-top:6px;font-variant-numeric:tabular-nums}
table{border-collapse:collapse;width:100%;font-size:15px}
th{text-align:left;overflow-wrap:normal;font-weight:600;font-size:13px;color:var(--muted)}
.ranked{background:var(--panel);border:1px solid var(--line);border-radius:12px;border-spacing:0;border-collapse:separate;overflow:hidden}
.ranked th,.ranked td{padding:9px 16px;vertical-align:baseline}
.ranked td{border-top:1px solid var(--line)}
.ranked td:nth-child(-n+2){font-variant-numeric:tabular-nums;white-space:nowrap}
.rank-cell{font-weight:650;width:72px;min-width:22px}
.score-cell{white-space:nowrap;width:230px}
.score{display:inline-block;min-width:56px;text-align:right}
.host-cell{color:var(--muted);width:130px}
.ranked+.muted{margin-top:10px}
.meter{width:120px;height:10px;vertical-align:baseline;margin-left:8px}
.card{background:var(--panel);border:1px solid var(--line);border-radius:12px;padding:24px;margin-top:16px;scroll-margin-top:16px}
.card:target{border-color:var(--found);box-shadow:0 0 0 1px var(--found)}
.card header{display:flex;gap:14px;align-items:flex-start;margin-bottom:18px}
.card h3{font-size:18px;line-height:1.4;padding-top:2px}
.badge{flex:none;min-width:30px;height:30px;padding:0 7px;border-radius:15px;border:2px solid var(--found);color:var(--found);font-weight:700;font-size:14px;line-height:26px;text-align:center}
.facts{display:flex;flex-wrap:wrap;gap:12px 32px;font-size:15px}
.facts dt,.evidence dt{font-size:13px;color:var(--muted)}
.facts dd{font-variant-numeric:tabular-nums}
.facts .meter{margin:0 8px 0 0}
.reasons{padding-left:20px}
.reasons li{margin:6px 0}
.evidence{display:flex;flex-wrap:wrap;gap:6px 8px;margin:6px 0 10px}
.evidence div{display:flex;gap:8px;align-items:baseline;border:1px solid var(--line);border-radius:6px;padding:1px 8px;min-width:0;background:var(--plot)}
.evidence dd{font:13px/1.5 ${mono};min-width:0}
details{margin-top:14px}
summary{cursor:pointer;font-size:14px;font-weight:600;width:fit-content;padding:2px 4px 2px 0}
summary .muted{font-weight:400}
.fields{margin-top:8px;font-size:13px}
.fields th{width:230px;font-weight:500;padding:4px 16px 4px 0;vertical-align:top}
.fields td{font-family:${mono};padding:4px 0;white-space:pre-wrap}
.fields tr+tr>*{border-top:1px solid var(--line)}
pre{margin:8px 0 0;padding:14px;background:var(--plot);border:1px solid var(--line);border-radius:8px;font:12.5px/1.55 ${mono};white-space:pre-wrap;overflow-wrap:anywhere;max-height:420px;overflow:auto}
footer{margin-top:56px;font-size:13.5px;color:var(--muted)}
@media (max-width:640px){
.solo .scatter .rank{font-size:17px}
body{padding:24px 16px 48px}
h1{font-size:25px}
section{margin-top:40px}
.panel-box{padding:12px}.card{padding:16px}
.tiles{gap:8px}.tiles>div{padding:10px 14px;min-width:0;flex:1 1 130px}.tiles>.when{flex-basis:100%}
.ranked thead{position:absolute;clip-path:inset(50%);width:1px;height:1px;overflow:hidden}
.ranked tr{display:flex;flex-wrap:wrap;gap:2px 12px;padding:12px 14px;align-items:baseline}
.ranked tr+tr{border-top:1px solid var(--line)}
.ranked td{border:0;padding:0;width:auto}
.ranked .what-cell{flex:1 1 100%}
.ranked .meter{width:90px}
.fields tr{display:block;padding:4px 0}.fields th,.fields td{display:block;width:auto;padding:1px 0}
.fields tr+tr{border-top:1px solid var(--line)}.fields tr+tr>*{border:0}
}
@media (prefers-reduced-motion:reduce){html{scroll-behavior:auto}}
@media print{
html{background:#fff;font-size:15px}
body{max-width:none;padding:0;zoom:.82}
.panels{grid-template-columns:1fr 1fr}.panels.solo{grid-template-columns:1fr}
section{margin-top:32px}
*{print-color-adjust:exact}
.panel-box,tr,.tiles,.card header,.facts,.reasons li{break-inside:avoid}.card header,summary{break-after:avoid}
h2,h3,h4{break-after:avoid}
details::details-content{content-visibility:visible;height:auto;display:block}
pre{max-height:none;overflow:visible}
a{color:inherit;text-decoration:none}
}`;
